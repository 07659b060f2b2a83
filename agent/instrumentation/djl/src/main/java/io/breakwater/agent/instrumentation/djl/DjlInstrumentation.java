package io.breakwater.agent.instrumentation.djl;

import io.breakwater.agent.core.instrument.Instrumentation;
import io.breakwater.agent.core.instrument.Target;
import java.util.List;

/** Sees {@code batchPredict}, which {@code predict} calls, and {@code streamingPredict}. */
public final class DjlInstrumentation implements Instrumentation {
  private static final String ADVICE = "io.breakwater.agent.instrumentation.djl.advice.";
  private static final String PREDICTOR = "ai.djl.inference.Predictor";
  private static final String HOME = "ai.djl.";

  /** For {@link java.util.ServiceLoader}. */
  public DjlInstrumentation() {}

  @Override
  public String name() {
    return "djl";
  }

  @Override
  public List<Target> targets() {
    return List.of(
        Target.around(
                PREDICTOR,
                "batchPredict",
                "(Ljava/util/List;)Ljava/util/List;"::equals,
                ADVICE + "BatchAdvice")
            .withSubtypes(HOME),
        Target.around(
                PREDICTOR,
                "streamingPredict",
                descriptor -> descriptor.startsWith("(Ljava/lang/Object;)"),
                ADVICE + "StreamingAdvice")
            .withSubtypes(HOME));
  }
}
