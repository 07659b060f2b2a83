package io.breakwater.agent.instrumentation.catboost.advice;

import ai.catboost.CatBoostModel;
import io.breakwater.agent.core.instrument.Advice;
import io.breakwater.agent.core.model.ModelSource;
import io.breakwater.agent.core.record.Recorder;
import org.jspecify.annotations.Nullable;

/** Learns what a model is loaded from. */
public final class LoadAdvice implements Advice {
  private final Recorder recorder;

  /** For the linker. */
  public LoadAdvice(Recorder recorder) {
    this.recorder = recorder;
  }

  @Override
  public void exit(long startNanos, Object self, @Nullable Object arg0, @Nullable Object result) {
    if (result instanceof CatBoostModel && arg0 != null) {
      Models.ALL.loaded(recorder, (CatBoostModel) result, ModelSource.of(arg0));
    }
  }

  @Override
  public void fail(long startNanos, Object self, @Nullable Object arg0, Throwable failure) {
    // no model, so no calls
  }
}
