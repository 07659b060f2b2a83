package io.breakwater.agent.instrumentation.tribuo.advice;

import io.breakwater.agent.core.model.PredictAdvice;
import io.breakwater.agent.core.record.Recorder;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tribuo.Model;
import org.tribuo.Prediction;

/** Records predictions for one example. */
public final class ExampleAdvice
    extends PredictAdvice<Model<?>, List<Prediction<?>>, List<Prediction<?>>> {
  /** For the linker. */
  public ExampleAdvice(Recorder recorder) {
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
  protected @Nullable List<Prediction<?>> output(
      @Nullable Object[] arguments, @Nullable Object result) {
    return result == null ? null : List.of((Prediction<?>) result);
  }
}
