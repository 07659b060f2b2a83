package io.breakwater.agent.instrumentation.h2o.advice;

import hex.genmodel.GenModel;
import hex.genmodel.easy.EasyPredictModelWrapper;
import hex.genmodel.easy.RowData;
import io.breakwater.agent.core.model.PredictAdvice;
import io.breakwater.agent.core.record.Recorder;
import org.jspecify.annotations.Nullable;

/** Records predictions for a row. */
public final class WrapperAdvice extends PredictAdvice<GenModel, RowData, double[]> {
  /** For the linker. */
  public WrapperAdvice(Recorder recorder) {
    super(recorder, Models.ALL, Nesting.NONE);
  }

  @Override
  protected GenModel model(Object self, @Nullable Object[] arguments) {
    return ((EasyPredictModelWrapper) self).m;
  }

  @Override
  protected @Nullable RowData input(@Nullable Object[] arguments, @Nullable Object result) {
    return (RowData) arguments[1];
  }

  @Override
  protected double @Nullable [] output(@Nullable Object[] arguments, @Nullable Object result) {
    return (double[]) result;
  }
}
