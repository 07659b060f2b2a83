package io.breakwater.agent.instrumentation.lightgbm.advice;

import io.breakwater.agent.core.model.PredictAdvice;
import io.breakwater.agent.core.record.Recorder;
import io.github.metarank.lightgbm4j.LGBMBooster;
import org.jspecify.annotations.Nullable;

/** Records predictions for several rows. */
public final class MatrixAdvice extends PredictAdvice<LGBMBooster, Rows, double[]> {
  private static final int ROWS = 1;
  private static final int COLUMNS = 2;
  private static final int ROW_MAJOR = 3;
  private static final int KIND = 4;

  /** For the linker. */
  public MatrixAdvice(Recorder recorder) {
    super(recorder, Boosters.ALL, Nesting.NONE);
  }

  @Override
  protected @Nullable LGBMBooster model(Object self, @Nullable Object[] arguments) {
    return Rows.isPrediction(arguments[KIND]) ? (LGBMBooster) self : null;
  }

  @Override
  protected @Nullable Rows input(@Nullable Object[] arguments, @Nullable Object result) {
    Object values = arguments[0];
    Integer rows = (Integer) arguments[ROWS];
    Integer columns = (Integer) arguments[COLUMNS];
    Object kind = arguments[KIND];
    if (values == null || rows == null || columns == null || kind == null || rows < 1) {
      return null;
    }
    return Rows.of(values, rows, columns, Boolean.TRUE.equals(arguments[ROW_MAJOR]), kind);
  }

  @Override
  protected double @Nullable [] output(@Nullable Object[] arguments, @Nullable Object result) {
    return (double[]) result;
  }
}
