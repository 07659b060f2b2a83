package io.breakwater.agent.instrumentation.djl.advice;

import ai.djl.Model;
import io.breakwater.agent.core.model.PredictAdvice;
import io.breakwater.agent.core.record.Recorder;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Records predictions whose answer comes piece by piece: how long it takes until it can begin. */
public final class StreamingAdvice extends PredictAdvice<Model, List<?>, List<Answer>> {
  /** For the linker. */
  public StreamingAdvice(Recorder recorder) {
    super(recorder, Models.ALL, Nesting.FEATURES_FROM_WITHIN);
  }

  @Override
  protected @Nullable Model model(Object self, @Nullable Object[] arguments) {
    return Models.of(self);
  }

  @Override
  protected List<?> input(@Nullable Object[] arguments, @Nullable Object result) {
    return Collections.singletonList(arguments[0]);
  }

  @Override
  protected List<Answer> output(@Nullable Object[] arguments, @Nullable Object result) {
    return List.of();
  }
}
