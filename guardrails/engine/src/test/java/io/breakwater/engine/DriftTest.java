package io.breakwater.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.engine.ModelState.GuardrailState;
import io.breakwater.engine.Pane.InstancePane;
import io.breakwater.engine.Pane.Reading;
import io.breakwater.engine.Pane.VersionPane;
import io.breakwater.engine.breaker.BreakerState;
import io.breakwater.engine.detect.DriftDetector;
import io.breakwater.engine.detect.Histograms;
import io.breakwater.engine.policy.Breaches;
import io.breakwater.engine.policy.Guardrail;
import io.breakwater.engine.policy.Mode;
import io.breakwater.engine.policy.ModelPolicy;
import io.breakwater.engine.policy.ReferenceSource;
import io.breakwater.engine.policy.Then;
import io.breakwater.engine.reference.Progress;
import io.breakwater.engine.reference.Reference;
import io.breakwater.engine.reference.ReferenceDigest;
import io.breakwater.engine.reference.ReferenceGatherer;
import io.breakwater.engine.reference.ReferenceSet;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/** Drift through the whole engine: panes of one second with a look at the score in each. */
class DriftTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final String NAME = "score native";
  private static final DoubleUnaryOperator SAME = x -> x;

  private final Random random = new Random(3);

  private static Guardrail drift(String signal, Then then) {
    return new Guardrail.Drift(signal + " native", signal, 0.03, then, Breaches.AT_ONCE);
  }

  private static Stage stage(ReferenceSource source, Guardrail... rules) {
    return new Stage(policy(source, rules));
  }

  private static ModelPolicy policy(ReferenceSource source, Guardrail... rules) {
    return Stage.policy(Mode.ENFORCE, rules).comparedWith(source);
  }

  private static ReferenceSource firstRows(String version, long rows) {
    return new ReferenceSource.FirstRows(version, rows);
  }

  private Distribution scores(int rows, DoubleUnaryOperator change) {
    double[] values = new double[rows];
    Arrays.setAll(
        values, i -> change.applyAsDouble(1 / (1 + Math.exp(-random.nextGaussian() - 0.5))));
    return Histograms.scores(5, values);
  }

  /** A second in which version 1 serves 400 rows and version 2 serves 100. */
  private Step second(Stage stage, DoubleUnaryOperator stable, DoubleUnaryOperator canary) {
    return second(
        stage,
        new Reading("1", "score", scores(400, stable)),
        new Reading("2", "score", scores(100, canary)));
  }

  private static Step second(Stage stage, Reading... readings) {
    Instant start = stage.now;
    stage.now = start.plus(SECOND);
    return stage.step(
        new Event.PaneClosed(
            new Pane(
                start,
                stage.now,
                List.of(
                    new VersionPane("1", 400, 0, Map.of()), new VersionPane("2", 100, 0, Map.of())),
                List.of(
                    new InstancePane("jvm-1", 0, Map.of("1", 400L)),
                    new InstancePane("jvm-2", 0, Map.of("2", 100L))),
                List.of(readings))));
  }

  private static GuardrailState verdict(Stage stage, String version) {
    return stage.state.versions().get(version).drift().get(NAME);
  }

  @Test
  void theReference_isGatheredAnnouncedAndPinned() {
    Stage stage = stage(firstRows("1", 10_000), drift("score", Then.TRIP));
    for (int i = 0; i < 12; i++) {
      second(stage, SAME, SAME);
    }
    assertThat(stage.state.reference("2", "score")).isNull();
    assertThat(stage.state.gathering("2", "score")).isEqualTo(new Progress(4_800, 10_000, 12));
    assertThat(verdict(stage, "2").note())
        .isEqualTo("the reference has 4,400 of 10,000 rows, 11 of 30 panes of version 1");
    for (int i = 0; i < 18; i++) {
      second(stage, SAME, SAME);
    }
    Reference reference = stage.state.reference("2", "score");
    assertThat(reference.values().rows()).isEqualTo(12_000);
    assertThat(stage.kinds()).containsExactly(DecisionRecord.Kind.REFERENCE_PINNED);
    assertThat(stage.lastRecord().reason())
        .contains("version 1: score (12,000 rows, 30 panes, dispersion 1.");
    for (int i = 0; i < 3; i++) {
      second(stage, SAME, SAME);
    }
    assertThat(stage.state.reference("2", "score")).isSameAs(reference);
    assertThat(verdict(stage, "1").verdict()).isEqualTo(Verdict.PASS);
    assertThat(verdict(stage, "2").verdict()).isEqualTo(Verdict.PASS);
    assertThat(stage.state.versions().get("2").guardrails()).containsKey(NAME);
  }

  @Test
  void panesWithoutReadings_shareTheDriftState() {
    Stage stage = armed(drift("score", Then.TRIP));
    ModelState before = stage.state;
    second(stage);
    assertThat(stage.state.versions().get("2").driftState())
        .isSameAs(before.versions().get("2").driftState());
    assertThat(stage.state.references()).isSameAs(before.references());
  }

  private Stage armed(Guardrail... rules) {
    Stage stage = stage(firstRows("1", 10_000), rules);
    for (int i = 0; i < 40; i++) {
      second(stage, SAME, SAME);
    }
    stage.records.clear();
    return stage;
  }

  @Test
  void aCanaryWhoseScoresMove_trips_andMayNotProbe() {
    Stage stage = armed(drift("score", Then.TRIP));
    int seconds = 0;
    while (stage.breaker("2") instanceof BreakerState.Closed && seconds < 40) {
      second(stage, SAME, score -> Math.pow(score, 1.5));
      seconds++;
    }
    assertThat(seconds).isLessThan(15);
    DecisionRecord record = stage.lastRecord();
    assertThat(record.kind()).isEqualTo(DecisionRecord.Kind.TRIPPED);
    assertThat(record.evidence().guardrail()).isEqualTo(NAME);
    assertThat(record.evidence().unit()).isEqualTo(Evidence.ROWS);
    assertThat(record.evidence().sentence())
        .containsPattern("\\d+ % of values (at most|below) 0.\\d+, the reference's p\\d+; normal")
        .contains("version 1 has ");
    assertThat(record.evidence().bad()).isPositive();
  }

  @Test
  void trafficThatMovesOnBothVersions_isUpstream() {
    Stage stage = armed(drift("score", Then.TRIP));
    for (int i = 0; i < 60; i++) {
      second(stage, score -> Math.pow(score, 1.5), score -> Math.pow(score, 1.5));
    }
    assertThat(stage.kinds()).containsExactly(DecisionRecord.Kind.UPSTREAM);
    assertThat(stage.lastRecord().reason()).contains("the traffic changed");
    assertThat(stage.state.findings()).contains(Finding.UPSTREAM);
    assertThat(stage.breaker("2")).isInstanceOf(BreakerState.Closed.class);
  }

  @Test
  void theStableVersionAlone_neverTrips() {
    Stage stage = armed(drift("score", Then.TRIP));
    for (int i = 0; i < 60; i++) {
      second(stage, score -> Math.pow(score, 1.5), SAME);
    }
    assertThat(stage.kinds()).containsExactly(DecisionRecord.Kind.UPSTREAM);
    assertThat(stage.breaker("1")).isInstanceOf(BreakerState.Closed.class);
    assertThat(stage.breaker("2")).isInstanceOf(BreakerState.Closed.class);
  }

  @Test
  void aRuleThatAlerts_tellsOnce() {
    Stage stage = armed(drift("score", Then.ALERT));
    for (int i = 0; i < 60; i++) {
      second(stage, SAME, score -> Math.pow(score, 1.5));
    }
    assertThat(stage.kinds()).containsExactly(DecisionRecord.Kind.BREACHED);
    assertThat(stage.breaker("2")).isInstanceOf(BreakerState.Closed.class);
  }

  @Test
  void featuresThatDriftTogether_areToldTogether() {
    Stage stage = stage(firstRows(null, 1_000), drift("feature:*", Then.ALERT));
    features(stage, 40, SAME);
    stage.records.clear();

    features(stage, 10, x -> x / 4);

    assertThat(stage.kinds()).containsExactly(DecisionRecord.Kind.BREACHED);
    assertThat(stage.lastRecord().reason())
        .startsWith("feature:")
        .endsWith(" and 2 more")
        .containsPattern(
            "at the same time: (feature:\\d native, ){4}feature:\\d native and 2 more");
  }

  private void features(Stage stage, int seconds, DoubleUnaryOperator change) {
    for (int i = 0; i < seconds; i++) {
      Reading[] readings = new Reading[8];
      Arrays.setAll(readings, j -> new Reading("1", "feature:" + j, scores(400, change)));
      second(stage, readings);
    }
  }

  @Test
  void quietStreams_stayQuiet() {
    Stage stage = armed(drift("score", Then.TRIP));
    for (int i = 0; i < 600; i++) {
      second(stage, SAME, SAME);
    }
    assertThat(stage.records).isEmpty();
  }

  @Test
  void theBudget_isSharedByAllArmedStreams() {
    Stage stage = armed(drift("score", Then.TRIP));
    DriftDetector detector = (DriftDetector) verdict(stage, "2").detector();
    assertThat(detector.lnThreshold()).isEqualTo(Math.log(86_400 / 0.01 * 2));
  }

  @Test
  void aPreparedReference_armsAtOnce_andIsRefusedWhereItIsTooShort() {
    ReferenceGatherer enough = ReferenceGatherer.of(1);
    ReferenceGatherer few = ReferenceGatherer.of(1);
    for (int i = 0; i < 40; i++) {
      enough = enough.add(scores(100, SAME));
      few = few.add(scores(10, SAME));
    }
    Map<String, Reference> signals = Map.of("score", enough.result(), "score:other", few.result());
    String digest = ReferenceDigest.of(signals);
    Stage stage = stage(new ReferenceSource.Prepared(digest), drift("score", Then.TRIP));
    second(stage, SAME, SAME);
    assertThat(verdict(stage, "2").note()).isEqualTo("the reference was not read yet");
    ReferenceSet set = new ReferenceSet("credit-reference.json", digest, signals);
    stage.step(new Event.ReferenceGiven(stage.now, set));
    stage.step(new Event.ReferenceGiven(stage.now, set));
    assertThat(stage.kinds()).containsExactly(DecisionRecord.Kind.REFERENCE_PINNED);
    assertThat(stage.lastRecord().reason())
        .contains("credit-reference.json")
        .contains("not armed: the reference has 400 rows (needed: 1,000)");
    for (int i = 0; i < 3; i++) {
      second(
          stage,
          new Reading("2", "score", scores(100, SAME)),
          new Reading("2", "score:other", scores(100, SAME)));
    }
    assertThat(verdict(stage, "2").verdict()).isEqualTo(Verdict.PASS);
    assertThat(stage.state.versions().get("2").drift().get("score:other native").note())
        .isEqualTo("the reference has 400 rows (needed: 1,000)");
  }

  @Test
  void anotherReference_isNotTaken() {
    Stage stage = stage(new ReferenceSource.Prepared("some"), drift("score", Then.TRIP));
    stage.step(new Event.ReferenceGiven(stage.now, new ReferenceSet("x", "other", Map.of())));
    assertThat(stage.records).isEmpty();
    assertThat(stage.state.references().prepared()).isNull();
  }

  @Test
  void coarseBuckets_areUnguarded() {
    Stage stage = armed(drift("score", Then.TRIP));
    for (int i = 0; i < 30; i++) {
      double[] values = new double[100];
      Arrays.setAll(values, j -> 1 / (1 + Math.exp(-random.nextGaussian() - 0.5)));
      second(stage, new Reading("2", "score", Histograms.numbers(-3, values)));
    }
    assertThat(verdict(stage, "2").verdict()).isEqualTo(Verdict.NO_DATA);
    assertThat(verdict(stage, "2").note()).startsWith("UNGUARDED: buckets too coarse");
    assertThat(stage.state.findings()).contains(Finding.UNGUARDED);
  }

  @Test
  void aGlob_standsForManySignals() {
    Stage stage = stage(firstRows(null, 1_000), drift("feature:*", Then.ALERT));
    for (int i = 0; i < 40; i++) {
      second(
          stage,
          new Reading("1", "feature:age", scores(100, SAME)),
          new Reading("1", "feature:income", scores(100, SAME)),
          new Reading("1", "score", scores(100, SAME)));
    }
    assertThat(stage.state.versions().get("1").drift())
        .containsOnlyKeys("feature:age native", "feature:income native");
    assertThat(stage.state.reference("1", "score")).isNull();
    assertThat(stage.state.versions().get("1").drift().values())
        .allMatch(state -> state.verdict() == Verdict.PASS);
    assertThat(stage.kinds()).containsExactly(DecisionRecord.Kind.REFERENCE_PINNED);
  }

  @Test
  void aRestart_goesOnWithReferenceAndEvidence() {
    Stage stage = armed(drift("score", Then.TRIP));
    Reference reference = stage.state.reference("2", "score");
    stage.step(new Event.Resumed(stage.now.plus(Duration.ofMinutes(5))));
    assertThat(stage.state.reference("2", "score")).isSameAs(reference);
    assertThat(((DriftDetector) verdict(stage, "2").detector()).looks()).isPositive();
    stage.step(
        new Event.PolicyChanged(
            stage.state.now(), policy(firstRows("1", 10_000), drift("feature:*", Then.TRIP))));
    assertThat(stage.state.versions().get("2").drift()).isEmpty();
  }
}
