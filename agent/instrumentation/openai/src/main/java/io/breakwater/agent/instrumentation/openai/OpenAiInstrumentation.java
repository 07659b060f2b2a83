package io.breakwater.agent.instrumentation.openai;

import io.breakwater.agent.core.instrument.Instrumentation;
import io.breakwater.agent.core.instrument.Target;
import java.util.ArrayList;
import java.util.List;

/**
 * Sees chat completions, responses and embeddings of openai-java, blocking and asynchronous, at the
 * methods where all their overloads end.
 */
public final class OpenAiInstrumentation implements Instrumentation {
  private static final String SERVICES = "com.openai.services.";
  private static final String ADVICE = "io.breakwater.agent.instrumentation.openai.advice.";
  private static final String CHAT =
      "(Lcom/openai/models/chat/completions/ChatCompletionCreateParams;"
          + "Lcom/openai/core/RequestOptions;)";
  private static final String RESPONSE =
      "(Lcom/openai/models/responses/ResponseCreateParams;Lcom/openai/core/RequestOptions;)";
  private static final String EMBEDDING =
      "(Lcom/openai/models/embeddings/EmbeddingCreateParams;Lcom/openai/core/RequestOptions;)";

  /** For {@link java.util.ServiceLoader}. */
  public OpenAiInstrumentation() {}

  @Override
  public String name() {
    return "openai-java";
  }

  @Override
  public List<Target> targets() {
    List<Target> targets = new ArrayList<>();
    add(targets, "blocking.chat.ChatCompletionServiceImpl", CHAT, "ChatAdvice");
    add(targets, "async.chat.ChatCompletionServiceAsyncImpl", CHAT, "ChatAdvice");
    add(targets, "blocking.ResponseServiceImpl", RESPONSE, "ResponsesAdvice");
    add(targets, "async.ResponseServiceAsyncImpl", RESPONSE, "ResponsesAdvice");
    add(targets, "blocking.EmbeddingServiceImpl", EMBEDDING, "EmbeddingsAdvice");
    add(targets, "async.EmbeddingServiceAsyncImpl", EMBEDDING, "EmbeddingsAdvice");
    return targets;
  }

  private static void add(List<Target> targets, String service, String parameters, String advice) {
    for (String method : List.of("create", "createStreaming")) {
      targets.add(
          Target.around(
              SERVICES + service,
              method,
              descriptor -> descriptor.startsWith(parameters),
              ADVICE + advice));
    }
  }
}
