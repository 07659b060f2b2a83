package io.breakwater.agent.instrumentation.xgboost.advice;

import io.breakwater.agent.core.model.PredictAdvice;
import io.breakwater.agent.core.record.Recorder;
import ml.dmlc.xgboost4j.java.Booster;
import org.jspecify.annotations.Nullable;

/** Records predictions for rows in memory. */
public final class InPlaceAdvice extends PredictAdvice<Booster, Rows, float[][]> {
  private static final int COLUMNS = 2;
  private static final int MISSING = 3;
  private static final int KIND = 5;

  /** For the linker. */
  public InPlaceAdvice(Recorder recorder) {
    super(recorder, Boosters.ALL, Nesting.NONE);
  }

  @Override
  protected Booster model(Object self, @Nullable Object[] arguments) {
    return (Booster) self;
  }

  @Override
  protected @Nullable Rows input(@Nullable Object[] arguments, @Nullable Object result) {
    float[] values = (float[]) arguments[0];
    Integer columns = (Integer) arguments[COLUMNS];
    Float missing = (Float) arguments[MISSING];
    boolean margin = String.valueOf(arguments[KIND]).equals("kMargin");
    return values == null || columns == null || missing == null
        ? null
        : Rows.of(values, columns, missing, margin);
  }

  @Override
  protected float @Nullable [][] output(@Nullable Object[] arguments, @Nullable Object result) {
    return (float[][]) result;
  }
}
