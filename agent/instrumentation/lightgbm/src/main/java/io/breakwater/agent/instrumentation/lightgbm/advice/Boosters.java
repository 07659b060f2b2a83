package io.breakwater.agent.instrumentation.lightgbm.advice;

import io.breakwater.agent.core.model.ModelCalls;
import io.breakwater.agent.core.model.ModelDescription;
import io.breakwater.agent.core.model.RowReader;
import io.breakwater.agent.core.record.Schema;
import io.github.metarank.lightgbm4j.LGBMBooster;
import io.github.metarank.lightgbm4j.LGBMException;
import java.util.Arrays;
import java.util.List;

/** All boosters of this copy of the library; what they answer is numbers, row after row. */
final class Boosters extends ModelCalls<LGBMBooster, Rows, double[]> {
  static final Boosters ALL = new Boosters();

  private Boosters() {
    super("lightgbm");
  }

  @Override
  protected void describe(LGBMBooster model, ModelDescription.Builder description)
      throws LGBMException {
    description.features(Arrays.asList(model.getFeatureNames()));
  }

  @Override
  protected RowReader<Rows, double[]> reader(
      LGBMBooster model, ModelDescription description, Rows input, double[] output)
      throws LGBMException {
    return new Reader(model.getNumFeature(), description.classes());
  }

  private static final class Reader extends RowReader<Rows, double[]> {
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
      return "Column_" + column; // as the library calls it
    }

    @Override
    public List<Schema.Output> outputs() {
      return outputs;
    }

    @Override
    public boolean needsDouble() {
      return true;
    }

    @Override
    public int rows(Rows input, double[] output) {
      return input.rows();
    }

    @Override
    public boolean fits(Rows input, double[] output) {
      return input.columns() == columns;
    }

    @Override
    public double feature(Rows input, int row, int column) {
      return input.at(row, column);
    }

    @Override
    public int outputColumns(Rows input, double[] output) {
      return input.areAskedForRawScores() ? 0 : output.length / input.rows();
    }

    @Override
    public double output(Rows input, double[] output, int row, int column) {
      return output[row * (output.length / input.rows()) + column];
    }
  }
}
