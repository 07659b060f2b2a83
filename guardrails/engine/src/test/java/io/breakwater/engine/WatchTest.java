package io.breakwater.engine;

import static io.breakwater.engine.Stage.AGAINST_STABLE;
import static io.breakwater.engine.Stage.AT_MOST_5;
import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.engine.DecisionRecord.Kind;
import io.breakwater.engine.Pane.InstancePane;
import io.breakwater.engine.Pane.VersionPane;
import io.breakwater.engine.policy.Mode;
import io.breakwater.engine.policy.ModelPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Instances, silence, versions that come and go, and the ledger. */
class WatchTest {
  private final Stage stage = Stage.of(Mode.ENFORCE, AGAINST_STABLE);

  /** Seconds in which the named instances beat once and each version has the given calls. */
  private void seconds(int seconds, Map<String, Long> calls, String... beating) {
    for (int i = 0; i < seconds * 10; i++) {
      List<VersionPane> versions = new ArrayList<>();
      calls.forEach((v, n) -> versions.add(new VersionPane(v, n, 0, Map.of())));
      List<InstancePane> instances = new ArrayList<>();
      for (String instance : beating) {
        String version = instance.substring(instance.length() - 1);
        Map<String, Long> own =
            calls.containsKey(version) ? Map.of(version, calls.get(version)) : Map.of();
        instances.add(new InstancePane(instance, i % 10 == 0 ? 1 : 0, own));
      }
      stage.pane(versions, instances);
    }
  }

  @Test
  void agentsAliveAndNoCallsFor10Seconds_isNoTraffic() {
    seconds(3, Map.of("1", 40L, "2", 10L), "jvm-1", "jvm-2");
    seconds(9, Map.of(), "jvm-1", "jvm-2");
    assertThat(stage.state.findings()).isEmpty();
    seconds(2, Map.of(), "jvm-1", "jvm-2");
    assertThat(stage.state.findings()).containsExactly(Finding.NO_TRAFFIC);
    seconds(1, Map.of("1", 1L), "jvm-1", "jvm-2");
    assertThat(stage.state.findings()).isEmpty();
    assertThat(stage.records).isEmpty();
  }

  @Test
  void nobodyAliveAndNoCalls_isNotNoTraffic() {
    stage.panes(300);
    assertThat(stage.state.findings()).isEmpty();
  }

  @Test
  void instanceSilentFor5Seconds_isBlindToldOnceAndTripsNothing() {
    seconds(3, Map.of("1", 40L, "2", 10L), "jvm-1", "jvm-2");
    seconds(4, Map.of("1", 40L), "jvm-1");
    assertThat(stage.records).isEmpty();
    seconds(60, Map.of("1", 40L), "jvm-1");
    assertThat(stage.kinds()).containsExactly(Kind.BLIND);
    assertThat(stage.lastRecord().version()).isNull();
    assertThat(stage.lastRecord().reason()).contains("jvm-2").contains("it served version 2");
    assertThat(stage.state.findings()).containsExactly(Finding.BLIND);
    assertThat(stage.state.instances().get("jvm-2").blind()).isTrue();
    assertThat(stage.actions).isEmpty();
    assertThat(stage.breaker("2").name()).isEqualTo("CLOSED");

    seconds(1, Map.of("1", 40L, "2", 10L), "jvm-1", "jvm-2");
    assertThat(stage.kinds()).containsExactly(Kind.BLIND, Kind.SEEING_AGAIN);
    assertThat(stage.state.findings()).isEmpty();
  }

  @Test
  void instanceThatNeverBeat_isNeverMissed() {
    stage.healthy(3).panes(100, "1:40:0");
    assertThat(stage.records).isEmpty();
  }

  @Test
  void instanceGoneForLong_isForgotten() {
    seconds(3, Map.of("1", 40L), "jvm-1", "jvm-2");
    seconds(601, Map.of("1", 40L), "jvm-1");
    assertThat(stage.state.instances()).containsOnlyKeys("jvm-1");
    assertThat(stage.state.findings()).isEmpty();
    assertThat(stage.kinds()).containsExactly(Kind.BLIND);
  }

  @Test
  void silenceDuringAStopOfTheCollector_isNobodysFault() {
    seconds(3, Map.of("1", 40L, "2", 10L), "jvm-1", "jvm-2");
    stage.now = stage.now.plus(Duration.ofHours(2));
    stage.step(new Event.Resumed(stage.now));
    stage.panes(49);
    assertThat(stage.records).isEmpty();
    assertThat(stage.state.instances()).containsOnlyKeys("jvm-1", "jvm-2");
    assertThat(stage.state.versions()).containsOnlyKeys("1", "2");
    stage.panes(2);
    assertThat(stage.kinds()).containsExactly(Kind.BLIND, Kind.BLIND);
  }

