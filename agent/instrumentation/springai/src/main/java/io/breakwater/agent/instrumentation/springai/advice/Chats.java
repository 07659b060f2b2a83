package io.breakwater.agent.instrumentation.springai.advice;

import io.breakwater.agent.core.llm.Ending;
import io.breakwater.agent.core.llm.LlmCall;
import io.breakwater.agent.core.llm.LlmRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.metadata.ChatResponseMetadata;
import org.springframework.ai.chat.metadata.Usage;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;

/** Reads what the library's models are asked and what they answer. */
final class Chats {
  static final String FRAMEWORK = "spring-ai";

  private static final String PACKAGE = "org.springframework.ai.";

  private Chats() {}

  /** What is asked for: the prompt's model, or the one that the model usually asks. */
  static LlmRequest request(Object self, Prompt prompt) {
    String model = name(prompt.getOptions());
    if (model.isEmpty()) {
      model = name(usual((ChatModel) self));
    }
    return LlmRequest.of(LlmRequest.CHAT, provider(self.getClass().getName()), model);
  }

  @SuppressWarnings({"deprecation", "removal"}) // the one name in every version
  private static @Nullable ChatOptions usual(ChatModel model) {
    return model.getDefaultOptions();
  }

  private static String name(@Nullable ChatOptions options) {
    String name = options == null ? null : options.getModel();
    return name == null ? "" : name;
  }

  /** As the GenAI conventions call the provider, by the package of its model's class. */
  private static String provider(String className) {
    String inner = className.startsWith(PACKAGE) ? className.substring(PACKAGE.length()) : "other.";
    String own = inner.substring(0, inner.indexOf('.'));
    switch (own) {
      case "azure":
        return "azure.ai.openai";
      case "bedrock":
        return "aws.bedrock";
      case "google":
        return "gcp.gen_ai";
      case "mistralai":
        return "mistral_ai";
      case "vertexai":
        return "gcp.vertex_ai";
      default:
        return own;
    }
  }

  /** Reads a whole answer, or a piece of one. */
  static void read(LlmCall call, ChatResponse answer) {
    for (Generation generation : answer.getResults()) {
      AssistantMessage message = generation.getOutput();
      String text = message.getText();
      if (text != null) {
        call.text(text);
      }
      if (message.hasToolCalls()) {
        call.toolCall();
      }
      if (!message.getMedia().isEmpty()) {
        call.otherContent();
      }
      String reason = generation.getMetadata().getFinishReason();
      if (reason != null && !reason.isEmpty()) {
        call.endedBy(Ending.of(reason));
      }
    }
    read(call, answer.getMetadata());
  }

  private static void read(LlmCall call, ChatResponseMetadata metadata) {
    String model = metadata.getModel();
    if (model != null && !model.isEmpty()) {
      call.answeredBy(model);
    }
    Usage usage = metadata.getUsage(); // of zeros where nobody counted
    Integer input = usage == null ? null : usage.getPromptTokens();
    if (input != null && input > 0) {
      call.inputTokens(input);
    }
    Integer output = usage == null ? null : usage.getCompletionTokens();
    if (output != null && output > 0) {
      call.outputTokens(output);
    }
  }
}
