package io.breakwater.agent.instrumentation.djl.advice;

import ai.djl.Model;
import io.breakwater.agent.core.model.PredictAdvice;
import io.breakwater.agent.core.record.Recorder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Records predictions; the engine's own calls within them supply the features they read. */
public final class BatchAdvice extends PredictAdvice<Model, List<?>, List<Answer>> {
  /** For the linker. */
  public BatchAdvice(Recorder recorder) {
    super(recorder, Models.ALL, Nesting.FEATURES_FROM_WITHIN);
  }

  @Override
  protected @Nullable Model model(Object self, @Nullable Object[] arguments) {
    return Models.of(self);
  }

  @Override
  protected @Nullable List<?> input(@Nullable Object[] arguments, @Nullable Object result) {
    List<?> inputs = (List<?>) arguments[0];
    return inputs == null || inputs.isEmpty() ? null : inputs;
  }

  @Override
  protected List<Answer> output(@Nullable Object[] arguments, @Nullable Object result) {
    return Answer.all((List<?>) result);
  }
}
