package io.breakwater.agent.instrumentation.langchain4j.advice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import io.breakwater.agent.core.record.Drops;
import io.breakwater.agent.llm.kit.Recorded;
import io.breakwater.agent.llm.kit.VendorServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ChatAdviceTest {
  private static final String CALLS = "ml.inference.duration";
  private static final String CLASSES = "ml.inference.predictions";
  private static final String MODEL = "{gpt-4o gpt-4o-2024-08-06}";
  private static final String FAILURE =
      "{\"error\":{\"message\":\"no\",\"type\":\"requests\",\"param\":null,\"code\":\"limit\"}}";
  private static final String[] STREAM = {
    chunk("\"role\":\"assistant\",\"content\":\"\"", "null"),
    chunk("\"content\":\"Hello\"", "null"),
    chunk("\"content\":\" you\"", "null"),
    chunk("", "\"stop\""),
    "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,"
        + "\"model\":\"gpt-4o-2024-08-06\",\"choices\":[],"
        + "\"usage\":{\"prompt_tokens\":12,\"completion_tokens\":3,\"total_tokens\":15}}",
    "data: [DONE]"
  };

  private final Recorded recorded = Recorded.create();
  private VendorServer server;

  private static String chunk(String delta, String finishReason) {
    return "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,"
        + "\"model\":\"gpt-4o-2024-08-06\",\"choices\":[{\"index\":0,\"delta\":{"
        + delta
        + "},\"finish_reason\":"
        + finishReason
        + "}]}";
  }

  private static String completion(String message, String finishReason) {
    return "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,"
        + "\"model\":\"gpt-4o-2024-08-06\",\"choices\":[{\"index\":0,"
        + "\"message\":{\"role\":\"assistant\","
        + message
        + "},\"finish_reason\":\""
        + finishReason
        + "\"}],\"usage\":{\"prompt_tokens\":12,\"completion_tokens\":3,\"total_tokens\":15}}";
  }

  @BeforeEach
  void start() throws Exception {
    server = VendorServer.start();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private ChatResponse chat() throws Exception {
    ChatModel model =
        OpenAiChatModel.builder()
            .baseUrl(server.url())
            .apiKey("none")
            .modelName("gpt-4o")
            .maxRetries(0)
            .build();
    ChatRequest request = request();
    return (ChatResponse)
        Recorded.call(
            new ChatAdvice(recorded.recorder()),
            model,
            new Object[] {request},
            () -> model.chat(request));
  }

  private static ChatRequest request() {
    return ChatRequest.builder().messages(UserMessage.from("What do you say?")).build();
  }

  private StreamingChatModel streaming() {
    return OpenAiStreamingChatModel.builder()
        .baseUrl(server.url())
        .apiKey("none")
        .modelName("gpt-4o")
        .timeout(Duration.ofMinutes(2))
        .build();
  }

  private void chat(StreamingChatModel model, StreamingChatResponseHandler handler)
      throws Exception {
    Object[] arguments = {request(), handler};
    Recorded.call(
        new StreamingChatAdvice(recorded.recorder()),
        model,
        arguments,
        () -> {
          model.chat((ChatRequest) arguments[0], (StreamingChatResponseHandler) arguments[1]);
          return null;
        });
  }

  /** Keeps what it hears. */
  private static class Listening implements StreamingChatResponseHandler {
    final LinkedBlockingQueue<String> texts = new LinkedBlockingQueue<>();
    final CompletableFuture<ChatResponse> answer = new CompletableFuture<>();

    @Override
    public void onPartialResponse(String text) {
      texts.add(text);
    }

    @Override
    public void onCompleteResponse(ChatResponse complete) {
      answer.complete(complete);
    }

    @Override
    public void onError(Throwable failure) {
      answer.completeExceptionally(failure);
    }
  }

  @Test
  void answer_isACallWithTokensLengthAndEnding() throws Exception {
    server.answers(200, completion("\"content\":\"Hello you\"", "stop"));
    assertThat(chat().aiMessage().text()).isEqualTo("Hello you");

    recorded.flush();
    assertThat(recorded.count(CALLS, MODEL)).isEqualTo(1);
    assertThat(recorded.count(CLASSES, "ml.output.class=stop")).isEqualTo(1);
    assertThat(recorded.sum("ml.inference.score{", "answer_length")).isEqualTo(9);
    assertThat(recorded.sum("token.usage", "gen_ai.token.type=input")).isEqualTo(12);
    assertThat(recorded.sum("token.usage", "gen_ai.token.type=output")).isEqualTo(3);
    assertThat(
            recorded.count(
                "gen_ai.client.operation.duration",
                "gen_ai.provider.name=openai",
                "gen_ai.request.model=gpt-4o}"))
        .isEqualTo(1);
    assertThat(recorded.drops().count(Drops.Reason.UNREADABLE)).isZero();
    assertThat(recorded.toString()).doesNotContain("Hello", "What do you say");
  }

  @Test
  void endings_areToldApart() throws Exception {
    server
        .answers(200, completion("\"content\":\"Hel\"", "length"))
        .answers(
            200,
            completion(
                "\"content\":null,\"tool_calls\":[{\"id\":\"t\",\"type\":\"function\","
                    + "\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]",
                "tool_calls"));
    chat();
    chat();

    recorded.flush();
    assertThat(recorded.count(CLASSES, "ml.output.class=length")).isEqualTo(1);
    assertThat(recorded.count(CLASSES, "ml.output.class=tool_calls")).isEqualTo(1);
  }

  @Test
  void failures_areSeen() throws Exception {
    server
        .answers(200, completion("\"content\":\"Hello\"", "stop"))
        .answers(429, FAILURE)
        .answers(500, FAILURE);
    chat();
    assertThatThrownBy(this::chat).isInstanceOf(RuntimeException.class);
    assertThatThrownBy(this::chat).isInstanceOf(RuntimeException.class);

    recorded.flush();
    assertThat(recorded.count(CALLS, MODEL, "error.type=")).isEqualTo(2);
    assertThat(recorded.count(CALLS)).isEqualTo(3);
  }

  @Test
  void stream_passesPieceByPiece() throws Exception {
    server.streamsStepwise(STREAM);
    Listening handler = new Listening();
    chat(streaming(), handler);
    server.step(2);
    List<String> seen = new ArrayList<>();
    seen.add(handler.texts.poll(60, TimeUnit.SECONDS)); // the server has not sent the next one yet
    server.step();
    seen.add(handler.texts.poll(60, TimeUnit.SECONDS));
    assertThat(recorded.flush().count(CALLS)).isZero();
    server.step(STREAM.length);

    assertThat(handler.answer.get(60, TimeUnit.SECONDS).aiMessage().text()).isEqualTo("Hello you");
    assertThat(seen).containsExactly("Hello", " you");
    recorded.flush();
    assertThat(recorded.count(CALLS, MODEL)).isEqualTo(1);
    assertThat(recorded.count(CLASSES, "ml.output.class=stop")).isEqualTo(1);
    assertThat(recorded.sum("ml.inference.score{", "answer_length")).isEqualTo(9);
    assertThat(recorded.sum("token.usage", "gen_ai.token.type=output")).isEqualTo(3);
    double first = recorded.sum("gen_ai.client.operation.time_to_first_chunk");
    assertThat(first).isPositive().isLessThan(recorded.sum(CALLS));
  }

  @Test
  void streamThatFails_isAFailure() throws Exception {
    server.answers(429, FAILURE);
    Listening handler = new Listening();
    chat(streaming(), handler);
    assertThatThrownBy(() -> handler.answer.get(60, TimeUnit.SECONDS)).isNotNull();

    assertThat(recorded.flush().count(CALLS, "error.type=")).isEqualTo(1);
  }

  @Test
  void callersCode_mayCallAModelWhileItIsTold() throws Exception {
    server.answers(200, completion("\"content\":\"Hello\"", "stop"));
    StreamingChatModel immediate =
        new StreamingChatModel() {
          @Override
          public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
            handler.onPartialResponse("Hello");
            handler.onCompleteResponse(
                ChatResponse.builder().aiMessage(AiMessage.from("Hello")).build());
          }
        };
    chat(
        immediate,
        new Listening() {
          @Override
          public void onPartialResponse(String text) {
            try {
              chat();
            } catch (Exception e) {
              throw new IllegalStateException(e);
            }
          }
        });

    recorded.flush();
    assertThat(recorded.count(CALLS, MODEL)).isEqualTo(1);
    assertThat(recorded.count(CALLS, "{service unknown}")).isEqualTo(1);
  }
}
