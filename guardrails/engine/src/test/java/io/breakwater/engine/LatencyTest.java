package io.breakwater.engine;

import static io.breakwater.engine.LatencyStage.COLD;
import static io.breakwater.engine.LatencyStage.OVER_50_MS;
import static io.breakwater.engine.LatencyStage.OVER_P99;
import static io.breakwater.engine.LatencyStage.P99_AT_MOST_50_MS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.breakwater.engine.DecisionRecord.Kind;
import io.breakwater.engine.Event.ShiftReported.Phase;
import io.breakwater.engine.Event.Verb;
import io.breakwater.engine.Pane.InstancePane;
import io.breakwater.engine.Pane.VersionPane;
import io.breakwater.engine.policy.Guardrail;
import io.breakwater.engine.policy.WarmUp;
import io.breakwater.signals.BucketCounts;
import io.breakwater.signals.BucketIndex;
import io.breakwater.signals.ExponentialHistogram;
import io.breakwater.signals.HistogramSnapshot;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Slow calls: thresholds, warm-up, limits, probes. */
class LatencyTest {
  @Test
  void canaryThatIsSlow_isTakenOutAndTheEvidenceSaysHowSlow() {
    LatencyStage latency = new LatencyStage(COLD, OVER_50_MS).panes(200, "1 a 40", "2 b 10");
    assertThat(latency.verdict("2", OVER_50_MS)).isEqualTo(Verdict.PASS);

    assertThat(latency.until("TRIPPING", 10, "1 a 40", "2 b 10 5")).isLessThanOrEqualTo(5);

    Evidence evidence = latency.stage.lastRecord().evidence();
    assertThat(evidence.guardrail()).isEqualTo("slower than 50ms");
    assertThat(evidence.signal()).isEqualTo("duration");
    assertThat(evidence.what()).isEqualTo("took over 50 ms");
    assertThat(evidence.unit()).isEqualTo("calls");
    assertThat(evidence.against()).isEqualTo("1");
    assertThat(evidence.sentence())
        .isEqualTo(
            "15 of 30 calls took over 50 ms (50 %) within 0.3 s, against 0 of 120 (0 %) on version"
                + " 1; normal is 0.01 %");
    assertThat(latency.stage.state.versions().get("2").trippedBy()).isEqualTo("slower than 50ms");
  }

  @Test
  void failedCalls_areNotSlowAndNotFast() {
    LatencyStage latency = new LatencyStage(COLD, OVER_50_MS).panes(100, "1 a 40", "2 b 10 0 10");
    assertThat(latency.verdict("2", OVER_50_MS)).isEqualTo(Verdict.NO_DATA);
    assertThat(latency.note("2", OVER_50_MS)).isEmpty();
  }

  @Test
  void durationsThatCannotBeRead_leaveTheVersionUnguarded() {
    Stage stage = new LatencyStage(COLD, OVER_50_MS).stage.healthy(20);
    assertThat(stage.state.findings()).contains(Finding.UNGUARDED);
    assertThat(stage.state.versions().get("2").verdicts().get("slower than 50ms").note())
        .isEqualTo(
            "UNGUARDED: no durations of version 2 that can be read arrive; UNGUARDED: no durations"
                + " of version 1 that can be read arrive");
  }

  @Test
  void quantileOfTheStableVersion_isTheThresholdAfter2000WarmCalls() {
    LatencyStage latency = new LatencyStage(COLD, OVER_P99).panes(20, "1 a 40 2", "2 b 10");
    assertThat(latency.verdict("2", OVER_P99)).isEqualTo(Verdict.NO_DATA);
    assertThat(latency.note("2", OVER_P99))
        .isEqualTo("the threshold needs 2,000 warm calls of version 1, has 800");
    assertThat(latency.stage.state.slowAbove(OVER_P99)).isNull();

    latency.panes(30, "1 a 40 2", "2 b 10");
    double above = latency.stage.state.slowAbove(OVER_P99);
    assertThat(above).isBetween(0.080, 0.082);
    assertThat(BucketIndex.ofScale(5).upperBound(BucketIndex.ofScale(5).indexOf(0.080)))
        .isEqualTo(above);
    latency.panes(30, "1 a 40 2", "2 b 10");
    assertThat(latency.verdict("2", OVER_P99)).isEqualTo(Verdict.PASS);
    assertThat(latency.note("2", OVER_P99)).isEmpty();
  }

