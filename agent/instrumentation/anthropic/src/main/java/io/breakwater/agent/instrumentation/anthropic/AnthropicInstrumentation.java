package io.breakwater.agent.instrumentation.anthropic;

import io.breakwater.agent.core.instrument.Instrumentation;
import io.breakwater.agent.core.instrument.Target;
import java.util.ArrayList;
import java.util.List;

/**
 * Sees messages of anthropic-java, blocking and asynchronous, at the methods where all their
 * overloads end.
 */
public final class AnthropicInstrumentation implements Instrumentation {
  private static final String SERVICES = "com.anthropic.services.";
  private static final String ADVICE =
      "io.breakwater.agent.instrumentation.anthropic.advice.MessageAdvice";
  private static final String MESSAGE =
      "(Lcom/anthropic/models/messages/MessageCreateParams;Lcom/anthropic/core/RequestOptions;)";

  /** For {@link java.util.ServiceLoader}. */
  public AnthropicInstrumentation() {}

  @Override
  public String name() {
    return "anthropic-java";
  }

  @Override
  public List<Target> targets() {
    List<Target> targets = new ArrayList<>();
    for (String service : List.of("blocking.MessageServiceImpl", "async.MessageServiceAsyncImpl")) {
      for (String method : List.of("create", "createStreaming")) {
        targets.add(
            Target.around(
                SERVICES + service, method, descriptor -> descriptor.startsWith(MESSAGE), ADVICE));
      }
    }
    return targets;
  }
}
