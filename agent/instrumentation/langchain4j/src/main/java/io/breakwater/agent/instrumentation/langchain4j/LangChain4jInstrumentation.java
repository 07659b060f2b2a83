package io.breakwater.agent.instrumentation.langchain4j;

import io.breakwater.agent.core.instrument.Instrumentation;
import io.breakwater.agent.core.instrument.Target;
import java.util.List;

/**
 * Sees {@code ChatModel} and {@code StreamingChatModel} at the default methods through which every
 * model of the library is called. Where one of them calls another, the outer one counts.
 */
public final class LangChain4jInstrumentation implements Instrumentation {
  private static final String MODELS = "dev.langchain4j.model.chat.";
  private static final String ADVICE = "io.breakwater.agent.instrumentation.langchain4j.advice.";
  private static final String REQUEST = "(Ldev/langchain4j/model/chat/request/ChatRequest;";
  private static final String HANDLER =
      "Ldev/langchain4j/model/chat/response/StreamingChatResponseHandler;)V";

  /** For {@link java.util.ServiceLoader}. */
  public LangChain4jInstrumentation() {}

  @Override
  public String name() {
    return "langchain4j";
  }

  @Override
  public List<Target> targets() {
    return List.of(
        Target.around(
            MODELS + "ChatModel",
            "chat",
            descriptor -> descriptor.startsWith(REQUEST),
            ADVICE + "ChatAdvice"),
        Target.around(
            MODELS + "ChatModel",
            "chatAsync",
            descriptor -> descriptor.startsWith(REQUEST),
            ADVICE + "ChatAdvice"),
        Target.around(
            MODELS + "StreamingChatModel",
            "chat",
            descriptor -> descriptor.startsWith(REQUEST) && descriptor.endsWith(HANDLER),
            ADVICE + "StreamingChatAdvice"));
  }
}
