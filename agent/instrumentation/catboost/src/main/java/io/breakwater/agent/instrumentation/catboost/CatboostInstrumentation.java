package io.breakwater.agent.instrumentation.catboost;

import io.breakwater.agent.core.instrument.Instrumentation;
import io.breakwater.agent.core.instrument.Target;
import java.util.List;

/** Sees the overloads of {@code predict} that fill in an answer, where all others end. */
public final class CatboostInstrumentation implements Instrumentation {
  private static final String ADVICE = "io.breakwater.agent.instrumentation.catboost.advice.";
  private static final String MODEL = "ai.catboost.CatBoostModel";
  private static final String WIDEST_LOAD_END = "Ljava/lang/String;)Lai/catboost/CatBoostModel;";

  /** For {@link java.util.ServiceLoader}. */
  public CatboostInstrumentation() {}

  @Override
  public String name() {
    return "catboost";
  }

  @Override
  public List<Target> targets() {
    return List.of(
        Target.around(
            MODEL,
            "predict",
            descriptor -> descriptor.endsWith("Lai/catboost/CatBoostPredictions;)V"),
            ADVICE + "ModelAdvice"),
        Target.of(
            MODEL,
            "loadModel",
            descriptor ->
                descriptor.equals("(Ljava/lang/String;" + WIDEST_LOAD_END)
                    || descriptor.equals("([B" + WIDEST_LOAD_END),
            ADVICE + "LoadAdvice"));
  }
}
