package io.breakwater.agent.instrumentation.xgboost.advice;

import io.breakwater.agent.core.instrument.Advice;
import io.breakwater.agent.core.record.Recorder;
import ml.dmlc.xgboost4j.java.DMatrix;
import org.jspecify.annotations.Nullable;

/** Keeps the values of a small dense matrix until it is predicted for. */
public final class MatrixAdvice implements Advice {
  private final boolean features;

  /** For the linker. */
  public MatrixAdvice(Recorder recorder) {
    this.features = recorder.rules().features();
  }

  @Override
  public void exit(long startNanos, Object self, @Nullable Object arg0, @Nullable Object result) {
    if (features && arg0 instanceof float[]) {
      Matrices.made((DMatrix) self, (float[]) arg0);
    }
  }

  @Override
  public void fail(long startNanos, Object self, @Nullable Object arg0, Throwable failure) {
    // constructors have none
  }
}
