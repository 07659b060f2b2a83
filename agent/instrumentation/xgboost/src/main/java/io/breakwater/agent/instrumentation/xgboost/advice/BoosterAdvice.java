package io.breakwater.agent.instrumentation.xgboost.advice;

import io.breakwater.agent.core.model.PredictAdvice;
import io.breakwater.agent.core.record.Recorder;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.DMatrix;
import org.jspecify.annotations.Nullable;

/** Records predictions for a matrix. */
public final class BoosterAdvice extends PredictAdvice<Booster, Rows, float[][]> {
  /** For the linker. */
  public BoosterAdvice(Recorder recorder) {
    super(recorder, Boosters.ALL, Nesting.NONE);
  }

  @Override
  protected Booster model(Object self, @Nullable Object[] arguments) {
    return (Booster) self;
  }

  @Override
  protected @Nullable Rows input(@Nullable Object[] arguments, @Nullable Object result) {
    boolean margin = arguments.length > 1 && Boolean.TRUE.equals(arguments[1]);
    DMatrix matrix = (DMatrix) arguments[0];
    return matrix == null || result == null
        ? null
        : Matrices.rows(matrix, ((float[][]) result).length, margin);
  }

  @Override
  protected float @Nullable [][] output(@Nullable Object[] arguments, @Nullable Object result) {
    return (float[][]) result;
  }
}
