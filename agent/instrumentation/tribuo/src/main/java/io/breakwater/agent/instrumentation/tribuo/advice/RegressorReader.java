package io.breakwater.agent.instrumentation.tribuo.advice;

import io.breakwater.agent.core.record.Schema;
import java.util.ArrayList;
import java.util.List;
import org.tribuo.ImmutableOutputInfo;
import org.tribuo.Model;
import org.tribuo.Prediction;
import org.tribuo.regression.Regressor;

/** Reads the number of each dimension. */
final class RegressorReader extends PredictionReader {
  private final List<Schema.Output> outputs = new ArrayList<>();

  RegressorReader(Model<?> model) {
    super(model);
    ImmutableOutputInfo<?> info = model.getOutputIDInfo();
    for (int id = 0; id < info.size(); id++) {
      String name = ((Regressor) info.getOutput(id)).getNames()[0];
      outputs.add(Schema.Output.of(info.size() == 1 ? "score" : name, List.of()));
    }
  }

  @Override
  public List<Schema.Output> outputs() {
    return outputs;
  }

  @Override
  public int outputColumns(List<Prediction<?>> input, List<Prediction<?>> output) {
    return outputs.size();
  }

  @Override
  public double output(List<Prediction<?>> input, List<Prediction<?>> output, int row, int column) {
    return ((Regressor) output.get(row).getOutput()).getValues()[column];
  }
}
