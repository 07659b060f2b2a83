package io.breakwater.agent.instrumentation.h2o;

import io.breakwater.agent.core.instrument.Instrumentation;
import io.breakwater.agent.core.instrument.Target;
import java.util.List;

/** Sees where the typed predictions of the easy wrapper all end, and what MOJOs are loaded from. */
public final class H2oInstrumentation implements Instrumentation {
  private static final String ADVICE = "io.breakwater.agent.instrumentation.h2o.advice.";

  /** For {@link java.util.ServiceLoader}. */
  public H2oInstrumentation() {}

  @Override
  public String name() {
    return "h2o";
  }

  @Override
  public List<Target> targets() {
    return List.of(
        Target.around(
            "hex.genmodel.easy.EasyPredictModelWrapper",
            "preamble",
            descriptor -> descriptor.equals("(Lhex/ModelCategory;Lhex/genmodel/easy/RowData;D)[D"),
            ADVICE + "WrapperAdvice"),
        Target.of(
            "hex.genmodel.MojoModel",
            "load",
            descriptor -> descriptor.startsWith("(Ljava/lang/String;)"),
            ADVICE + "LoadAdvice"));
  }
}
