package io.breakwater.agent.instrumentation.djl.advice;

import io.breakwater.agent.core.model.RowReader;
import io.breakwater.agent.core.record.Schema;
import java.util.List;

/** Reads inputs that are numbers, and answers. */
final class PredictorReader extends RowReader<List<?>, List<Answer>> {
  private final int columns;
  private final List<Schema.Output> outputs;

  PredictorReader(int columns, List<String> classes) {
    this.columns = columns;
    this.outputs = List.of(Schema.Output.of("score", classes));
  }

  @Override
  public int columns() {
    return columns;
  }

  @Override
  public String columnName(int column) {
    return columns == 1 ? "input" : "input[" + column + "]";
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
  public int rows(List<?> input, List<Answer> output) {
    return input.size();
  }

  @Override
  public boolean fits(List<?> input, List<Answer> output) {
    for (int row = 0; row < input.size(); row++) {
      if (Numbers.count(input.get(row)) != columns) {
        return false;
      }
    }
    return true;
  }

  @Override
  public double feature(List<?> input, int row, int column) {
    return Numbers.at(input.get(row), column);
  }

  @Override
  public int outputColumns(List<?> input, List<Answer> output) {
    return output.size() == input.size() ? output.get(0).size() : 0;
  }

  @Override
  public double output(List<?> input, List<Answer> output, int row, int column) {
    Answer answer = output.get(row);
    return column < answer.size() ? answer.at(column) : Double.NaN;
  }
}
