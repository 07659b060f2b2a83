package io.breakwater.agent.instrumentation.onnxruntime.advice;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.breakwater.agent.core.instrument.Advice;
import io.breakwater.agent.core.instrument.Enclosing;
import io.breakwater.agent.core.record.Recorder;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Records every {@code OrtSession.run}, before the caller gets its result and can close it. */
public final class RunAdvice implements Advice {
  private final Recorder recorder;

  /** For the linker. */
  public RunAdvice(Recorder recorder) {
    this.recorder = recorder;
  }

  @Override
  public void exit(long startNanos, Object self, @Nullable Object arg0, @Nullable Object result) {
    long nanos = System.nanoTime() - startNanos;
    OrtSession session = (OrtSession) self;
    Map<?, ?> given = (Map<?, ?>) arg0;
    try {
      Enclosing enclosing = Enclosing.current();
      if (enclosing != null) {
        if (enclosing.takesFeatures()) {
          recordFeatures(enclosing, session, given);
        }
        return;
      }
      CallPlan plan = Sessions.ALL.of(session).plan(session, recorder, given);
      if (plan != null && result != null) {
        plan.recordSuccess(nanos, given, (OrtSession.Result) result);
      }
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  private void recordFeatures(Enclosing enclosing, OrtSession session, @Nullable Map<?, ?> given)
      throws OrtException {
    CallPlan plan =
        Sessions.ALL.of(session).planWithin(enclosing.model(), session, recorder, given);
    if (plan != null) {
      plan.recordFeatures(given);
      enclosing.supplied();
    }
  }

  @Override
  public void fail(long startNanos, Object self, @Nullable Object arg0, Throwable failure) {
    long nanos = System.nanoTime() - startNanos;
    if (Enclosing.current() != null) {
      return;
    }
    OrtSession session = (OrtSession) self;
    try {
      CallPlan plan = Sessions.ALL.of(session).plan(session, recorder, null);
      if (plan != null) {
        plan.recordFailure(nanos, failure);
      }
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }
}