  @Test
  void threshold_isRenewedAfter10SecondsAnd2000Calls() {
    LatencyStage latency = new LatencyStage(COLD, OVER_P99).panes(50, "1 a 40 40", "2 b 10 10");
    double above = latency.stage.state.slowAbove(OVER_P99);
    assertThat(above).isCloseTo(0.080, within(0.002));
    latency.panes(99, "1 a 40", "2 b 10");
    assertThat(latency.stage.state.slowAbove(OVER_P99)).isEqualTo(above);
    latency.panes(1, "1 a 40", "2 b 10");
    assertThat(latency.stage.state.slowAbove(OVER_P99)).isCloseTo(0.010, within(0.0003));

    latency.panes(150, "1 a 10", "2 b 10");
    latency.panes(50, "1 a 10 10", "2 b 10"); // one slow window, then another
    assertThat(latency.stage.state.slowAbove(OVER_P99)).isCloseTo(0.010, within(0.0003));
    latency.panes(199, "1 a 10 10", "2 b 10");
    assertThat(latency.stage.state.slowAbove(OVER_P99)).isCloseTo(0.010, within(0.0003));
    latency.panes(1, "1 a 10 10", "2 b 10");
    assertThat(latency.stage.state.slowAbove(OVER_P99)).isCloseTo(0.080, within(0.002));
  }

  @Test
  void thresholdLearntInABadHour_doesNotHideASlowCanary() {
    LatencyStage latency = new LatencyStage(COLD, OVER_P99).panes(50, "1 a 40 40", "2 b 10 10");
    latency.panes(200, "1 a 40", "2 b 10");
    latency.until("TRIPPING", 20, "1 a 40", "2 b 10 10");
  }

  @Test
  void bothAsSlowAsEachOther_isNoBreach() {
    LatencyStage latency = new LatencyStage(COLD, OVER_P99).panes(60, "1 a 40", "2 b 10");
    latency.panes(400, "1 a 40 40", "2 b 10 10");
    assertThat(latency.verdict("2", OVER_P99)).isEqualTo(Verdict.PASS);
    assertThat(latency.stage.records).isEmpty();
  }

  @Test
  void threshold_isAnewWhenAnotherVersionIsStable() {
    LatencyStage latency = new LatencyStage(COLD, OVER_P99).panes(60, "1 a 40", "2 b 10");

    latency.stage.order(Verb.PROMOTE, "2");
    assertThat(latency.stage.state.slowAbove(OVER_P99)).isNull();
    latency.panes(1, "1 a 40", "2 b 10");
    assertThat(latency.note("1", OVER_P99))
        .isEqualTo("the threshold needs 2,000 warm calls of version 2, has 10");
  }

  @Test
  void coldInstance_isNotJudgedByItsLatency() {
    WarmUp warmUp = new WarmUp(200, Duration.ofSeconds(3));
    LatencyStage latency = new LatencyStage(warmUp, OVER_50_MS).panes(60, "1 a 40");
    latency.panes(29, "1 a 40", "2 b 10 10");
    assertThat(latency.stage.records).isEmpty();
    assertThat(latency.note("2", OVER_50_MS))
        .isEqualTo("every instance of version 2 is warming up: 200 calls and 3 s");
    latency.panes(100, "1 a 40", "2 b 10");
    assertThat(latency.verdict("2", OVER_50_MS)).isEqualTo(Verdict.PASS);

    latency.panes(30, "1 a 40", "2 b 10", "2 fresh 10 10");
    assertThat(latency.stage.records).isEmpty();
    assertThat(latency.stage.state.versions().get("2").durations().count()).isEqualTo(1_290);
  }

  @Test
  void warmUp_takesBothCallsAndTime() {
    WarmUp warmUp = new WarmUp(200, Duration.ofSeconds(3));
    LatencyStage few = new LatencyStage(warmUp, OVER_50_MS).panes(200, "1 a 40", "2 b 1 1");
    assertThat(few.stage.state.versions().get("2").durations().count()).isZero();
    few.panes(1, "1 a 40", "2 b 1 1");
    assertThat(few.stage.state.versions().get("2").durations().count()).isEqualTo(1);
    LatencyStage brief = new LatencyStage(warmUp, OVER_50_MS).panes(30, "1 a 40", "2 b 50 50");
    assertThat(brief.stage.state.versions().get("2").durations().count()).isZero();
    brief.panes(1, "1 a 40", "2 b 50");
    assertThat(brief.stage.state.versions().get("2").durations().count()).isEqualTo(50);
  }

  @Test
  void coldStableVersion_isNotComparedWith() {
    WarmUp warmUp = new WarmUp(200, Duration.ofSeconds(3));
    LatencyStage latency = new LatencyStage(warmUp, OVER_50_MS).panes(100, "2 b 10");
    latency.panes(20, "1 a 40 40", "2 b 10");
    assertThat(latency.verdict("2", OVER_50_MS)).isEqualTo(Verdict.NO_DATA);
    assertThat(latency.note("2", OVER_50_MS)).startsWith("every instance of version 1 is warming");
  }

  @Test
  void limitOnAQuantile_isALimitOnTheShareAbove() {
    LatencyStage latency = new LatencyStage(COLD, P99_AT_MOST_50_MS).panes(100, "1 a 40", "2 b 10");
    latency.until("TRIPPING", 20, "1 a 40", "2 b 10 3");
    assertThat(latency.stage.lastRecord().evidence().against()).isNull();
    assertThat(latency.stage.lastRecord().evidence().sentence())
        .contains(" calls took over 50 ms (30 %) within ")
        .endsWith("; at most 1 % is allowed");
  }

