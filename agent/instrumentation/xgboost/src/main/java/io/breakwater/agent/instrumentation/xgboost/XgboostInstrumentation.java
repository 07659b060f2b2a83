package io.breakwater.agent.instrumentation.xgboost;

import io.breakwater.agent.core.instrument.Instrumentation;
import io.breakwater.agent.core.instrument.Target;
import java.util.List;
import java.util.Set;

/**
 * Sees the public {@code predict} of boosters, outside the lock that all of them take, the widest
 * {@code inplace_predict}, and what models and matrices are made from.
 */
public final class XgboostInstrumentation implements Instrumentation {
  private static final String ADVICE = "io.breakwater.agent.instrumentation.xgboost.advice.";
  private static final String BOOSTER = "ml.dmlc.xgboost4j.java.Booster";
  private static final String DMATRIX = "ml.dmlc.xgboost4j.java.DMatrix";
  private static final Set<String> PREDICT =
      Set.of(
          "(Lml/dmlc/xgboost4j/java/DMatrix;)[[F",
          "(Lml/dmlc/xgboost4j/java/DMatrix;Z)[[F",
          "(Lml/dmlc/xgboost4j/java/DMatrix;ZI)[[F");
  private static final String PREDICT_IN_PLACE =
      "([FIIF[ILml/dmlc/xgboost4j/java/Booster$PredictionType;[F)[[F";

  /** For {@link java.util.ServiceLoader}. */
  public XgboostInstrumentation() {}

  @Override
  public String name() {
    return "xgboost";
  }

  @Override
  public List<Target> targets() {
    return List.of(
        Target.around(BOOSTER, "predict", PREDICT::contains, ADVICE + "BoosterAdvice"),
        Target.around(
            BOOSTER, "inplace_predict", PREDICT_IN_PLACE::equals, ADVICE + "InPlaceAdvice"),
        Target.of(BOOSTER, "loadModel", descriptor -> true, ADVICE + "LoadAdvice"),
        Target.of(
            DMATRIX,
            "<init>",
            descriptor -> descriptor.startsWith("([FII"),
            ADVICE + "MatrixAdvice"));
  }
}
