package io.breakwater.agent.instrumentation.tribuo.advice;

import io.breakwater.agent.core.model.PredictAdvice;
import io.breakwater.agent.core.record.Recorder;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tribuo.Model;
import org.tribuo.Prediction;

/** Records predictions for many examples; those for one within them are not counted again. */
public final class BatchAdvice
    extends PredictAdvice<Model<?>, List<Prediction<?>>, List<Prediction<?>>> {
  /** For the linker. */
  public BatchAdvice(Recorder recorder) {
    super(recorder, Models.ALL, Nesting.OWN_FEATURES);
  }

  @Override
  protected @Nullable Model<?> model(Object self, @Nullable Object[] arguments) {
    return self instanceof Model ? (Model<?>) self : null;
  }

  @Override
  protected @Nullable List<Prediction<?>> input(
      @Nullable Object[] arguments, @Nullable Object result) {
    return output(arguments, result);
  }

  @Override
  @SuppressWarnings("unchecked") // what the method returns
  protected @Nullable List<Prediction<?>> output(
      @Nullable Object[] arguments, @Nullable Object result) {
    List<Prediction<?>> predictions = (List<Prediction<?>>) result;
    return predictions == null || predictions.isEmpty() ? null : predictions;
  }
}
