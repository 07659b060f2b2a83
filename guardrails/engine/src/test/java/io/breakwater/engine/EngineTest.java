package io.breakwater.engine;

import static io.breakwater.engine.Stage.AGAINST_STABLE;
import static io.breakwater.engine.Stage.AT_MOST_5;
import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.engine.DecisionRecord.Kind;
import io.breakwater.engine.Event.ShiftReported.Phase;
import io.breakwater.engine.breaker.BreakerState;
import io.breakwater.engine.policy.Breaches;
import io.breakwater.engine.policy.Guardrail;
import io.breakwater.engine.policy.Mode;
import io.breakwater.engine.policy.ModelPolicy;
import io.breakwater.engine.policy.Then;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** From panes to verdicts, findings and the decision to act. */
class EngineTest {
  @Test
  void canaryThatFailsHalfOfItsCalls_isTakenOutAndVerified() {
    Stage stage = Stage.of(Mode.ENFORCE, AGAINST_STABLE).healthy(20);

    int panes = stage.failingUntil("TRIPPING", 10, "1:40:0", "2:10:5");

    assertThat(panes).isLessThanOrEqualTo(5);
    Action.Shift asked = stage.lastShift();
    assertThat(asked.within()).isEqualTo(Duration.ofSeconds(10));
    assertThat(asked.shift().version()).isEqualTo("2");
    assertThat(asked.shift().target()).isEqualTo("1");
    assertThat(asked.shift().share()).isZero();
    DecisionRecord tripped = stage.lastRecord();
    assertThat(tripped.kind()).isEqualTo(Kind.TRIPPED);
    assertThat(tripped.from()).isEqualTo("CLOSED");
    assertThat(tripped.to()).isEqualTo("TRIPPING");
    assertThat(tripped.by()).isEqualTo("breakwater");
    assertThat(tripped.decision()).matches("20261121T0220\\d\\d\\.\\d{3}Z-credit-2-1");
    assertThat(asked.shift().id()).isEqualTo(tripped.decision() + ".1");

    stage.report(asked.shift().id(), Phase.APPLIED);
    stage.panes(3, "1:45:0", "2:5:3");
    stage.report(asked.shift().id(), Phase.CONVERGED);
    stage.panes(20, "1:50:0");

    assertThat(stage.kinds()).containsExactly(Kind.TRIPPED, Kind.VERIFIED);
    assertThat(stage.breaker("2")).isInstanceOf(BreakerState.Open.class);
    assertThat(stage.state.versions().get("2").standing()).isEqualTo(Standing.TRIPPED);
    assertThat(stage.lastRecord().reason()).contains("calls of the model with none of version 2");
  }

  @Test
  void evidence_saysWhatFailedSinceWhenAndWhatIsNormal() {
    Stage stage = Stage.of(Mode.ENFORCE, AGAINST_STABLE).healthy(20);
    stage.failingUntil("TRIPPING", 10, "1:40:0", "2:10:5");

    Evidence evidence = stage.lastRecord().evidence();
    assertThat(evidence).isNotNull();
    assertThat(evidence.guardrail()).isEqualTo("errors against stable");
    assertThat(evidence.signal()).isEqualTo("errors");
    assertThat(evidence.version()).isEqualTo("2");
    assertThat(evidence.against()).isEqualTo("1");
    assertThat(evidence.since()).isEqualTo(Stage.START.plusSeconds(20));
    assertThat(evidence.until()).isEqualTo(stage.now);
    assertThat(evidence.bad() * 2).isEqualTo(evidence.seen());
    assertThat(evidence.againstBad()).isZero();
    assertThat(evidence.logEvidence()).isGreaterThanOrEqualTo(evidence.logThreshold());
    assertThat(evidence.errorTypes()).containsEntry("OrtException", evidence.bad());
    assertThat(evidence.sentence())
        .matches(
            "15 of 30 calls failed \\(50 %\\) within 0.3 s, against 0 of 120 \\(0 %\\) on version 1;"
                + " normal is 0.01 %");
  }

  @Test
  void limit_isJudgedWithoutAComparison() {
    Stage stage = Stage.of(Mode.ENFORCE, AT_MOST_5).healthy(5);
    stage.failingUntil("TRIPPING", 10, "1:40:0", "2:10:5");
    Evidence evidence = stage.lastRecord().evidence();
    assertThat(evidence).isNotNull();
    assertThat(evidence.against()).isNull();
    assertThat(evidence.baseline()).isEqualTo(0.05);
    assertThat(evidence.sentence()).endsWith("; at most 5 % is allowed");
  }

