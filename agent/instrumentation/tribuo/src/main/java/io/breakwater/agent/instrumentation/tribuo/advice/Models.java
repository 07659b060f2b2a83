package io.breakwater.agent.instrumentation.tribuo.advice;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.breakwater.agent.core.model.ModelCalls;
import io.breakwater.agent.core.model.ModelDescription;
import io.breakwater.agent.core.model.ModelSource;
import io.breakwater.agent.core.model.RowReader;
import java.util.List;
import org.tribuo.Model;
import org.tribuo.Prediction;

/** All models of this copy of the library. Predictions lead to the examples that they are for. */
final class Models extends ModelCalls<Model<?>, List<Prediction<?>>, List<Prediction<?>>> {
  static final Models ALL = new Models();

  private Models() {
    super("tribuo");
  }

  @Override
  protected void describe(Model<?> model, ModelDescription.Builder description) {
    byte[] provenance = model.getProvenance().toString().getBytes(UTF_8);
    description.name(model.getName()).version(ModelSource.of(provenance).digest().join());
  }

  @Override
  protected RowReader<List<Prediction<?>>, List<Prediction<?>>> reader(
      Model<?> model,
      ModelDescription description,
      List<Prediction<?>> input,
      List<Prediction<?>> output) {
    String kind = output.get(0).getOutput().getClass().getName();
    switch (kind) { // by name: the classes may not be there
      case "org.tribuo.classification.Label":
        return new LabelReader(model);
      case "org.tribuo.regression.Regressor":
        return new RegressorReader(model);
      default:
        return new PredictionReader(model);
    }
  }
}
