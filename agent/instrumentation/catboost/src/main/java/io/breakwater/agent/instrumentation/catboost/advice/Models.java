package io.breakwater.agent.instrumentation.catboost.advice;

import ai.catboost.CatBoostModel;
import ai.catboost.CatBoostPredictions;
import io.breakwater.agent.core.model.ModelCalls;
import io.breakwater.agent.core.model.ModelDescription;
import io.breakwater.agent.core.model.RowReader;
import io.breakwater.agent.core.record.Schema;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All models of this copy of the library. A call's input is its arguments. */
final class Models extends ModelCalls<CatBoostModel, @Nullable Object[], CatBoostPredictions> {
  static final Models ALL = new Models();

  private Models() {
    super("catboost");
  }

  @Override
  protected void describe(CatBoostModel model, ModelDescription.Builder description) {
    description.metadata(model.getMetadata());
    description.features(names(model, CatBoostModel.FloatFeature.class));
  }

  /** Names of the features of a kind, in the order in which they are passed. */
  private static List<String> names(CatBoostModel model, Class<?> kind) {
    List<String> names = new ArrayList<>();
    for (CatBoostModel.Feature feature : model.getFeatures()) {
      if (kind.isInstance(feature)) {
        while (names.size() <= feature.getFeatureIndex()) {
          names.add("");
        }
        String name = feature.getName();
        names.set(
            feature.getFeatureIndex(),
            name == null || name.isEmpty()
                ? Integer.toString(feature.getFlatFeatureIndex()) // as the library calls it
                : name);
      }
    }
    return names;
  }

  @Override
  protected RowReader<@Nullable Object[], CatBoostPredictions> reader(
      CatBoostModel model,
      ModelDescription description,
      @Nullable Object[] input,
      CatBoostPredictions output) {
    return new Reader(
        names(model, CatBoostModel.FloatFeature.class).size(),
        names(model, CatBoostModel.CatFeature.class),
        description.classes());
  }

  private static final class Reader extends RowReader<@Nullable Object[], CatBoostPredictions> {
    private final int columns;
    private final List<String> categorical;
    private final List<Schema.Output> outputs;

    Reader(int columns, List<String> categorical, List<String> classes) {
      this.columns = columns;
      this.categorical = categorical;
      this.outputs = List.of(Schema.Output.of("score", classes));
    }

    @Override
    public int columns() {
      return columns;
    }

    @Override
    public String columnName(int column) {
      return Integer.toString(column);
    }

    @Override
    public List<String> categorical() {
      return categorical;
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
    public int rows(@Nullable Object[] input, CatBoostPredictions output) {
      Object first = input[0] == null ? input[1] : input[0];
      return first instanceof Object[] && !(first instanceof String[])
          ? ((Object[]) first).length
          : 1;
    }

    @Override
    public boolean fits(@Nullable Object[] input, CatBoostPredictions output) {
      return columns == 0 || (input[0] != null && numbers(input, 0).length >= columns);
    }

    private static float[] numbers(@Nullable Object[] input, int row) {
      Object all = input[0];
      if (all instanceof float[]) {
        return (float[]) all;
      }
      return all == null ? new float[0] : ((float[][]) all)[row];
    }

    @Override
    public double feature(@Nullable Object[] input, int row, int column) {
      return numbers(input, row)[column];
    }

    @Override
    public @Nullable String category(@Nullable Object[] input, int row, int column) {
      Object all = input[1];
      if (all instanceof String[]) {
        return ((String[]) all)[column];
      }
      if (all instanceof String[][]) {
        return ((String[][]) all)[row][column];
      }
      if (all instanceof int[]) {
        return "#" + ((int[]) all)[column]; // the library's hash of the value
      }
      return all instanceof int[][] ? "#" + ((int[][]) all)[row][column] : null;
    }

    @Override
    public int outputColumns(@Nullable Object[] input, CatBoostPredictions output) {
      return output.getPredictionDimension();
    }

    @Override
    public double output(
        @Nullable Object[] input, CatBoostPredictions output, int row, int column) {
      return output.get(row, column);
    }
  }
}