  @Test
  void slowForBothVersions_isUpstream() {
    LatencyStage latency =
        new LatencyStage(COLD, OVER_50_MS, P99_AT_MOST_50_MS).panes(100, "1 a 40", "2 b 10");
    latency.panes(100, "1 a 40 10", "2 b 10 5");
    assertThat(latency.stage.kinds()).containsExactly(Kind.UPSTREAM);
    assertThat(latency.stage.actions).isEmpty();
    assertThat(latency.stage.state.findings()).contains(Finding.UPSTREAM);
    assertThat(latency.stage.lastRecord().reason()).contains("(p99 max 50ms)");
  }

  @Test
  void callsOfABucketThatHoldsTheThreshold_areInDoubtAndSpeakAgainstNobody() {
    Stage stage = new LatencyStage(COLD, OVER_50_MS, P99_AT_MOST_50_MS).stage;
    BucketIndex octaves = BucketIndex.ofScale(0);
    HistogramSnapshot doubtful =
        HistogramSnapshot.of(
            0, 0, 0, 0, 0, 0, BucketCounts.of(octaves.indexOf(0.05), 10), BucketCounts.EMPTY);
    for (int i = 0; i < 100; i++) {
      stage.pane(
          List.of(new VersionPane("1", 40, 0, Map.of()), new VersionPane("2", 10, 0, Map.of())),
          List.of(
              new InstancePane(
                  "a", 0, Map.of("1", 40L), Map.of("1", LatencyStage.durations(40, 0))),
              new InstancePane("b", 0, Map.of("2", 10L), Map.of("2", doubtful))));
    }
    assertThat(stage.records).isEmpty();
    assertThat(stage.state.versions().get("2").verdicts().get("slower than 50ms").verdict())
        .isEqualTo(Verdict.NO_DATA);
    assertThat(stage.state.versions().get("2").verdicts().get("slower than 50ms").note())
        .isEqualTo(
            "UNGUARDED: the buckets of version 2 are too coarse, 100 % of its calls are in the one"
                + " around 50 ms");
    assertThat(stage.state.findings()).contains(Finding.UNGUARDED);
  }

  @Test
  void versionTrippedByItsLatency_isProbedOnItsLatency() {
    LatencyStage latency = new LatencyStage(COLD, OVER_50_MS).panes(200, "1 a 40", "2 b 10");
    tripAndWaitForProbes(latency, "1 a 40", "2 b 10 5");
    latency.until("OPEN", 40, "1 a 49", "2 b 1 1");
    assertThat(latency.stage.lastRecord().kind()).isEqualTo(Kind.PROBE_FAILED);
    assertThat(latency.stage.lastRecord().reason()).contains("calls took over 50 ms");

    latency.stage.report(latency.stage.lastShift().shift().id(), Phase.APPLIED);
    latency.stage.report(latency.stage.lastShift().shift().id(), Phase.CONVERGED);
    latency.until("HALF_OPEN", 700, "1 a 50");
    latency.until("CLOSED", 60, "1 a 49", "2 b 1");
    assertThat(latency.stage.lastRecord().kind()).isEqualTo(Kind.RESET);
    assertThat(latency.stage.lastRecord().reason())
        .startsWith("the probes passed: 0 of 44 probe calls took over 50 ms");
  }

  @Test
  void versionTrippedByErrors_isProbedOnErrors() {
    Guardrail errors = Stage.AGAINST_STABLE;
    LatencyStage latency =
        new LatencyStage(COLD, OVER_50_MS, errors).panes(200, "1 a 40", "2 b 10");
    tripAndWaitForProbes(latency, "1 a 40", "2 b 10 0 5");
    latency.until("CLOSED", 60, "1 a 49", "2 b 1");
    assertThat(latency.stage.lastRecord().reason())
        .startsWith("the probes passed: 0 of 44 probe calls failed");
  }

  private static void tripAndWaitForProbes(LatencyStage latency, String... counts) {
    latency.until("TRIPPING", 20, counts);
    latency.stage.report(latency.stage.lastShift().shift().id(), Phase.APPLIED);
    latency.stage.report(latency.stage.lastShift().shift().id(), Phase.CONVERGED);
    latency.until("HALF_OPEN", 400, "1 a 50");
  }

  @Test
  void quantileUnderAMillisecond_isNoThreshold() {
    ExponentialHistogram fast = ExponentialHistogram.ofScale(5);
    for (int i = 1; i <= 2_000; i++) {
      fast.record(i * 1e-7);
    }

    double bound =
        new BaselineWindow("1", Latency.NONE, fast.snapshot(), Latency.NONE, null).boundAt(0.99);

    assertThat(bound).isBetween(0.001, 0.0011);
  }
}
