package io.breakwater.agent.instrumentation.openai.advice;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.RequestOptions;
import com.openai.core.http.AsyncStreamResponse;
import com.openai.core.http.StreamResponse;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import io.breakwater.agent.llm.kit.Recorded;
import io.breakwater.agent.llm.kit.VendorServer;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A client, a server that speaks OpenAI's protocol, and what is recorded of the calls. */
abstract class OpenAiTest {
  static final String[] STREAM = {
    chunk("\"role\":\"assistant\",\"content\":\"\"", "null"),
    chunk("\"content\":\"Hello\"", "null"),
    chunk("\"content\":\" you\"", "null"),
    chunk("", "\"stop\""),
    "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,"
        + "\"model\":\"gpt-4o-2024-08-06\",\"choices\":[],"
        + "\"usage\":{\"prompt_tokens\":12,\"completion_tokens\":3,\"total_tokens\":15}}",
    "data: [DONE]"
  };

  Recorded recorded = Recorded.create();
  VendorServer server;
  OpenAIClient client;

  @BeforeEach
  void start() throws Exception {
    server = VendorServer.start();
    client =
        OpenAIOkHttpClient.builder().baseUrl(server.url()).apiKey("none").maxRetries(0).build();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  static String chunk(String delta, String finishReason) {
    return "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,"
        + "\"model\":\"gpt-4o-2024-08-06\",\"choices\":[{\"index\":0,\"delta\":{"
        + delta
        + "},\"finish_reason\":"
        + finishReason
        + "}]}";
  }

  static String completion(String message, String finishReason) {
    return "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,"
        + "\"model\":\"gpt-4o-2024-08-06\",\"choices\":[{\"index\":0,\"logprobs\":null,"
        + "\"message\":{\"role\":\"assistant\","
        + message
        + "},\"finish_reason\":\""
        + finishReason
        + "\"}],\"usage\":{\"prompt_tokens\":12,\"completion_tokens\":3,\"total_tokens\":15}}";
  }

  static final String FAILURE =
      "{\"error\":{\"message\":\"no\",\"type\":\"requests\",\"param\":null,\"code\":\"limit\"}}";

  static ChatCompletionCreateParams params() {
    return ChatCompletionCreateParams.builder()
        .model("gpt-4o")
        .addUserMessage("What do you say?")
        .build();
  }

  static ChatCompletionCreateParams named(String model, String version) {
    return params().toBuilder()
        .metadata(
            ChatCompletionCreateParams.Metadata.builder()
                .putAdditionalProperty("breakwater.model", JsonValue.from(model))
                .putAdditionalProperty("breakwater.version", JsonValue.from(version))
                .build())
        .build();
  }

  /** Calls as the patched method does. */
  ChatCompletion create(ChatCompletionCreateParams params) throws Exception {
    return (ChatCompletion)
        Recorded.call(
            new ChatAdvice(recorded.recorder()),
            client,
            new Object[] {params, RequestOptions.none()},
            () -> client.chat().completions().create(params));
  }

  @SuppressWarnings("unchecked") // what the method returns
  CompletableFuture<ChatCompletion> createAsync() throws Exception {
    return (CompletableFuture<ChatCompletion>)
        Recorded.call(
            new ChatAdvice(recorded.recorder()),
            client,
            new Object[] {params(), RequestOptions.none()},
            () -> client.async().chat().completions().create(params()));
  }

  @SuppressWarnings("unchecked") // what the method returns
  StreamResponse<ChatCompletionChunk> createStreaming() throws Exception {
    return (StreamResponse<ChatCompletionChunk>)
        Recorded.call(
            new ChatAdvice(recorded.recorder()),
            client,
            new Object[] {params(), RequestOptions.none()},
            () -> client.chat().completions().createStreaming(params()));
  }

  @SuppressWarnings("unchecked") // what the method returns
  AsyncStreamResponse<ChatCompletionChunk> createStreamingAsync() throws Exception {
    return (AsyncStreamResponse<ChatCompletionChunk>)
        Recorded.call(
            new ChatAdvice(recorded.recorder()),
            client,
            new Object[] {params(), RequestOptions.none()},
            () -> client.async().chat().completions().createStreaming(params()));
  }
}