  @Test
  void stableVersion_isJudgedByLimitsOnly() {
    Stage stage = Stage.of(Mode.ENFORCE, AGAINST_STABLE, AT_MOST_5).healthy(5);
    assertThat(stage.state.versions().get("1").verdicts()).containsOnlyKeys("errors max");
    assertThat(stage.state.versions().get("2").verdicts())
        .containsOnlyKeys("errors against stable", "errors max");
    assertThat(stage.state.versions().get("1").standing()).isEqualTo(Standing.GOOD);
    assertThat(stage.state.versions().get("2").standing()).isEqualTo(Standing.UNKNOWN);
    assertThat(stage.state.versions().get("2").share()).isEqualTo(0.2);
  }

  @Test
  void tooLittleData_isNoDataAndMovesNothing() {
    Stage stage = Stage.of(Mode.ENFORCE, AGAINST_STABLE, AT_MOST_5).panes(1, "1:40:0", "2:19:19");
    assertThat(stage.state.versions().get("2").verdicts().values())
        .allSatisfy(state -> assertThat(state.verdict()).isEqualTo(Verdict.NO_DATA));
    assertThat(stage.breaker("2").name()).isEqualTo("CLOSED");
    assertThat(stage.records).isEmpty();
  }

  @Test
  void silentVersion_hasNoVerdict() {
    Stage stage = Stage.of(Mode.ENFORCE, AGAINST_STABLE).healthy(5).panes(101, "1:40:0");
    assertThat(stage.state.versions().get("2").verdicts().get("errors against stable").verdict())
        .isEqualTo(Verdict.NO_DATA);
    stage.pane("1:40:0", "2:10:0");
    assertThat(stage.state.versions().get("2").verdicts().get("errors against stable").verdict())
        .isEqualTo(Verdict.PASS);
  }

  @Test
  void breach_waitsAtMostOneSecondForTheStableVersionsCalls() {
    Stage stage = Stage.of(Mode.ENFORCE, AT_MOST_5).healthy(5);
    assertThat(stage.failingUntil("SUSPECT", 10, "1:1:0", "2:10:10")).isLessThanOrEqualTo(3);
    assertThat(stage.failingUntil("TRIPPING", 20, "1:1:0", "2:10:10")).isEqualTo(10);
  }

  @Test
  void bothVersionsAboveTheLimit_isUpstreamToldOnce() {
    Stage stage = Stage.of(Mode.ENFORCE, AGAINST_STABLE, AT_MOST_5).healthy(20);
    stage.panes(300, "1:40:12", "2:10:3");
    assertThat(stage.actions).isEmpty();
    assertThat(stage.kinds()).containsExactly(Kind.UPSTREAM);
    assertThat(stage.state.findings()).contains(Finding.UPSTREAM);
    assertThat(stage.breaker("2").name()).isEqualTo("CLOSED");
    assertThat(stage.records.get(0).reason()).contains("the fault lies upstream of both");

    stage.healthy(60);
    assertThat(stage.state.findings()).isEmpty();
    assertThat(stage.actions).isEmpty();
    assertThat(stage.kinds()).hasSize(1);
  }

  @Test
  void canaryWorseThanAnUnhealthyStable_isUpstreamToo() {
    Stage stage = Stage.of(Mode.ENFORCE, AGAINST_STABLE, AT_MOST_5).healthy(20);
    stage.panes(100, "1:40:8", "2:10:9");
    assertThat(stage.actions).isEmpty();
    assertThat(stage.kinds()).contains(Kind.UPSTREAM);
  }

  @Test
  void sharedFaultThatEndsForTheStableVersionOnly_tripsTheCanaryOnFreshEvidence() {
    Stage stage = Stage.of(Mode.ENFORCE, AGAINST_STABLE, AT_MOST_5).healthy(20);
    stage.panes(600, "1:40:20", "2:10:5");
    assertThat(stage.actions).isEmpty();
    stage.failingUntil("TRIPPING", 400, "1:40:0", "2:10:5");
    Evidence evidence = stage.lastRecord().evidence();
    assertThat(evidence).isNotNull();
    assertThat(evidence.againstBad()).isZero();
    assertThat(evidence.seen()).isLessThan(100);
  }

  @Test
  void sharedFaultThatEndsForBoth_tripsNobody() {
    Stage stage = Stage.of(Mode.ENFORCE, AGAINST_STABLE, AT_MOST_5).healthy(20);
    stage.panes(600, "1:40:20", "2:10:5").healthy(60);
    assertThat(stage.actions).isEmpty();
    assertThat(stage.breaker("2").name()).isEqualTo("CLOSED");
  }

