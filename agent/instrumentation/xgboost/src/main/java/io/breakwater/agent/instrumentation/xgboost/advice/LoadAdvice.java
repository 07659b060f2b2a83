package io.breakwater.agent.instrumentation.xgboost.advice;

import io.breakwater.agent.core.instrument.Advice;
import io.breakwater.agent.core.model.ModelSource;
import io.breakwater.agent.core.record.Recorder;
import ml.dmlc.xgboost4j.java.Booster;
import org.jspecify.annotations.Nullable;

/** Learns what a booster is loaded from. */
public final class LoadAdvice implements Advice {
  private final Recorder recorder;

  /** For the linker. */
  public LoadAdvice(Recorder recorder) {
    this.recorder = recorder;
  }

  @Override
  public void exit(long startNanos, Object self, @Nullable Object arg0, @Nullable Object result) {
    if (result instanceof Booster && arg0 != null) {
      Boosters.ALL.loaded(recorder, (Booster) result, ModelSource.of(arg0));
    }
  }

  @Override
  public void fail(long startNanos, Object self, @Nullable Object arg0, Throwable failure) {
    // no booster, so no calls
  }
}
