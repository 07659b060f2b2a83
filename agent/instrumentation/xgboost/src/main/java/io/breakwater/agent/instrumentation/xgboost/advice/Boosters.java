package io.breakwater.agent.instrumentation.xgboost.advice;

import io.breakwater.agent.core.model.ModelCalls;
import io.breakwater.agent.core.model.ModelDescription;
import io.breakwater.agent.core.model.RowReader;
import io.breakwater.agent.core.record.Schema;
import java.util.ArrayList;
import java.util.List;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.XGBoostError;

/** All boosters of this copy of the library. */
final class Boosters extends ModelCalls<Booster, Rows, float[][]> {
  static final Boosters ALL = new Boosters();

  private Boosters() {
    super("xgboost");
  }

  @Override
  protected void describe(Booster model, ModelDescription.Builder description) throws XGBoostError {
    description.metadata(model.getAttrs());
    String[] names = model.getFeatureNames();
    if (names != null) {
      List<String> given = new ArrayList<>();
      for (String name : names) {
        given.add(name == null ? "" : name);
      }
      description.features(given);
    }
  }

  @Override
  protected RowReader<Rows, float[][]> reader(
      Booster model, ModelDescription description, Rows input, float[][] output)
      throws XGBoostError {
    return new Reader((int) model.getNumFeature(), description.classes());
  }

  private static final class Reader extends RowReader<Rows, float[][]> {
    private final int columns;
    private final List<Schema.Output> outputs;

    Reader(int columns, List<String> classes) {
      this.columns = columns;
      this.outputs = List.of(Schema.Output.of("score", classes));
    }

    @Override
    public int columns() {
      return columns;
    }

    @Override
    public String columnName(int column) {
      return "f" + column; // as the library calls it
    }

    @Override
    public List<Schema.Output> outputs() {
      return outputs;
    }

    @Override
    public boolean needsDouble() {
      return false;
    }

    @Override
    public int rows(Rows input, float[][] output) {
      return output.length;
    }

    @Override
    public boolean fits(Rows input, float[][] output) {
      return input.areKnown(output.length, columns);
    }

    @Override
    public double feature(Rows input, int row, int column) {
      return input.at(row, column);
    }

    @Override
    public int outputColumns(Rows input, float[][] output) {
      return input.areMargins() ? 0 : output[0].length;
    }

    @Override
    public double output(Rows input, float[][] output, int row, int column) {
      return output[row][column];
    }
  }
}