  @Test
  void canaryWithoutTrafficFor10Minutes_isForgotten() {
    seconds(3, Map.of("1", 40L, "2", 10L), "jvm-1", "jvm-2");
    seconds(599, Map.of("1", 40L), "jvm-1", "jvm-2");
    assertThat(stage.state.versions()).containsKey("2");
    seconds(2, Map.of("1", 40L), "jvm-1", "jvm-2");
    assertThat(stage.state.versions()).containsOnlyKeys("1");
    assertThat(stage.state.ledger()).isEmpty();
    assertThat(stage.records).isEmpty();
  }

  @Test
  void trippedVersionThatIsStillThere_keepsItsBreaker() {
    seconds(3, Map.of("1", 40L, "2", 10L), "jvm-1", "jvm-2");
    stage.tripAndVerify();
    stage.observe(Map.of("1", 1.0, "2", 0.0), null);
    stage.order(Event.Verb.TRIP, "2");
    seconds(1200, Map.of("1", 40L), "jvm-1", "jvm-2");
    assertThat(stage.breaker("2").name()).isEqualTo("FORCED_OPEN");
  }

  @Test
  void trippedVersionThatLeaves_isEndedAndStaysTrippedInTheLedger() {
    ModelPolicy latching =
        Stage.policy(
            Mode.ENFORCE, d -> LifeTest.settings(d, Duration.ofDays(1), 2), AGAINST_STABLE);
    Stage longCooldown = new Stage(latching);
    longCooldown.healthy(20).tripAndVerify();
    longCooldown.now = longCooldown.now.plus(Duration.ofHours(23));
    longCooldown.pane("1:40:0");
    assertThat(longCooldown.breaker("2").name()).isEqualTo("OPEN");
    longCooldown.now = longCooldown.now.plus(Duration.ofMinutes(59));
    longCooldown.pane("1:40:0");
    longCooldown.now = longCooldown.now.plus(Duration.ofMinutes(2));
    // the cooldown would be over now, and the version has not been heard of for 24 h
    longCooldown.step(
        new Event.PolicyChanged(
            longCooldown.now, Stage.policy(Mode.OBSERVE, d -> d, AGAINST_STABLE)));
    longCooldown.pane("1:40:0");
    assertThat(longCooldown.state.versions()).containsOnlyKeys("1");
    assertThat(longCooldown.lastRecord().kind()).isEqualTo(Kind.ENDED);
    assertThat(longCooldown.state.ledger().get("2").standing()).isEqualTo(Standing.TRIPPED);

    longCooldown.pane("1:40:0", "2:10:0");
    assertThat(longCooldown.state.versions().get("2").standing()).isEqualTo(Standing.TRIPPED);
    assertThat(longCooldown.state.ledger()).isEmpty();
  }

  @Test
  void trippedVersionWhoseInstancesStoppedBeating_isEndedAfter10Minutes() {
    seconds(20, Map.of("1", 40L, "2", 10L), "jvm-1", "jvm-2");
    stage.tripAndVerify();
    int before = stage.records.size();
    stage.step(
        new Event.PolicyChanged(stage.now, Stage.policy(Mode.OBSERVE, d -> d, AGAINST_STABLE)));
    seconds(605, Map.of("1", 40L), "jvm-1");
    assertThat(stage.kinds().subList(before, stage.records.size()))
        .containsExactly(Kind.BLIND, Kind.ENDED);
    assertThat(stage.state.ledger().get("2").standing()).isEqualTo(Standing.TRIPPED);
  }

  @Test
  void version_isProvenBy24HoursAnd10000CallsWithoutABreach() {
    ModelPolicy declared = Stage.policy(Mode.ENFORCE, AT_MOST_5);
    Stage undeclared =
        new Stage(
            ModelPolicy.of(
                "credit", null, Mode.ENFORCE, declared.guardrails(), declared.breaker(), null, ""));
    List<VersionPane> calls = List.of(new VersionPane("7", 20, 0, Map.of()));
    for (int second = 0; second < 86_400; second++) {
      java.time.Instant start = undeclared.now;
      undeclared.now = start.plusSeconds(1);
      undeclared.state =
          Engine.step(
                  undeclared.state,
                  new Event.PaneClosed(new Pane(start, undeclared.now, calls, List.of())))
              .next();
    }
    assertThat(undeclared.state.stable()).isEqualTo("7");
    assertThat(undeclared.state.versions().get("7").standing()).isEqualTo(Standing.GOOD);
  }

  @Test
  void moreVersionsThanAreToldApart_areUnguarded() {
    List<String> counts = new ArrayList<>();
    for (int v = 0; v < 101; v++) {
      counts.add(v + ":1:0");
    }
    stage.pane(counts.toArray(String[]::new));
    assertThat(stage.state.versions()).hasSize(100);
    assertThat(stage.state.findings()).contains(Finding.UNGUARDED);
  }

  @Test
  void share_isOfTheLast10SecondsOrSinceTheVersionAppeared() {
    stage.panes(200, "1:50:0");
    stage.panes(20, "1:40:0", "2:10:0");
    assertThat(stage.state.versions().get("2").share()).isEqualTo(0.2);
    stage.panes(200, "1:50:0");
    assertThat(stage.state.versions().get("2").share()).isZero();
  }
}
