package io.breakwater.agent.instrumentation.langchain4j.advice;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import io.breakwater.agent.core.llm.Ending;
import io.breakwater.agent.core.llm.LlmCall;
import io.breakwater.agent.core.llm.LlmRequest;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads what the library's models are asked and what they answer. */
final class Chats {
  static final String FRAMEWORK = "langchain4j";

  private Chats() {}

  /** What is asked for: the request's model, or the one that the model usually asks. */
  static LlmRequest request(
      ChatRequest request,
      @Nullable ChatRequestParameters usual,
      @Nullable ModelProvider provider) {
    String model = name(request.parameters());
    if (model.isEmpty()) {
      model = name(usual);
    }
    return LlmRequest.of(LlmRequest.CHAT, provider == null ? "other" : name(provider), model);
  }

  private static String name(@Nullable ChatRequestParameters parameters) {
    String name = parameters == null ? null : parameters.modelName();
    return name == null ? "" : name;
  }

  /** As the GenAI conventions call the provider, where they do. */
  private static String name(ModelProvider provider) {
    String name = provider.name();
    switch (name) {
      case "OPEN_AI":
        return "openai";
      case "AMAZON_BEDROCK":
        return "aws.bedrock";
      case "AZURE_OPEN_AI":
        return "azure.ai.openai";
      case "GITHUB_MODELS":
      case "MICROSOFT_FOUNDRY":
        return "azure.ai.inference";
      case "GOOGLE_AI_GEMINI":
        return "gcp.gemini";
      case "GOOGLE_GENAI":
        return "gcp.gen_ai";
      case "GOOGLE_VERTEX_AI_GEMINI":
      case "GOOGLE_VERTEX_AI_ANTHROPIC":
        return "gcp.vertex_ai";
      case "WATSONX":
        return "ibm.watsonx.ai";
      default:
        return name.toLowerCase(Locale.ROOT);
    }
  }

  /** Reads a whole answer. */
  static void read(LlmCall call, ChatResponse answer) {
    FinishReason reason = answer.finishReason();
    call.endedBy(reason == null ? Ending.STOP : Ending.of(reason.name()));
    String model = answer.modelName();
    if (model != null) {
      call.answeredBy(model);
    }
    read(call, answer.tokenUsage());
    AiMessage message = answer.aiMessage();
    String text = message.text();
    if (text != null) {
      call.text(text);
    }
    if (message.hasToolExecutionRequests()) {
      call.toolCall();
    }
  }

  private static void read(LlmCall call, @Nullable TokenUsage usage) {
    Integer input = usage == null ? null : usage.inputTokenCount();
    if (input != null) {
      call.inputTokens(input);
    }
    Integer output = usage == null ? null : usage.outputTokenCount();
    if (output != null) {
      call.outputTokens(output);
    }
  }
}
