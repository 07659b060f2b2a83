package io.breakwater.agent.instrumentation.openai.advice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.core.http.AsyncStreamResponse;
import com.openai.core.http.StreamResponse;
import com.openai.errors.InternalServerException;
import com.openai.errors.RateLimitException;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import io.breakwater.agent.core.record.Drops;
import io.breakwater.agent.llm.kit.Recorded;
import io.breakwater.signals.GenAiConventions;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ChatAdviceTest extends OpenAiTest {
  private static final String MODEL = "{gpt-4o gpt-4o-2024-08-06}";
  private static final String CALLS = "ml.inference.duration";
  private static final String CLASSES = "ml.inference.predictions";

  private static String text(ChatCompletionChunk chunk) {
    return chunk.choices().stream()
        .map(choice -> choice.delta().content().orElse(""))
        .collect(Collectors.joining());
  }

  @Test
  void answer_isACallWithTokensLengthAndEnding() throws Exception {
    server.answers(200, completion("\"content\":\"Hello you\"", "stop"));

    ChatCompletion answer = create(params());

    assertThat(answer.choices().get(0).message().content()).contains("Hello you");
    recorded.flush();
    assertThat(recorded.count(CALLS, MODEL)).isEqualTo(1);
    assertThat(recorded.count(CLASSES, MODEL, "ml.output.class=stop")).isEqualTo(1);
    assertThat(recorded.sum("ml.inference.score{", MODEL, "answer_length")).isEqualTo(9);
    assertThat(recorded.count("ml.inference.time_per_output_token", MODEL)).isEqualTo(1);
    assertThat(recorded.sum("gen_ai.client.token.usage", "gen_ai.token.type=input")).isEqualTo(12);
    assertThat(recorded.sum("gen_ai.client.token.usage", "gen_ai.token.type=output")).isEqualTo(3);
    assertThat(
            recorded.count(
                "gen_ai.client.operation.duration",
                "gen_ai.operation.name=chat",
                "gen_ai.provider.name=openai",
                "gen_ai.request.model=gpt-4o}",
                "gen_ai.response.model=gpt-4o-2024-08-06"))
        .isEqualTo(1);
    assertThat(recorded.count("time_to_first_chunk")).isZero();
    assertThat(recorded.drops().count(Drops.Reason.UNREADABLE)).isZero();
    assertThat(recorded.toString()).doesNotContain("Hello", "What do you say");
  }

  @Test
  void failure_countsForTheVersionThatAnsweredLast() throws Exception {
    server
        .answers(429, FAILURE)
        .answers(200, completion("\"content\":\"Hello\"", "stop"))
        .answers(500, FAILURE);

    assertThatThrownBy(() -> create(params())).isInstanceOf(RateLimitException.class);
    create(params());
    assertThatThrownBy(() -> create(params())).isInstanceOf(InternalServerException.class);

    recorded.flush();
    assertThat(recorded.count(CALLS, "{gpt-4o unknown}", "RateLimitException")).isEqualTo(1);
    assertThat(recorded.count(CALLS, MODEL, "InternalServerException")).isEqualTo(1);
    assertThat(recorded.count("gen_ai.client.operation.duration", "InternalServerException"))
        .isEqualTo(1);
    assertThat(recorded.count(CALLS)).isEqualTo(3);
    assertThat(recorded.count(CLASSES)).isEqualTo(1);
  }

  @Test
  void endings_areToldApart() throws Exception {
    server
        .answers(200, completion("\"content\":null,\"refusal\":\"I cannot\"", "stop"))
        .answers(200, completion("\"content\":\"\"", "stop"))
        .answers(200, completion("\"content\":\"Hel\"", "length"))
        .answers(200, completion("\"content\":\"\"", "content_filter"))
        .answers(
            200,
            completion(
                "\"content\":null,\"tool_calls\":[{\"id\":\"t\",\"type\":\"function\","
                    + "\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]",
                "tool_calls"));
    for (int i = 0; i < 5; i++) {
      create(params());
    }

    recorded.flush();
    for (String ending : List.of("refusal", "empty", "length", "content_filter", "tool_calls")) {
      assertThat(recorded.count(CLASSES, "ml.output.class=" + ending)).as(ending).isEqualTo(1);
    }
    assertThat(recorded.count(CALLS)).isEqualTo(5);
    assertThat(recorded.drops().count(Drops.Reason.UNREADABLE)).isZero();
  }

  @Test
  void metadata_namesModelAndVersion() throws Exception {
    server.answers(200, completion("\"content\":\"Hello\"", "stop"));
    create(named("support", "prompt-7"));

    recorded.flush();
    assertThat(recorded.count(CALLS, "{support prompt-7}")).isEqualTo(1);
    assertThat(recorded.count("gen_ai.client.operation.duration", "{support prompt-7}", "=gpt-4o}"))
        .isEqualTo(1);
  }

  @Test
  void otherConventions_haveOtherNames() throws Exception {
    server
        .answers(200, completion("\"content\":\"Hello\"", "stop"))
        .answers(200, completion("\"content\":\"Hello\"", "stop"));
    recorded = Recorded.create(rules -> rules.withGenAi(GenAiConventions.DRAFT));
    create(params());
    assertThat(recorded.flush().count("gen_ai.client.inference.duration")).isEqualTo(1);

    recorded = Recorded.create(rules -> rules.withGenAi(GenAiConventions.OFF));
    create(params());
    assertThat(recorded.flush().count("gen_ai.client")).isZero();
    assertThat(recorded.count(CALLS)).isEqualTo(1);
  }

  @Test
  void answerThatDoesNotKeepToTheProtocol_isACallAllTheSame() throws Exception {
    server.answers(200, "{\"choices\":[{}]}");
    create(params());

    recorded.flush();
    assertThat(recorded.count(CALLS, "{gpt-4o unknown}")).isEqualTo(1);
    assertThat(recorded.drops().count(Drops.Reason.UNREADABLE)).isEqualTo(1);
  }

  @Test
  void stream_passesPieceByPiece() throws Exception {
    server.streamsStepwise(STREAM);
    server.step(); // some clients wait for the first byte before they return
    try (StreamResponse<ChatCompletionChunk> response = createStreaming()) {
      Iterator<ChatCompletionChunk> chunks = response.stream().iterator();
      List<String> texts = new ArrayList<>();
      for (int i = 0; i < STREAM.length - 1; i++) {
        texts.add(text(chunks.next())); // the server has not sent the next one yet
        server.step();
      }

      assertThat(texts).containsExactly("", "Hello", " you", "", "");
      assertThat(recorded.flush().count(CALLS)).isZero();
      assertThat(chunks.hasNext()).isFalse();
    }

    recorded.flush();
    assertThat(recorded.count(CALLS, MODEL)).isEqualTo(1);
    assertThat(recorded.count(CLASSES, "ml.output.class=stop")).isEqualTo(1);
    assertThat(recorded.sum("ml.inference.score{", "answer_length")).isEqualTo(9);
    assertThat(recorded.sum("token.usage", "gen_ai.token.type=output")).isEqualTo(3);
    double first = recorded.sum("gen_ai.client.operation.time_to_first_chunk");
    assertThat(first).isPositive().isLessThan(recorded.sum(CALLS));
    assertThat(recorded.count("ml.inference.time_per_output_token")).isEqualTo(1);
    assertThat(recorded.drops().count(Drops.Reason.UNREADABLE)).isZero();
  }

  @Test
  void streamThatBreaks_isAFailure() throws Exception {
    server.streamsAndBreaks(STREAM[0], STREAM[1]);
    try (StreamResponse<ChatCompletionChunk> response = createStreaming()) {
      assertThatThrownBy(() -> response.stream().forEach(chunk -> {}))
          .isInstanceOf(RuntimeException.class);
    }

    recorded.flush();
    assertThat(recorded.count(CALLS, MODEL, "error.type=")).isEqualTo(1);
    assertThat(recorded.count(CALLS)).isEqualTo(1);
    assertThat(recorded.count("time_to_first_chunk")).isEqualTo(1);
    assertThat(recorded.count(CLASSES)).isZero();
  }

  @Test
  void streamThatTheCallerCloses_isCancelled() throws Exception {
    server.streamsStepwise(STREAM);
    server.step();
    server.step();
    try (StreamResponse<ChatCompletionChunk> response = createStreaming()) {
      assertThat(response.stream().limit(2).count()).isEqualTo(2);
    }

    recorded.flush();
    assertThat(recorded.count(CALLS)).isEqualTo(1);
    assertThat(recorded.count(CALLS, "error.type")).isZero();
    assertThat(recorded.count(CLASSES, "ml.output.class=cancelled")).isEqualTo(1);
    assertThat(recorded.count("answer_length")).isZero();
  }

  @Test
  void failureOfTheCallersOwnCode_isNotTheModels() throws Exception {
    server.streams(STREAM);
    try (StreamResponse<ChatCompletionChunk> response = createStreaming()) {
      assertThatThrownBy(
              () ->
                  response.stream()
                      .forEach(
                          chunk -> {
                            throw new IllegalStateException("mine");
                          }))
          .hasMessage("mine");
    }

    recorded.flush();
    assertThat(recorded.count(CALLS)).isEqualTo(1);
    assertThat(recorded.count(CALLS, "error.type")).isZero();
  }

  @Test
  void streamRefused_isAFailure() {
    server.answers(429, FAILURE);
    assertThatThrownBy(this::createStreaming).isInstanceOf(RateLimitException.class);

    assertThat(recorded.flush().count(CALLS, "RateLimitException")).isEqualTo(1);
  }

  @Test
  void future_isTheSameAndSeen() throws Exception {
    server.answers(200, completion("\"content\":\"Hello\"", "stop")).answers(500, FAILURE);
    assertThat(createAsync().get(60, TimeUnit.SECONDS).model()).isEqualTo("gpt-4o-2024-08-06");
    CompletableFuture<ChatCompletion> failing = createAsync();
    assertThatThrownBy(() -> failing.get(60, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(InternalServerException.class);

    awaitCalls(2);
    assertThat(
            recorded.count(CALLS, MODEL, "error.type=" + InternalServerException.class.getName()))
        .isEqualTo(1);
    assertThat(recorded.count(CLASSES, "ml.output.class=stop")).isEqualTo(1);
  }

  @Test
  void asynchronousStream_passesPieceByPiece() throws Exception {
    server.streamsStepwise(STREAM);
    server.step();
    LinkedBlockingQueue<String> texts = new LinkedBlockingQueue<>();
    AsyncStreamResponse<ChatCompletionChunk> response = createStreamingAsync();
    CompletableFuture<Optional<Throwable>> completed = new CompletableFuture<>();
    response.subscribe(
        new AsyncStreamResponse.Handler<ChatCompletionChunk>() {
          @Override
          public void onNext(ChatCompletionChunk chunk) {
            texts.add(text(chunk));
          }

          @Override
          public void onComplete(Optional<Throwable> failure) {
            completed.complete(failure);
          }
        });
    List<String> seen = new ArrayList<>();
    for (int i = 0; i < STREAM.length - 1; i++) {
      seen.add(texts.poll(60, TimeUnit.SECONDS));
      server.step();
    }

    assertThat(seen).containsExactly("", "Hello", " you", "", "");
    assertThat(completed.get(60, TimeUnit.SECONDS)).isEmpty();
    response.onCompleteFuture().get(60, TimeUnit.SECONDS);
    awaitCalls(1);
    assertThat(recorded.count(CLASSES, MODEL, "ml.output.class=stop")).isEqualTo(1);
    assertThat(recorded.count("time_to_first_chunk", MODEL)).isEqualTo(1);
    assertThat(recorded.sum("ml.inference.score{", "answer_length")).isEqualTo(9);
  }

  @Test
  void asynchronousStreamThatFails_isAFailure() throws Exception {
    server.answers(429, FAILURE);
    CompletableFuture<Void> end = createStreamingAsync().subscribe(chunk -> {}).onCompleteFuture();
    assertThatThrownBy(() -> end.get(60, TimeUnit.SECONDS))
        .hasCauseInstanceOf(RateLimitException.class);

    awaitCalls(1);
    assertThat(recorded.count(CALLS, "error.type=" + RateLimitException.class.getName()))
        .isEqualTo(1);
  }

  @Test
  void asynchronousStreamThatTheCallerCloses_isCancelled() throws Exception {
    server.streamsStepwise(STREAM);
    server.step();
    CompletableFuture<ChatCompletionChunk> first = new CompletableFuture<>();
    AsyncStreamResponse<ChatCompletionChunk> response =
        createStreamingAsync().subscribe(first::complete);
    first.get(60, TimeUnit.SECONDS);
    CompletableFuture<Void> closed = CompletableFuture.runAsync(response::close);

    awaitCalls(1);
    server.step(STREAM.length); // some clients read what is on its way before they close
    closed.get(60, TimeUnit.SECONDS);
    assertThat(recorded.count(CALLS, "error.type")).isZero();
    assertThat(recorded.count(CLASSES, "ml.output.class=cancelled")).isEqualTo(1);
  }

  @Test
  void callWithinACall_isOne() throws Exception {
    server.answers(200, completion("\"content\":\"Hello\"", "stop"));
    Recorded.call(
        new ChatAdvice(recorded.recorder()),
        client,
        new Object[] {params(), null},
        () -> create(params()));

    assertThat(recorded.flush().count(CALLS)).isEqualTo(1);
  }

  private void awaitCalls(long calls) throws InterruptedException {
    long patience = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (recorded.flush().count(CALLS) < calls && System.nanoTime() < patience) {
      Thread.sleep(5);
    }
    assertThat(recorded.count(CALLS)).isEqualTo(calls);
  }
}
