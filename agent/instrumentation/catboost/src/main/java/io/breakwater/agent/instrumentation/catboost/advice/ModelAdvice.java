package io.breakwater.agent.instrumentation.catboost.advice;

import ai.catboost.CatBoostModel;
import ai.catboost.CatBoostPredictions;
import io.breakwater.agent.core.model.PredictAdvice;
import io.breakwater.agent.core.record.Recorder;
import org.jspecify.annotations.Nullable;

/** Records predictions. */
public final class ModelAdvice
    extends PredictAdvice<CatBoostModel, @Nullable Object[], CatBoostPredictions> {
  /** For the linker. */
  public ModelAdvice(Recorder recorder) {
    super(recorder, Models.ALL, Nesting.NONE);
  }

  @Override
  protected CatBoostModel model(Object self, @Nullable Object[] arguments) {
    return (CatBoostModel) self;
  }

  @Override
  protected @Nullable Object[] input(@Nullable Object[] arguments, @Nullable Object result) {
    return arguments;
  }

  @Override
  protected @Nullable CatBoostPredictions output(
      @Nullable Object[] arguments, @Nullable Object result) {
    return (CatBoostPredictions) arguments[arguments.length - 1];
  }
}
