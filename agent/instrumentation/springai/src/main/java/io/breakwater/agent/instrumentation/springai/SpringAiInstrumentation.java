package io.breakwater.agent.instrumentation.springai;

import io.breakwater.agent.core.instrument.Instrumentation;
import io.breakwater.agent.core.instrument.Target;
import java.util.ArrayList;
import java.util.List;

/**
 * Sees {@code call(Prompt)} and {@code stream(Prompt)} of Spring AI's own chat models, by name: its
 * observations need a registry that is set up, and to find every implementation of an interface the
 * super types of all classes of a Spring application would have to be read.
 */
public final class SpringAiInstrumentation implements Instrumentation {
  private static final String SPRING_AI = "org.springframework.ai.";
  private static final String ADVICE = "io.breakwater.agent.instrumentation.springai.advice.";
  private static final String CALL =
      "(Lorg/springframework/ai/chat/prompt/Prompt;)"
          + "Lorg/springframework/ai/chat/model/ChatResponse;";
  private static final String STREAM =
      "(Lorg/springframework/ai/chat/prompt/Prompt;)Lreactor/core/publisher/Flux;";
  private static final List<String> MODELS =
      List.of(
          "anthropic.AnthropicChatModel",
          "azure.openai.AzureOpenAiChatModel",
          "bedrock.converse.BedrockProxyChatModel",
          "deepseek.DeepSeekChatModel",
          "google.genai.GoogleGenAiChatModel",
          "mistralai.MistralAiChatModel",
          "ollama.OllamaChatModel",
          "openai.OpenAiChatModel",
          "vertexai.gemini.VertexAiGeminiChatModel");

  /** For {@link java.util.ServiceLoader}. */
  public SpringAiInstrumentation() {}

  @Override
  public String name() {
    return "spring-ai";
  }

  @Override
  public List<Target> targets() {
    List<Target> targets = new ArrayList<>();
    for (String model : MODELS) {
      targets.add(Target.around(SPRING_AI + model, "call", CALL::equals, ADVICE + "CallAdvice"));
      targets.add(
          Target.around(SPRING_AI + model, "stream", STREAM::equals, ADVICE + "StreamAdvice"));
    }
    return targets;
  }
}
