package io.breakwater.agent.instrumentation.api;

import io.breakwater.agent.core.instrument.Instrumentation;
import io.breakwater.agent.core.instrument.Target;
import java.util.List;

/** Sees each copy of the API look for the agent. */
public final class ApiInstrumentation implements Instrumentation {
  /** For {@link java.util.ServiceLoader}. */
  public ApiInstrumentation() {}

  @Override
  public String name() {
    return "own code";
  }

  @Override
  public List<Target> targets() {
    return List.of(
        Target.of(
            "io.breakwater.api.Breakwater",
            "connect",
            descriptor -> true,
            "io.breakwater.agent.instrumentation.api.ConnectAdvice"));
  }
}
