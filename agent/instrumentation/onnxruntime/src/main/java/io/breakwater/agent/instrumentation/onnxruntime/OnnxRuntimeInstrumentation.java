package io.breakwater.agent.instrumentation.onnxruntime;

import io.breakwater.agent.core.instrument.Instrumentation;
import io.breakwater.agent.core.instrument.Target;
import java.util.List;

/**
 * Sees {@code OrtSession.run} and {@code OrtEnvironment.createSession}, each at the widest
 * overload, where all others end.
 */
public final class OnnxRuntimeInstrumentation implements Instrumentation {
  private static final String ADVICE = "io.breakwater.agent.instrumentation.onnxruntime.advice.";
  private static final String WIDEST_RUN =
      "(Ljava/util/Map;Ljava/util/Set;Ljava/util/Map;Lai/onnxruntime/OrtSession$RunOptions;)";
  private static final String WIDEST_CREATE_END =
      ";Lai/onnxruntime/OrtAllocator;Lai/onnxruntime/OrtSession$SessionOptions;)"
          + "Lai/onnxruntime/OrtSession;";
  private static final String WIDEST_CREATE_OF_BYTES =
      "([BLai/onnxruntime/OrtAllocator;Lai/onnxruntime/OrtSession$SessionOptions;)"
          + "Lai/onnxruntime/OrtSession;";

  /** For {@link java.util.ServiceLoader}. */
  public OnnxRuntimeInstrumentation() {}

  @Override
  public String name() {
    return "onnxruntime";
  }

  @Override
  public List<Target> targets() {
    return List.of(
        Target.of(
            "ai.onnxruntime.OrtSession",
            "run",
            descriptor -> descriptor.startsWith(WIDEST_RUN),
            ADVICE + "RunAdvice"),
        Target.of(
            "ai.onnxruntime.OrtEnvironment",
            "createSession",
            descriptor ->
                descriptor.endsWith(WIDEST_CREATE_END) || descriptor.equals(WIDEST_CREATE_OF_BYTES),
            ADVICE + "CreateSessionAdvice"));
  }
}
