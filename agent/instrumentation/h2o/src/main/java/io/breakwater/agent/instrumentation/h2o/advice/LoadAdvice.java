package io.breakwater.agent.instrumentation.h2o.advice;

import hex.genmodel.GenModel;
import io.breakwater.agent.core.instrument.Advice;
import io.breakwater.agent.core.model.ModelSource;
import io.breakwater.agent.core.record.Recorder;
import org.jspecify.annotations.Nullable;

/** Learns which file a MOJO is loaded from. */
public final class LoadAdvice implements Advice {
  private final Recorder recorder;

  /** For the linker. */
  public LoadAdvice(Recorder recorder) {
    this.recorder = recorder;
  }

  @Override
  public void exit(long startNanos, Object self, @Nullable Object arg0, @Nullable Object result) {
    if (result instanceof GenModel && arg0 instanceof String) {
      Models.ALL.loaded(recorder, (GenModel) result, ModelSource.of(arg0));
    }
  }

  @Override
  public void fail(long startNanos, Object self, @Nullable Object arg0, Throwable failure) {
    // no model, so no calls
  }
}
