package io.breakwater.agent.instrumentation.tribuo.advice;

import io.breakwater.agent.core.record.Schema;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tribuo.ImmutableOutputInfo;
import org.tribuo.Model;
import org.tribuo.Prediction;
import org.tribuo.classification.Label;

/** Reads the score of each label, in the order of the model's numbers. */
final class LabelReader extends PredictionReader {
  private final List<String> labels = new ArrayList<>();
  private final Map<String, Integer> numbers = new HashMap<>();
  private final List<Schema.Output> outputs;

  LabelReader(Model<?> model) {
    super(model);
    ImmutableOutputInfo<?> info = model.getOutputIDInfo();
    for (int id = 0; id < info.size(); id++) {
      String label = ((Label) info.getOutput(id)).getLabel();
      labels.add(label);
      numbers.put(label, id);
    }
    this.outputs = List.of(Schema.Output.of("score", labels));
  }

  @Override
  public List<Schema.Output> outputs() {
    return outputs;
  }

  @Override
  public int outputColumns(List<Prediction<?>> input, List<Prediction<?>> output) {
    return labels.size();
  }

  @Override
  public double output(List<Prediction<?>> input, List<Prediction<?>> output, int row, int column) {
    return score((Label) output.get(row).getOutputScores().get(labels.get(column)));
  }

  private static double score(@Nullable Label label) {
    return label == null ? 0 : label.getScore(); // models leave out what they do not expect at all
  }

  @Override
  public int predicted(List<Prediction<?>> input, List<Prediction<?>> output, int row) {
    return numbers.getOrDefault(((Label) output.get(row).getOutput()).getLabel(), -1);
  }
}
