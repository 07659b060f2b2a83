package io.breakwater.agent.instrumentation.onnxruntime.advice;

import ai.onnxruntime.OrtSession;
import io.breakwater.agent.core.instrument.Advice;
import io.breakwater.agent.core.model.ModelDescription;
import io.breakwater.agent.core.model.ModelSource;
import io.breakwater.agent.core.record.Recorder;
import org.jspecify.annotations.Nullable;

/** Learns name and version of a model while it is known what its session was made from. */
public final class CreateSessionAdvice implements Advice {
  private final Recorder recorder;

  /** For the linker. */
  public CreateSessionAdvice(Recorder recorder) {
    this.recorder = recorder;
  }

  @Override
  public void exit(long startNanos, Object self, @Nullable Object arg0, @Nullable Object result) {
    if (result instanceof OrtSession && arg0 != null) {
      OrtSession session = (OrtSession) result;
      ModelDescription description =
          OnnxModels.describe(session, ModelSource.of(arg0), recorder.rules());
      Sessions.ALL.of(session).describedAs(description);
    }
  }

  @Override
  public void fail(long startNanos, Object self, @Nullable Object arg0, Throwable failure) {
    // no session, so no calls
  }
}
