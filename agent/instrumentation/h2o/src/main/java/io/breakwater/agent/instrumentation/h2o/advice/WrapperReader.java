package io.breakwater.agent.instrumentation.h2o.advice;

import hex.ModelCategory;
import hex.genmodel.GenModel;
import hex.genmodel.easy.RowData;
import io.breakwater.agent.core.model.RowReader;
import io.breakwater.agent.core.record.Schema;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads one row by the names of its columns, and an answer as its model's category has it: for
 * classes the predicted one and then a probability each, else a number.
 */
final class WrapperReader extends RowReader<RowData, double[]> {
  private final List<String> numeric;
  private final List<String> categorical;
  private final List<Schema.Output> outputs;
  private final boolean classifies;
  private final boolean clusters;

  private WrapperReader(
      List<String> numeric,
      List<String> categorical,
      List<Schema.Output> outputs,
      boolean classifies,
      boolean clusters) {
    this.numeric = numeric;
    this.categorical = categorical;
    this.outputs = outputs;
    this.classifies = classifies;
    this.clusters = clusters;
  }

  static WrapperReader of(GenModel model, List<String> classes) {
    List<String> numeric = new ArrayList<>();
    List<String> categorical = new ArrayList<>();
    for (int column = 0; column < model.nfeatures(); column++) {
      (model._domains[column] == null ? numeric : categorical).add(model._names[column]);
    }
    ModelCategory category = model.getModelCategory();
    boolean classifies =
        category == ModelCategory.Binomial
            || category == ModelCategory.Multinomial
            || category == ModelCategory.Ordinal;
    boolean clusters = category == ModelCategory.Clustering;
    boolean hasScore =
        category == ModelCategory.Regression || category.name().equals("AnomalyDetection");
    return new WrapperReader(
        numeric,
        categorical,
        classifies || clusters || hasScore
            ? List.of(Schema.Output.of("score", classes))
            : List.of(),
        classifies,
        clusters);
  }

  @Override
  public int columns() {
    return numeric.size();
  }

  @Override
  public String columnName(int column) {
    return numeric.get(column);
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
  public int rows(RowData input, double[] output) {
    return 1;
  }

  @Override
  public boolean fits(RowData input, double[] output) {
    return true;
  }

  @Override
  public double feature(RowData input, int row, int column) {
    Object value = input.get(numeric.get(column));
    if (value instanceof Number) {
      return ((Number) value).doubleValue();
    }
    return value instanceof String ? number((String) value) : Double.NaN;
  }

  private static double number(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      return Double.NaN; // as the library takes it
    }
  }

  @Override
  public @Nullable String category(RowData input, int row, int column) {
    Object value = input.get(categorical.get(column));
    return value == null ? null : value.toString();
  }

  @Override
  public int outputColumns(RowData input, double[] output) {
    if (clusters) {
      return 0;
    }
    return classifies ? output.length - 1 : 1;
  }

  @Override
  public double output(RowData input, double[] output, int row, int column) {
    return output[classifies ? column + 1 : column];
  }

  @Override
  public int predicted(RowData input, double[] output, int row) {
    return classifies || clusters ? (int) output[0] : -1;
  }
}