  @Test
  void stableVersionAboveItsLimitAlone_hasNowhereToGo() {
    Stage stage = Stage.of(Mode.ENFORCE, AGAINST_STABLE, AT_MOST_5).healthy(20);
    stage.panes(100, "1:40:20", "2:10:0");
    assertThat(stage.actions).isEmpty();
    assertThat(stage.kinds()).containsExactly(Kind.NO_SAFE_TARGET);
    assertThat(stage.lastRecord().version()).isEqualTo("1");
    assertThat(stage.lastRecord().reason()).contains("version 1 is the stable version itself");
    assertThat(stage.state.findings()).containsExactly(Finding.NO_SAFE_TARGET);
  }

  @Test
  void stableVersionSilentFor5Seconds_isNoSafeTarget() {
    Stage stage = Stage.of(Mode.ENFORCE, AT_MOST_5).healthy(5).panes(51, "2:10:0");
    stage.panes(30, "2:10:10");
    assertThat(stage.actions).isEmpty();
    assertThat(stage.kinds()).containsExactly(Kind.NO_SAFE_TARGET);
    assertThat(stage.lastRecord().reason())
        .contains("no call or heartbeat of the stable version 1 for 5 s");
  }

  @Test
  void idleStableVersionWhoseInstanceBeats_isASafeTarget() {
    Stage stage = Stage.of(Mode.ENFORCE, AT_MOST_5).healthy(5);
    for (int i = 0; i < 200; i++) {
      stage.pane(
          List.of(new Pane.VersionPane("2", 10, i < 100 ? 0 : 10, Map.of())),
          List.of(
              new Pane.InstancePane("jvm-1", i % 10 == 0 ? 1 : 0, Map.of()),
              new Pane.InstancePane("jvm-2", i % 10 == 0 ? 1 : 0, Map.of("2", 10L))));
    }
    assertThat(stage.kinds().get(0)).isEqualTo(Kind.TRIPPED);
  }

  @Test
  void noStableVersionKnown_isUnguardedAndHasNowhereToGo() {
    ModelPolicy declared = Stage.policy(Mode.ENFORCE, AGAINST_STABLE, AT_MOST_5);
    Stage stage =
        new Stage(
            ModelPolicy.of(
                declared.model(),
                null,
                declared.mode(),
                declared.guardrails(),
                declared.breaker(),
                declared.backend(),
                declared.digest()));
    stage.healthy(5);
    assertThat(stage.state.findings()).containsExactly(Finding.UNGUARDED);
    stage.panes(20, "1:40:0", "2:10:10");
    assertThat(stage.kinds()).containsExactly(Kind.NO_SAFE_TARGET);
    assertThat(stage.lastRecord().reason()).contains("no version is known to be good");
  }

  @Test
  void modeObserve_tellsOncePerEpisodeAndDoesNothing() {
    Stage stage = Stage.of(Mode.OBSERVE, AGAINST_STABLE).healthy(20);
    assertThat(stage.breaker("2").name()).isEqualTo("OBSERVING");
    stage.panes(100, "1:40:0", "2:10:5");
    assertThat(stage.kinds()).containsExactly(Kind.WOULD_TRIP);
    stage.healthy(60).panes(100, "1:40:0", "2:10:5");
    assertThat(stage.kinds()).containsExactly(Kind.WOULD_TRIP, Kind.WOULD_TRIP);
    assertThat(stage.actions).isEmpty();
  }

  @Test
  void nOfM_isConfirmedByEnoughEvaluations() {
    Guardrail threeOfFive =
        new Guardrail.ErrorsAgainstStable("errors", 1e-4, Then.TRIP, new Breaches(3, 5), null);
    Stage stage = Stage.of(Mode.ENFORCE, threeOfFive).healthy(20);
    int suspected = stage.failingUntil("SUSPECT", 10, "1:40:0", "2:10:5");
    int confirmed = stage.failingUntil("TRIPPING", 10, "1:40:0", "2:10:5");
    assertThat(suspected).isLessThanOrEqualTo(5);
    assertThat(confirmed).isEqualTo(2);
  }

  @Test
  void nOfM_thatIsNotConfirmed_isOver() {
    Guardrail fourOfFour =
        new Guardrail.ErrorsAgainstStable("errors", 1e-4, Then.TRIP, new Breaches(4, 4), null);
    Stage stage = Stage.of(Mode.ENFORCE, fourOfFour).healthy(20);
    stage.failingUntil("SUSPECT", 10, "1:40:0", "2:10:5");
    stage.panes(110, "1:4000:0", "2:1000:0");
    assertThat(stage.breaker("2").name()).isEqualTo("CLOSED");
    assertThat(stage.actions).isEmpty();
  }

