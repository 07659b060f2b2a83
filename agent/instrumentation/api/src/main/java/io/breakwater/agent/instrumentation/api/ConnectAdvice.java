package io.breakwater.agent.instrumentation.api;

import io.breakwater.agent.core.instrument.Advice;
import io.breakwater.agent.core.record.Recorder;
import io.breakwater.api.Agent;
import org.jspecify.annotations.Nullable;

/** Answers the API's look for an agent: puts one that records into the array it passes. */
public final class ConnectAdvice implements Advice {
  private final Recorder recorder;

  /** For the linker. */
  public ConnectAdvice(Recorder recorder) {
    this.recorder = recorder;
  }

  @Override
  public void exit(long startNanos, Object self, @Nullable Object arg0, @Nullable Object result) {
    if (arg0 instanceof Agent[]) {
      ((Agent[]) arg0)[0] = new RecordingAgent(recorder);
    }
  }

  @Override
  public void fail(long startNanos, Object self, @Nullable Object arg0, Throwable failure) {
    // nothing to answer
  }
}
