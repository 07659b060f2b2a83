package io.breakwater.agent.instrumentation.springai.advice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.breakwater.agent.core.instrument.Target;
import io.breakwater.agent.core.record.Drops;
import io.breakwater.agent.instrumentation.springai.SpringAiInstrumentation;
import io.breakwater.agent.llm.kit.Recorded;
import io.breakwater.agent.llm.kit.VendorServer;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.openai.OpenAiChatModel;
import org.springframework.ai.openai.OpenAiChatOptions;
import reactor.core.publisher.Flux;

class SpringAiTest {
  private static final String CALLS = "ml.inference.duration";
  private static final String CLASSES = "ml.inference.predictions";
  private static final String MODEL = "{gpt-4o gpt-4o-2024-08-06}";
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final String FAILURE =
      "{\"error\":{\"message\":\"no\",\"type\":\"requests\",\"param\":null,\"code\":\"limit\"}}";
  private static final String COMPLETION =
      "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,"
          + "\"model\":\"gpt-4o-2024-08-06\",\"choices\":[{\"index\":0,\"logprobs\":null,"
          + "\"message\":{\"role\":\"assistant\",\"content\":\"Hello you\"},"
          + "\"finish_reason\":\"stop\"}],"
          + "\"usage\":{\"prompt_tokens\":12,\"completion_tokens\":3,\"total_tokens\":15}}";
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
  private OpenAiChatModel model;

  private static String chunk(String delta, String finishReason) {
    return "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,"
        + "\"model\":\"gpt-4o-2024-08-06\",\"choices\":[{\"index\":0,\"delta\":{"
        + delta
        + "},\"finish_reason\":"
        + finishReason
        + "}]}";
  }

  @BeforeEach
  void start() throws Exception {
    server = VendorServer.start();
    OpenAiChatOptions.Builder options = OpenAiChatOptions.builder();
    options.baseUrl(server.url());
    options.apiKey("none");
    options.model("gpt-4o");
    options.maxRetries(0);
    model = OpenAiChatModel.builder().options(options.build()).build();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private ChatResponse call() throws Exception {
    Prompt prompt = new Prompt("What do you say?");
    return (ChatResponse)
        Recorded.call(
            new CallAdvice(recorded.recorder()),
            model,
            new Object[] {prompt},
            () -> model.call(prompt));
  }

  @SuppressWarnings("unchecked") // what the method returns
  private Flux<ChatResponse> stream() throws Exception {
    Prompt prompt = new Prompt("What do you say?");
    return (Flux<ChatResponse>)
        Recorded.call(
            new StreamAdvice(recorded.recorder()),
            model,
            new Object[] {prompt},
            () -> model.stream(prompt));
  }

  private static String text(ChatResponse piece) {
    String text = piece.getResults().isEmpty() ? null : piece.getResult().getOutput().getText();
    return text == null ? "" : text;
  }

  @Test
  void bothMethods_areSeenOnce() throws Exception {
    List<String> seen = new ArrayList<>();
    for (Target target : new SpringAiInstrumentation().targets()) {
      if (target.className().equals(OpenAiChatModel.class.getName())) {
        for (Method method : OpenAiChatModel.class.getDeclaredMethods()) {
          String descriptor =
              MethodType.methodType(method.getReturnType(), method.getParameterTypes())
                  .toMethodDescriptorString();
          if (target.matches(method.getName(), descriptor)) {
            seen.add(method.getName());
          }
        }
        Class.forName(target.adviceClass());
      }
    }

    assertThat(seen).containsExactlyInAnyOrder("call", "stream");
  }

  @Test
  void answer_isACallWithTokensLengthAndEnding() throws Exception {
    server.answers(200, COMPLETION);
    assertThat(text(call())).isEqualTo("Hello you");

    recorded.flush();
    assertThat(recorded.count(CALLS, MODEL)).isEqualTo(1);
    assertThat(recorded.count(CLASSES, "ml.output.class=stop")).isEqualTo(1);
    assertThat(recorded.sum("ml.inference.score{", "answer_length")).isEqualTo(9);
    assertThat(recorded.sum("token.usage", "gen_ai.token.type=input")).isEqualTo(12);
    assertThat(recorded.sum("token.usage", "gen_ai.token.type=output")).isEqualTo(3);
    assertThat(recorded.count("gen_ai.client.operation.duration", "gen_ai.provider.name=openai"))
        .isEqualTo(1);
    assertThat(recorded.drops().count(Drops.Reason.UNREADABLE)).isZero();
  }

  @Test
  void failure_isSeen() throws Exception {
    server.answers(200, COMPLETION).answers(429, FAILURE);
    call();
    assertThatThrownBy(this::call).isInstanceOf(RuntimeException.class);

    assertThat(recorded.flush().count(CALLS, MODEL, "error.type=")).isEqualTo(1);
    assertThat(recorded.count(CALLS)).isEqualTo(2);
  }

  @Test
  void stream_passesPieceByPiece_andIsACallForEachSubscription() throws Exception {
    server.streamsStepwise(STREAM).streams(STREAM);
    Flux<ChatResponse> answer = stream();
    assertThat(server.requests()).isEmpty();
    LinkedBlockingQueue<String> texts = new LinkedBlockingQueue<>();
    LinkedBlockingQueue<String> ends = new LinkedBlockingQueue<>();
    server.step(3);
    answer.subscribe(
        piece -> {
          if (!text(piece).isEmpty()) {
            texts.add(text(piece));
          }
        },
        failure -> ends.add(failure.toString()),
        () -> ends.add("complete"));
    assertThat(texts.poll(60, TimeUnit.SECONDS)).isEqualTo("Hello"); // more is not sent yet
    server.step(STREAM.length);
    assertThat(ends.poll(60, TimeUnit.SECONDS)).isEqualTo("complete");
    assertThat(texts).contains(" you");

    recorded.flush();
    assertThat(recorded.count(CALLS, MODEL)).isEqualTo(1);
    assertThat(recorded.count(CLASSES, "ml.output.class=stop")).isEqualTo(1);
    assertThat(recorded.sum("ml.inference.score{", "answer_length")).isEqualTo(9);
    assertThat(recorded.count("time_to_first_chunk")).isEqualTo(1);

    answer.blockLast(PATIENCE);
    assertThat(recorded.flush().count(CALLS, MODEL)).isEqualTo(2);
  }

  @Test
  void streamThatFails_isAFailure() throws Exception {
    server.answers(429, FAILURE);
    Flux<ChatResponse> answer = stream();
    assertThatThrownBy(() -> answer.blockLast(PATIENCE)).isNotNull();

    assertThat(recorded.flush().count(CALLS, "error.type=")).isEqualTo(1);
  }

  @Test
  void streamThatTheCallerCancels_isNoFailure() throws Exception {
    server.streamsStepwise(STREAM);
    server.step(STREAM.length - 3);
    Flux<ChatResponse> answer = stream();
    assertThat(answer.take(1).blockLast(PATIENCE)).isNotNull();
    server.step(3);

    recorded.flush();
    assertThat(recorded.count(CALLS)).isEqualTo(1);
    assertThat(recorded.count(CALLS, "error.type")).isZero();
    assertThat(recorded.count(CLASSES, "ml.output.class=cancelled")).isEqualTo(1);
  }
}
