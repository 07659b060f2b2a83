package io.breakwater.agent.instrumentation.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.agent.core.instrument.Enclosing;
import io.breakwater.agent.core.record.CaptureRules;
import io.breakwater.agent.core.record.CategoryNames;
import io.breakwater.agent.core.record.Drops;
import io.breakwater.agent.core.record.Labels;
import io.breakwater.agent.core.record.Limits;
import io.breakwater.agent.core.record.PointSink;
import io.breakwater.agent.core.record.Recording;
import io.breakwater.api.Agent;
import io.breakwater.api.Inference;
import io.breakwater.signals.HistogramSnapshot;
import io.breakwater.signals.Metric;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RecordedInferenceTest {
  private static final CategoryNames PLAIN = CategoryNames.of(name -> true, name -> true, "");

  private final Drops drops = new Drops();
  private Recording recording = recording(true, 3, 2, PLAIN);
  private Agent agent = agent();

  private Recording recording(
      boolean features, int maxFeatures, int maxCategories, CategoryNames names) {
    CaptureRules rules =
        CaptureRules.of(
                features, Limits.of(maxFeatures, maxCategories), "service", null, null, List.of())
            .withCategories(names);
    return Recording.create(rules, 1, () -> 1_000, drops, () -> {});
  }

  private Agent agent() {
    Agent[] found = new Agent[1];
    new ConnectAdvice(recording.recorder()).exit(0, RecordedInferenceTest.class, found, null);
    return found[0];
  }

  private final Map<String, Map<String, Long>> flushed = new TreeMap<>();

  private void use(Recording other) {
    flushed.clear();
    recording = other;
    agent = agent();
  }

  @Test
  void callsAndErrors_areCounted() {
    times(20, i -> inference().end());
    times(3, i -> inference().fail(new IllegalStateException()));
    times(2, i -> inference().error("timeout"));

    assertThat(counts("ml.inference.duration"))
        .containsEntry("", 20L)
        .containsEntry("error.type=java.lang.IllegalStateException", 3L)
        .containsEntry("error.type=timeout", 2L);
  }

  @Test
  @SuppressWarnings("NullAway") // what callers do all the same
  void nullNames_areNoMatterOfTheCallers() {
    inference().feature(null, 1).end();
    inference().feature(null, "red").end();
    inference().label(null).end();
    inference().fail(null);
    inference().error(null);
    agent.feedback("p-1", null);
    inference().end();

    assertThat(counts("ml.inference.duration")).containsEntry("", 1L);
    assertThat(drops.count(Drops.Reason.AGENT_ERROR)).isEqualTo(5);
  }

  @Test
  void everNewModels_areCountedAndNotKept() {
    times(256, i -> agent.inference("model " + i, "1").end());
    times(100, i -> agent.inference("ever new " + i, "1").feature("f", i).label("a").end());
    times(100, i -> agent.inference("ever new", "" + i).fail(new IllegalStateException()));
    times(2, i -> agent.inference("model 7", "1").end());

    assertThat(drops.count(Drops.Reason.TOO_MANY_MODELS)).isEqualTo(200);
    assertThat(counts("ml.inference.duration")).containsExactly(Map.entry("", 258L));
  }

  @Test
  void whatIsSaidAfterTheEnd_isNotRecorded() {
    Inference inference = inference();
    inference.end();
    inference.feature("late", 1).end();
    inference.fail(new IllegalStateException());

    assertThat(counts("ml.inference.duration")).containsExactly(Map.entry("", 1L));
  }

  @Test
  void neverEnded_isNotRecorded() {
    inference().score(1);

    assertThat(counts("ml.inference.duration")).isEmpty();
  }

  @Test
  void feedback_isCountedByActualAndPredictedLabel() {
    times(3, i -> inference().label("approve").id("p" + i).end());
    inference().label("decline").id("p3").end();

    times(2, i -> agent.feedback("p" + i, "approve"));
    agent.feedback("p2", "decline");
    agent.feedback("p3", "decline");

    assertThat(counts("ml.inference.outcome"))
        .isEqualTo(
            Map.of(
                "ml.outcome=approve:approve", 2L,
                "ml.outcome=decline:approve", 1L,
                "ml.outcome=decline:decline", 1L));
  }

  @Test
  void feedbackOnWhatIsNotRemembered_isADrop() {
    inference().label("approve").id("known").end();
    inference().score(0.4).id("without label").end();
    inference().label("approve").id("x".repeat(Predictions.MOST_ID_CHARS + 1)).end();
    inference().label("approve").id("never ended");

    agent.feedback("known", "approve");
    agent.feedback("known", "approve");
    agent.feedback("unknown", "approve");
    agent.feedback("without label", "approve");
    agent.feedback("x".repeat(Predictions.MOST_ID_CHARS + 1), "approve");
    agent.feedback("never ended", "approve");

    assertThat(counts("ml.inference.outcome"))
        .containsExactly(Map.entry("ml.outcome=approve:approve", 1L));
    assertThat(drops.count(Drops.Reason.UNKNOWN_PREDICTION)).isEqualTo(5);
  }

  @Test
  void predictionsWithoutFeedback_makeRoomForLaterOnes() {
    times(Predictions.MOST + 1, i -> inference().label("approve").id("p" + i).end());

    agent.feedback("p0", "approve");
    agent.feedback("p1", "approve");

    assertThat(counts("ml.inference.outcome"))
        .containsExactly(Map.entry("ml.outcome=approve:approve", 1L));
    assertThat(drops.count(Drops.Reason.UNKNOWN_PREDICTION)).isEqualTo(1);
  }

  @Test
  void featuresNamedLater_haveSeriesOfTheirOwn() {
    times(20, i -> inference().feature("age", i).end());
    times(15, i -> inference().feature("income", i).feature("age", i).end());

    assertThat(counts("ml.inference.feature"))
        .containsEntry("ml.feature.name=age", 35L)
        .containsEntry("ml.feature.name=income", 15L);
  }

  @Test
  void featuresBeyondTheLimit_shareOne() {
    times(
        20,
        i ->
            inference()
                .feature("a", i)
                .feature("b", i)
                .feature("c", i)
                .feature("d", i)
                .feature("e", i)
                .end());

    assertThat(counts("ml.inference.feature"))
        .containsOnlyKeys(
            "ml.feature.name=a", "ml.feature.name=b", "ml.feature.name=c", "ml.feature.name=other")
        .containsEntry("ml.feature.name=other", 20L);
  }

  @Test
  void missingAndNotANumber_areMissing() {
    times(10, i -> inference().missing("age").feature("region", null).end());
    times(10, i -> inference().feature("age", Double.NaN).end());

    assertThat(counts("ml.inference.feature.missing"))
        .containsEntry("ml.feature.name=age", 20L)
        .containsEntry("ml.feature.name=region", 10L);
  }

  @Test
  void categories_areCountedAndFoldedBeyondTheLimit() {
    String[] regions = {"north", "south", "east", "west"};
    times(20, i -> inference().feature("region", regions[i % 4]).end());

    assertThat(counts("ml.inference.feature.category"))
        .containsEntry("ml.feature.name=region,ml.feature.category=north", 5L)
        .containsEntry("ml.feature.name=region,ml.feature.category=south", 5L)
        .containsEntry("ml.feature.name=region,ml.feature.category=other", 10L);
  }

  @Test
  void categories_leaveAsKeyedHashes() {
    use(recording(true, 3, 2, CategoryNames.of(name -> true, name -> false, "key")));
    times(10, i -> inference().feature("region", "north").end());
    Map<String, Long> first = counts("ml.inference.feature.category");
    use(recording(true, 3, 2, CategoryNames.of(name -> true, name -> false, "other key")));
    times(10, i -> inference().feature("region", "north").end());
    Map<String, Long> second = counts("ml.inference.feature.category");

    assertThat(first.keySet())
        .singleElement()
        .asString()
        .matches("ml.feature.name=region,ml.feature.category=[0-9a-f]{12}");
    assertThat(second.keySet()).hasSize(1).doesNotContainAnyElementsOf(first.keySet());
  }

  @Test
  void fewerThanTenValues_areHeldBack() {
    times(9, i -> inference().feature("age", i).feature("region", "north").end());
    assertThat(counts("ml.inference.feature")).isEmpty();
    assertThat(counts("ml.inference.feature.category")).isEmpty();

    inference().feature("age", 9).feature("region", "north").end();
    assertThat(counts("ml.inference.feature.category").values()).containsExactly(10L);
  }

  @Test
  void featuresOff_recordsOutputsOnly() {
    use(recording(false, 3, 2, PLAIN));
    times(20, i -> inference().feature("age", i).feature("region", "north").score(0.5).end());

    assertThat(counts("ml.inference.feature")).isEmpty();
    assertThat(counts("ml.inference.feature.category")).isEmpty();
    assertThat(counts("ml.inference.score").values()).containsExactly(20L);
  }

  @Test
  void scoresAndLabels_areCounted() {
    String[] labels = {"approve", "deny", "refer", "ask"};
    times(20, i -> inference().score(i / 20.0).label(labels[i % 4]).end());

    assertThat(counts("ml.inference.score")).containsEntry("ml.output.name=score", 20L);
    assertThat(counts("ml.inference.predictions"))
        .containsEntry("ml.output.class=approve", 5L)
        .containsEntry("ml.output.class=deny", 5L)
        .containsEntry("ml.output.class=other", 10L);
  }

  @Test
  void openInference_enclosesWhatItsThreadDoes() {
    Inference inference = inference();
    assertThat(Enclosing.current()).isNotNull();
    assertThat(Enclosing.current().model().name()).isEqualTo("credit");

    inference.end();
    assertThat(Enclosing.current()).isNull();
  }

  private Inference inference() {
    return agent.inference("credit", "3");
  }

  private interface Step {
    void at(int i);
  }

  private static void times(int times, Step step) {
    for (int i = 0; i < times; i++) {
      step.at(i);
    }
  }

  /** Flushes, and gives all counts of a metric by the labels after those of the model. */
  private Map<String, Long> counts(String metric) {
    PointSink sink =
        new PointSink() {
          @Override
          public void histogram(Metric of, Labels labels, HistogramSnapshot values, long start) {
            add(of, labels, values.count());
          }

          @Override
          public void sum(Metric of, Labels labels, long count, long start) {
            add(of, labels, count);
          }

          private void add(Metric of, Labels labels, long count) {
            flushed
                .computeIfAbsent(of.name(), name -> new TreeMap<>())
                .merge(text(labels), count, Long::sum);
          }
        };
    recording.flushOutcomes(sink, 2_000);
    recording.flushFeatures(sink, 2_000);
    return new TreeMap<>(flushed.getOrDefault(metric, Map.of()));
  }

  private static String text(Labels labels) {
    StringBuilder text = new StringBuilder();
    for (Map.Entry<String, Object> entry : labels.entries()) {
      if (!entry.getKey().startsWith("ml.model.")) {
        text.append(text.length() == 0 ? "" : ",").append(entry);
      }
    }
    return text.toString();
  }
}
