package io.breakwater.agent.core.llm;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.agent.core.instrument.Enclosing;
import io.breakwater.agent.core.model.ModelDescription;
import io.breakwater.agent.core.record.CaptureRules;
import io.breakwater.agent.core.record.Drops;
import io.breakwater.agent.core.record.Labels;
import io.breakwater.agent.core.record.Limits;
import io.breakwater.agent.core.record.ModelIdentity;
import io.breakwater.agent.core.record.ModelNames;
import io.breakwater.agent.core.record.PointSink;
import io.breakwater.agent.core.record.Recording;
import io.breakwater.signals.HistogramSnapshot;
import io.breakwater.signals.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class LlmCallTest {
  private final Drops drops = new Drops();
  private Recording recording = recording(rules("service", null, null));

  private static CaptureRules rules(String service, String name, String version) {
    return CaptureRules.of(true, Limits.of(64, 50), service, name, version, List.of());
  }

  private Recording recording(CaptureRules rules) {
    return Recording.create(rules, 2, () -> 1_000_000_000L, drops, () -> {});
  }

  private LlmCall begin(LlmRequest request) {
    return LlmCall.begin(recording.recorder(), "test", request, System.nanoTime());
  }

  private static LlmRequest chat(String model) {
    return LlmRequest.of(LlmRequest.CHAT, "vendor", model);
  }

  /** What is sent: {@code metric model version label... count}. */
  private List<String> sent() {
    List<String> points = new ArrayList<>();
    PointSink sink =
        new PointSink() {
          @Override
          public void histogram(
              Metric metric, Labels labels, HistogramSnapshot values, long startNanos) {
            add(metric, labels, values.count());
          }

          @Override
          public void sum(Metric metric, Labels labels, long count, long startNanos) {
            add(metric, labels, count);
          }

          private void add(Metric metric, Labels labels, long count) {
            StringBuilder point = new StringBuilder(metric.name());
            for (Map.Entry<String, Object> label : labels.entries()) {
              point.append(' ').append(label.getValue());
            }
            points.add(point.append(' ').append(count).toString());
          }
        };
    recording.flushOutcomes(sink, 2_000_000_000L);
    recording.flushFeatures(sink, 2_000_000_000L);
    return points;
  }

  @Test
  void whatIsSaidAfterTheEnd_goesNowhere() {
    LlmCall call = begin(chat("m"));
    call.endedBy(Ending.STOP);
    call.end();
    call.end();
    call.cancel();
    call.fail(new IllegalStateException());

    assertThat(sent())
        .contains(
            "ml.inference.duration m unknown test 1",
            "ml.inference.predictions m unknown test empty 1")
        .noneMatch(point -> point.contains("IllegalState"));
  }

  @Test
  void causeOfAFuturesFailure_isTheFailure_andACancellationIsNone() {
    LlmCall failing = begin(chat("m"));
    failing.follow(
        CompletableFuture.failedFuture(new CompletionException(new IllegalStateException())),
        (call, answer) -> {});
    CompletableFuture<String> cancelled = new CompletableFuture<>();
    LlmCall cancelling = begin(chat("m"));
    cancelling.follow(cancelled, (call, answer) -> {});
    cancelled.cancel(true);
    begin(chat("m")).fail(new CompletionException(new CancellationException()));

    assertThat(sent())
        .contains(
            "ml.inference.duration m unknown test java.lang.IllegalStateException 1",
            "ml.inference.duration m unknown test 2",
            "ml.inference.predictions m unknown test cancelled 2");
  }

  @Test
  void configuration_winsOverWhatTheCallerSays_andThatOverTheAnswer() {
    LlmCall answered = begin(chat("m"));
    answered.answeredBy("m-1");
    answered.end();
    LlmCall named = begin(chat("m").named("support", "prompt-7"));
    named.answeredBy("m-1");
    named.end();
    assertThat(sent())
        .contains(
            "ml.inference.duration m m-1 test 1", "ml.inference.duration support prompt-7 test 1");

    recording =
        recording(
            rules("service", null, null)
                .withNames(Map.of("support", ModelNames.of("desk", "8", List.of()))));
    LlmCall ruled = begin(chat("m").named("support", "prompt-7"));
    ruled.answeredBy("m-1");
    ruled.end();
    assertThat(sent()).contains("ml.inference.duration desk 8 test 1");
  }

  @Test
  void withinAnInferenceOfOwnCode_onlyMeasuresAreRecorded_underItsModel() {
    Enclosing own = Enclosing.open(ModelDescription.of(ModelIdentity.of("credit", "3", "")), false);
    LlmCall call = begin(chat("m"));
    own.close();
    call.answeredBy("m-1");
    call.outputTokens(5);
    call.endedBy(Ending.STOP);
    call.end();

    assertThat(sent())
        .containsExactlyInAnyOrder(
            "ml.inference.time_per_output_token credit 3 1",
            "gen_ai.client.operation.duration credit 3 chat vendor m m-1 1",
            "gen_ai.client.token.usage credit 3 chat vendor m m-1 output 1");
  }

  @Test
  void combinationsBeyondTheLimit_areDropped() {
    for (int i = 0; i < LlmSeries.MOST + 10; i++) {
      LlmCall call = begin(LlmRequest.of(LlmRequest.CHAT, "vendor" + i, "m"));
      call.end();
    }

    assertThat(drops.count(Drops.Reason.TOO_MANY_MODELS)).isEqualTo(10);
  }

  @Test
  void readerThatThrows_isCountedOnce_andTheCallGoesOn() {
    LlmCall call = begin(chat("m"));
    for (int i = 0; i < 3; i++) {
      call.read(
          "part",
          (same, part) -> {
            throw new IllegalStateException();
          });
    }
    call.end();

    assertThat(drops.count(Drops.Reason.UNREADABLE)).isEqualTo(1);
    assertThat(sent()).contains("ml.inference.predictions m unknown test unfinished 1");
  }
}
