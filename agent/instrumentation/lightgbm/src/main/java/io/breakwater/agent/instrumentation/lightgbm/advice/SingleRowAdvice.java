package io.breakwater.agent.instrumentation.lightgbm.advice;

import io.breakwater.agent.core.model.PredictAdvice;
import io.breakwater.agent.core.record.Recorder;
import io.github.metarank.lightgbm4j.LGBMBooster;
import java.lang.reflect.Array;
import org.jspecify.annotations.Nullable;

/** Records predictions for one row, of which the answer is one number. */
public final class SingleRowAdvice extends PredictAdvice<LGBMBooster, Rows, double[]> {
  /** For the linker. */
  public SingleRowAdvice(Recorder recorder) {
    super(recorder, Boosters.ALL, Nesting.NONE);
  }

  @Override
  protected @Nullable LGBMBooster model(Object self, @Nullable Object[] arguments) {
    return Rows.isPrediction(arguments[1]) ? (LGBMBooster) self : null;
  }

  @Override
  protected @Nullable Rows input(@Nullable Object[] arguments, @Nullable Object result) {
    Object values = arguments[0];
    Object kind = arguments[1];
    return values == null || kind == null
        ? null
        : Rows.of(values, 1, Array.getLength(values), true, kind);
  }

  @Override
  protected double @Nullable [] output(@Nullable Object[] arguments, @Nullable Object result) {
    return result == null ? null : new double[] {(Double) result};
  }
}
