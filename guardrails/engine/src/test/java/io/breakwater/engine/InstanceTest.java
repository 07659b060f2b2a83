package io.breakwater.engine;

import static io.breakwater.engine.LatencyStage.COLD;
import static io.breakwater.engine.LatencyStage.OVER_50_MS;
import static io.breakwater.engine.LatencyStage.P99_AT_MOST_50_MS;
import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.engine.DecisionRecord.Kind;
import io.breakwater.engine.detect.Tally;
import io.breakwater.engine.detect.Tally.Part;
import io.breakwater.engine.policy.Breaches;
import io.breakwater.engine.policy.Guardrail;
import io.breakwater.engine.policy.Then;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** One serving process that misbehaves is not its version. */
class InstanceTest {
  private static final String[] HEALTHY = {"1 a 40", "2 x 5", "2 y 5", "2 z 5"};

  @Test
  void oneSlowInstanceOfThree_isToldOnceAndTripsNothing() {
    LatencyStage latency = new LatencyStage(COLD, OVER_50_MS).panes(100, HEALTHY);
    latency.panes(100, "1 a 40", "2 x 5", "2 y 5 4", "2 z 5");

    assertThat(latency.stage.actions).isEmpty();
    assertThat(latency.stage.kinds()).containsExactly(Kind.INSTANCE);
    assertThat(latency.stage.state.findings()).contains(Finding.INSTANCE);
    assertThat(latency.stage.breaker("2").name()).isEqualTo("CLOSED");
    DecisionRecord told = latency.stage.lastRecord();
    assertThat(told.version()).isEqualTo("2");
    assertThat(told.reason())
        .startsWith(
            "instance y: 16 of 20 calls took over 50 ms; the other 2 instances of version 2: 0 of"
                + " 40; 16 of 60 calls took over 50 ms");

    latency.panes(300, HEALTHY);
    assertThat(latency.stage.state.findings()).isEmpty();
    latency.panes(50, "1 a 40", "2 x 5 4", "2 y 5", "2 z 5");
    assertThat(latency.stage.kinds()).containsExactly(Kind.INSTANCE, Kind.INSTANCE);
    assertThat(latency.stage.lastRecord().reason()).startsWith("instance x: ");
  }

  @Test
  void oneInstanceThatFails_isToldByErrorsToo() {
    LatencyStage latency = new LatencyStage(COLD, Stage.AGAINST_STABLE, Stage.AT_MOST_5);
    latency.panes(100, HEALTHY).panes(100, "1 a 40", "2 x 5", "2 y 5 0 5", "2 z 5");
    assertThat(latency.stage.kinds()).containsExactly(Kind.INSTANCE);
    assertThat(latency.stage.lastRecord().reason())
        .matches(
            "instance y: (\\d+) of \\1 calls failed; the other 2 instances of version 2: 0 of .*");
  }

  @Test
  void instanceThatFailsUntilTheOthersFollow_tripsTheVersion() {
    LatencyStage latency = new LatencyStage(COLD, OVER_50_MS).panes(100, HEALTHY);
    latency.panes(600, "1 a 40", "2 x 5", "2 y 5 4", "2 z 5");
    assertThat(latency.stage.kinds()).containsExactly(Kind.INSTANCE);
    latency.until("TRIPPING", 10, "1 a 40", "2 x 5 4", "2 y 5 4", "2 z 5 4");
  }

  @Test
  void allInstancesSlow_isTheVersion() {
    LatencyStage latency = new LatencyStage(COLD, OVER_50_MS).panes(100, HEALTHY);
    assertThat(latency.until("TRIPPING", 5, "1 a 40", "2 x 5 3", "2 y 5 5", "2 z 5 2"))
        .isLessThanOrEqualTo(3);
  }

  @Test
  void onlyInstanceOfTheVersion_isTheVersion() {
    LatencyStage latency = new LatencyStage(COLD, OVER_50_MS).panes(100, "1 a 40", "2 x 15");
    assertThat(latency.until("TRIPPING", 5, "1 a 40", "2 x 15 12")).isLessThanOrEqualTo(3);
  }

  @Test
  void tooFewCallsToTellTheInstance_tripsTheVersionAfterASecond() {
    LatencyStage latency =
        new LatencyStage(COLD, OVER_50_MS).panes(100, "1 a 40", "2 x 10", "2 y 0");
    int suspect = latency.until("SUSPECT", 5, "1 a 40", "2 x 10 8", "2 y 1");
    assertThat(latency.until("TRIPPING", 20, "1 a 40", "2 x 10 8", "2 y 1")).isEqualTo(10);
    assertThat(suspect).isLessThanOrEqualTo(3);
  }

  @Test
  void oneSlowInstanceOfTheStableVersion_isToldByItsLimit() {
    LatencyStage latency =
        new LatencyStage(COLD, P99_AT_MOST_50_MS).panes(100, "1 a 20", "1 b 20", "2 x 10");
    latency.panes(100, "1 a 20 5", "1 b 20", "2 x 10");
    assertThat(latency.stage.kinds()).containsExactly(Kind.INSTANCE);
    assertThat(latency.stage.lastRecord().version()).isEqualTo("1");
    assertThat(latency.stage.lastRecord().reason())
        .startsWith("instance a: ")
        .contains("; the other instance of version 1: 0 of ");
  }

  @Test
  void guardrailThatAlerts_tellsTheInstanceOnce() {
    Guardrail alerts =
        new Guardrail.ErrorsLimit("errors max", 0.05, 1e-4, Then.ALERT, Breaches.AT_ONCE, null);
    LatencyStage latency = new LatencyStage(COLD, alerts).panes(100, HEALTHY);
    latency.panes(100, "1 a 40", "2 x 5", "2 y 5 0 5", "2 z 5");
    assertThat(latency.stage.kinds()).containsExactly(Kind.INSTANCE);
    assertThat(latency.stage.lastRecord().reason()).startsWith("errors max: instance y: ");
  }

  @Test
  void culprit_leavesTheRestAsItShouldBe() {
    assertThat(Culprit.of(tally(20, 15, 180, 5), 0.01)).isNotNull();
    assertThat(Culprit.of(tally(20, 15, 180, 6), 0.01)).isNull();
    assertThat(Culprit.of(tally(19, 15, 180, 4), 0.01).isCertain()).isFalse();
    assertThat(Culprit.of(tally(20, 15, 0, 0), 0.01)).isNull();
    assertThat(Culprit.of(Tally.NONE, 0.01)).isNull();
  }

  @Test
  void instancesBeyond64_arePooledAndNotBlamed() {
    Tally sum = Tally.NONE;
    for (int i = 0; i < 80; i++) {
      sum = sum.plus(new Tally(1, 1, Map.of(), 0, 0, Map.of("i-" + (100 + i), new Part(1, 1))));
    }
    assertThat(sum.instances()).hasSize(65).containsEntry("other", new Part(16, 16));
    Tally pooled =
        new Tally(
            200, 100, Map.of(), 0, 0, Map.of("other", new Part(100, 100), "i", new Part(100, 0)));
    assertThat(Culprit.of(pooled, 0.01)).isNull();
  }

  private static Tally tally(long calls, long bad, long otherCalls, long otherBad) {
    return new Tally(
        calls + otherCalls,
        bad + otherBad,
        Map.of(),
        0,
        0,
        Map.of("i-7", new Part(calls, bad), "i-8", new Part(otherCalls, otherBad)));
  }
}
