package io.breakwater.agent.instrumentation.lightgbm;

import io.breakwater.agent.core.instrument.Instrumentation;
import io.breakwater.agent.core.instrument.Target;
import java.util.List;

/** Sees predictions of boosters at the widest overload, and what boosters are loaded from. */
public final class LightgbmInstrumentation implements Instrumentation {
  private static final String ADVICE = "io.breakwater.agent.instrumentation.lightgbm.advice.";
  private static final String BOOSTER = "io.github.metarank.lightgbm4j.LGBMBooster";
  private static final String WIDEST_END =
      "IIZLcom/microsoft/ml/lightgbm/PredictionType;Ljava/lang/String;)[D";

  /** For {@link java.util.ServiceLoader}. */
  public LightgbmInstrumentation() {}

  @Override
  public String name() {
    return "lightgbm";
  }

  @Override
  public List<Target> targets() {
    return List.of(
        Target.around(
            BOOSTER,
            "predictForMat",
            descriptor -> descriptor.endsWith(WIDEST_END),
            ADVICE + "MatrixAdvice"),
        Target.around(
            BOOSTER, "predictForMatSingleRow", descriptor -> true, ADVICE + "SingleRowAdvice"),
        Target.of(BOOSTER, "createFromModelfile", descriptor -> true, ADVICE + "LoadAdvice"),
        Target.of(BOOSTER, "loadModelFromString", descriptor -> true, ADVICE + "LoadAdvice"));
  }
}
