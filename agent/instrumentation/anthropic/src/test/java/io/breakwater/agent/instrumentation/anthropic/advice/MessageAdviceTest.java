package io.breakwater.agent.instrumentation.anthropic.advice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.http.AsyncStreamResponse;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.errors.InternalServerException;
import com.anthropic.errors.RateLimitException;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawMessageStreamEvent;
import io.breakwater.agent.core.record.Drops;
import io.breakwater.agent.llm.kit.Recorded;
import io.breakwater.agent.llm.kit.VendorServer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MessageAdviceTest {
  private static final String CALLS = "ml.inference.duration";
  private static final String CLASSES = "ml.inference.predictions";
  private static final String MODEL = "{claude claude-20260101}";
  private static final String FAILURE =
      "{\"type\":\"error\",\"error\":{\"type\":\"rate_limit_error\",\"message\":\"no\"}}";

  private static final String[] STREAM = {
    event(
        "message_start",
        "\"message\":{\"id\":\"m\",\"type\":\"message\",\"role\":\"assistant\",\"content\":[],"
            + "\"model\":\"claude-20260101\",\"stop_reason\":null,\"stop_sequence\":null,"
            + "\"usage\":{\"input_tokens\":25,\"output_tokens\":1}}"),
    event("content_block_start", "\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}"),
    delta("Hello"),
    delta(" you"),
    event("content_block_stop", "\"index\":0"),
    event(
        "message_delta",
        "\"delta\":{\"stop_reason\":\"end_turn\",\"stop_sequence\":null},"
            + "\"usage\":{\"output_tokens\":15}"),
    event("message_stop", "\"ignored\":0")
  };

  private final Recorded recorded = Recorded.create();
  private VendorServer server;
  private AnthropicClient client;

  @BeforeEach
  void start() throws Exception {
    server = VendorServer.start();
    client =
        AnthropicOkHttpClient.builder().baseUrl(server.url()).apiKey("none").maxRetries(0).build();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static String event(String type, String rest) {
    return "event: " + type + "\ndata: {\"type\":\"" + type + "\"," + rest + "}";
  }

  private static String delta(String text) {
    return event(
        "content_block_delta",
        "\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"" + text + "\"}");
  }

  private static String message(String content, String stopReason) {
    return "{\"id\":\"m\",\"type\":\"message\",\"role\":\"assistant\",\"content\":["
        + content
        + "],\"model\":\"claude-20260101\",\"stop_reason\":\""
        + stopReason
        + "\",\"stop_sequence\":null,\"usage\":{\"input_tokens\":25,\"output_tokens\":15}}";
  }

  private static String text(String text) {
    return "{\"type\":\"text\",\"text\":\"" + text + "\",\"citations\":null}";
  }

  private static MessageCreateParams params() {
    return MessageCreateParams.builder()
        .model("claude")
        .maxTokens(100)
        .addUserMessage("What do you say?")
        .build();
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // what the method returns
  private <T> T call(Callable<T> method) throws Exception {
    return (T)
        Recorded.call(
            new MessageAdvice(recorded.recorder()), client, new Object[] {params(), null}, method);
  }

  private Message create() throws Exception {
    return call(() -> client.messages().create(params()));
  }

  private StreamResponse<RawMessageStreamEvent> createStreaming() throws Exception {
    return call(() -> client.messages().createStreaming(params()));
  }

  private AsyncStreamResponse<RawMessageStreamEvent> createStreamingAsync() throws Exception {
    return call(() -> client.async().messages().createStreaming(params()));
  }

  private static String text(RawMessageStreamEvent event) {
    return event
        .contentBlockDelta()
        .flatMap(delta -> delta.delta().text())
        .map(text -> text.text())
        .orElse("");
  }

  @Test
  void answer_isACallWithTokensLengthAndEnding() throws Exception {
    server.answers(200, message(text("Hello you"), "end_turn"));
    create();

    recorded.flush();
    assertThat(recorded.count(CALLS, MODEL)).isEqualTo(1);
    assertThat(recorded.count(CLASSES, "ml.output.class=stop")).isEqualTo(1);
    assertThat(recorded.sum("ml.inference.score{", "answer_length")).isEqualTo(9);
    assertThat(recorded.sum("token.usage", "gen_ai.token.type=input")).isEqualTo(25);
    assertThat(recorded.sum("token.usage", "gen_ai.token.type=output")).isEqualTo(15);
    assertThat(
            recorded.count(
                "gen_ai.client.operation.duration",
                "gen_ai.provider.name=anthropic",
                "gen_ai.request.model=claude}"))
        .isEqualTo(1);
    assertThat(recorded.drops().count(Drops.Reason.UNREADABLE)).isZero();
    assertThat(recorded.toString()).doesNotContain("Hello", "What do you say");
  }

  @Test
  void endings_areToldApart() throws Exception {
    server
        .answers(200, message("", "refusal"))
        .answers(200, message("", "end_turn"))
        .answers(200, message(text("Hel"), "max_tokens"))
        .answers(
            200,
            message(
                "{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"f\",\"input\":{}}", "tool_use"));
    for (int i = 0; i < 4; i++) {
      create();
    }

    recorded.flush();
    for (String ending : List.of("refusal", "empty", "length", "tool_calls")) {
      assertThat(recorded.count(CLASSES, "ml.output.class=" + ending)).as(ending).isEqualTo(1);
    }
    assertThat(recorded.drops().count(Drops.Reason.UNREADABLE)).isZero();
  }

  @Test
  void failures_areSeen() throws Exception {
    server
        .answers(200, message(text("Hello"), "end_turn"))
        .answers(429, FAILURE)
        .answers(500, FAILURE);
    create();
    assertThatThrownBy(this::create).isInstanceOf(RateLimitException.class);
    CompletableFuture<Message> answer = call(() -> client.async().messages().create(params()));
    assertThatThrownBy(() -> answer.get(60, TimeUnit.SECONDS))
        .hasCauseInstanceOf(InternalServerException.class);

    awaitCalls(3);
    assertThat(recorded.count(CALLS, MODEL, "RateLimitException")).isEqualTo(1);
    assertThat(recorded.count(CALLS, MODEL, "InternalServerException")).isEqualTo(1);
  }

  @Test
  void stream_passesPieceByPiece() throws Exception {
    server.streamsStepwise(STREAM);
    server.step();
    try (StreamResponse<RawMessageStreamEvent> response = createStreaming()) {
      Iterator<RawMessageStreamEvent> events = response.stream().iterator();
      List<String> texts = new ArrayList<>();
      for (int i = 0; i < STREAM.length; i++) {
        texts.add(text(events.next())); // the server has not sent the next one yet
        server.step();
      }
      assertThat(texts).containsExactly("", "", "Hello", " you", "", "", "");
      assertThat(events.hasNext()).isFalse();
    }

    recorded.flush();
    assertThat(recorded.count(CALLS, MODEL)).isEqualTo(1);
    assertThat(recorded.count(CLASSES, "ml.output.class=stop")).isEqualTo(1);
    assertThat(recorded.sum("ml.inference.score{", "answer_length")).isEqualTo(9);
    assertThat(recorded.sum("token.usage", "gen_ai.token.type=input")).isEqualTo(25);
    assertThat(recorded.sum("token.usage", "gen_ai.token.type=output")).isEqualTo(15);
    assertThat(recorded.count("time_to_first_chunk")).isEqualTo(1);
    assertThat(recorded.drops().count(Drops.Reason.UNREADABLE)).isZero();
  }

  @Test
  void streamThatBreaks_isAFailure() throws Exception {
    server.streamsAndBreaks(STREAM[0], STREAM[1], STREAM[2]);
    try (StreamResponse<RawMessageStreamEvent> response = createStreaming()) {
      assertThatThrownBy(() -> response.stream().forEach(event -> {}))
          .isInstanceOf(RuntimeException.class);
    }

    recorded.flush();
    assertThat(recorded.count(CALLS, MODEL, "error.type=")).isEqualTo(1);
    assertThat(recorded.count(CALLS)).isEqualTo(1);
  }

  @Test
  void errorWithinTheStream_isAFailure() throws Exception {
    server.streams(
        STREAM[0],
        STREAM[1],
        STREAM[2],
        "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\","
            + "\"message\":\"no\"}}");
    try (StreamResponse<RawMessageStreamEvent> response = createStreaming()) {
      assertThatThrownBy(() -> response.stream().forEach(event -> {}))
          .isInstanceOf(RuntimeException.class);
    }

    assertThat(recorded.flush().count(CALLS, MODEL, "error.type=")).isEqualTo(1);
  }

  @Test
  void streamThatTheCallerCloses_isCancelled() throws Exception {
    server.streamsStepwise(STREAM);
    server.step(3);
    try (StreamResponse<RawMessageStreamEvent> response = createStreaming()) {
      assertThat(response.stream().limit(3).count()).isEqualTo(3);
    }

    recorded.flush();
    assertThat(recorded.count(CALLS)).isEqualTo(1);
    assertThat(recorded.count(CALLS, "error.type")).isZero();
    assertThat(recorded.count(CLASSES, "ml.output.class=cancelled")).isEqualTo(1);
  }

  @Test
  void asynchronousStream_passesPieceByPiece() throws Exception {
    server.streamsStepwise(STREAM);
    server.step();
    LinkedBlockingQueue<String> texts = new LinkedBlockingQueue<>();
    CompletableFuture<Void> end =
        createStreamingAsync().subscribe(event -> texts.add(text(event))).onCompleteFuture();
    List<String> seen = new ArrayList<>();
    for (int i = 0; i < STREAM.length; i++) {
      seen.add(texts.poll(60, TimeUnit.SECONDS));
      server.step();
    }
    end.get(60, TimeUnit.SECONDS);

    assertThat(seen).containsExactly("", "", "Hello", " you", "", "", "");
    awaitCalls(1);
    assertThat(recorded.count(CLASSES, MODEL, "ml.output.class=stop")).isEqualTo(1);
    assertThat(recorded.count("time_to_first_chunk", MODEL)).isEqualTo(1);
  }

  private void awaitCalls(long calls) throws InterruptedException {
    long patience = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (recorded.flush().count(CALLS) < calls && System.nanoTime() < patience) {
      Thread.sleep(5);
    }
    assertThat(recorded.count(CALLS)).isEqualTo(calls);
  }
}