  @Test
  void alertingGuardrail_tellsOncePerEpisodeAndLeavesTheBreakerAlone() {
    Guardrail alert =
        new Guardrail.ErrorsLimit("errors max", 0.05, 1e-4, Then.ALERT, Breaches.AT_ONCE, null);
    Stage stage = Stage.of(Mode.ENFORCE, alert).healthy(20).panes(100, "1:40:0", "2:10:5");
    assertThat(stage.kinds()).containsExactly(Kind.BREACHED);
    stage.healthy(120).panes(100, "1:40:0", "2:10:5");
    assertThat(stage.kinds()).containsExactly(Kind.BREACHED, Kind.BREACHED);
    assertThat(stage.breaker("2").name()).isEqualTo("CLOSED");
  }

  @Test
  void approval_isAskedForAndCarriedOut() {
    Stage stage = Stage.of(Mode.APPROVE, AGAINST_STABLE).healthy(20);
    stage.failingUntil("PENDING_APPROVAL", 10, "1:40:0", "2:10:5");
    String decision = stage.lastRecord().decision();
    assertThat(stage.actions).isEmpty();
    stage.panes(50, "1:40:0", "2:10:5");
    assertThat(stage.kinds()).containsExactly(Kind.APPROVAL_REQUESTED);

    Step wrong = stage.order(Event.Verb.APPROVE, "2", null, "another");
    assertThat(wrong.refusal()).contains("another").contains(decision);
    stage.order(Event.Verb.APPROVE, "2", null, decision);
    assertThat(stage.breaker("2").name()).isEqualTo("TRIPPING");
    assertThat(stage.lastShift().shift().decision()).isEqualTo(decision);
    assertThat(stage.kinds()).containsExactly(Kind.APPROVAL_REQUESTED, Kind.TRIPPED, Kind.APPROVED);
    assertThat(stage.records.get(1).by()).isEqualTo("ada");
    assertThat(stage.records.get(1).evidence()).isNotNull();
  }

  @Test
  void severeBreach_doesNotWaitForApproval() {
    Guardrail severe =
        new Guardrail.ErrorsAgainstStable("errors", 1e-4, Then.TRIP, Breaches.AT_ONCE, 0.9);
    Stage stage = Stage.of(Mode.APPROVE, severe).healthy(20);
    stage.failingUntil("PENDING_APPROVAL", 10, "1:40:0", "2:10:5");
    String decision = stage.lastRecord().decision();
    stage.panes(600, "1:40:0", "2:10:5");
    assertThat(stage.breaker("2").name()).isEqualTo("PENDING_APPROVAL");
    stage.failingUntil("TRIPPING", 25, "1:40:0", "2:10:10");
    assertThat(stage.lastRecord().decision()).isEqualTo(decision);
    assertThat(stage.lastRecord().reason()).startsWith("severe, so not waiting for approval");
  }

  @Test
  void everyVersionOtherThanStable_hasABreakerOfItsOwn() {
    Stage stage = Stage.of(Mode.ENFORCE, AGAINST_STABLE);
    stage.panes(200, "1:40:0", "2:10:0", "3:10:0");
    stage.panes(6, "1:40:0", "2:10:0", "3:10:5");
    assertThat(stage.breaker("2").name()).isEqualTo("CLOSED");
    assertThat(stage.breaker("3").name()).isEqualTo("TRIPPING");
  }

  @Test
  void newVersion_startsWithoutAnotherOnesEvidence() {
    Stage stage = Stage.of(Mode.ENFORCE, AGAINST_STABLE).healthy(20);
    stage.panes(1, "1:40:0", "2:10:5", "3:10:0");
    assertThat(stage.state.versions().get("3").verdicts().get("errors against stable").bad())
        .isZero();
  }

  @Test
  void versionNamesInDecisionIds_areUrlSafe() {
    Stage stage = Stage.of(Mode.ENFORCE, AGAINST_STABLE);
    stage.panes(200, "1:40:0", "a/b c:10:0");
    for (int i = 0; i < 6; i++) {
      stage.pane("1:40:0", "a/b c:10:5");
    }
    assertThat(stage.lastRecord().version()).isEqualTo("a/b c");
    assertThat(stage.lastRecord().decision()).matches("[A-Za-z0-9._~-]+").contains("a_b_c");
  }
}
