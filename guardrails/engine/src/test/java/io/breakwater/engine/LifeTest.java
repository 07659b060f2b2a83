package io.breakwater.engine;

import static io.breakwater.engine.Stage.AGAINST_STABLE;
import static io.breakwater.engine.Stage.AT_MOST_5;
import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.engine.DecisionRecord.Kind;
import io.breakwater.engine.Event.ShiftReported.Phase;
import io.breakwater.engine.Event.Verb;
import io.breakwater.engine.breaker.BreakerState;
import io.breakwater.engine.policy.BreakerSettings;
import io.breakwater.engine.policy.Mode;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A breaker's life after the decision: verification, probing, restarts, orders. */
class LifeTest {
  private final Stage stage = Stage.of(Mode.ENFORCE, AGAINST_STABLE).healthy(20);

  static BreakerSettings settings(BreakerSettings d, Duration cooldown, int tripsBeforeLatch) {
    return new BreakerSettings(
        cooldown,
        tripsBeforeLatch,
        d.approvalTimeout(),
        d.onApprovalTimeout(),
        d.verifyWithin(),
        d.drain(),
        d.probeShare(),
        d.probeDeadline());
  }

  private void trip() {
    stage.failingUntil("TRIPPING", 20, "1:40:0", "2:10:5");
  }

  private String shift() {
    return stage.lastShift().shift().id();
  }

  @Test
  void callsInFlight_haveDrainAndOneFlush() {
    trip();
    stage.report(shift(), Phase.APPLIED);
    stage.report(shift(), Phase.CONVERGED);
    stage.panes(11, "1:45:0", "2:5:2");
    assertThat(stage.breaker("2").name()).isEqualTo("TRIPPING");
    stage.pane("1:50:0");
    assertThat(stage.breaker("2").name()).isEqualTo("OPEN");
  }

  @Test
  void callsAfterTheDrain_startTheProofAgain() {
    trip();
    stage.report(shift(), Phase.APPLIED);
    stage.report(shift(), Phase.CONVERGED);
    stage.panes(11, "1:50:0").panes(10, "1:5:0", "2:5:2");
    assertThat(stage.breaker("2").name()).isEqualTo("TRIPPING");
    stage.panes(1, "1:50:0");
    assertThat(stage.breaker("2").name()).isEqualTo("OPEN");
  }

  @Test
  void targetThatAnswersWhileNothingMoves_isAFailedActionInTime() {
    trip();
    stage.report(shift(), Phase.APPLIED);
    stage.report(shift(), Phase.CONVERGED);
    stage.panes(99, "1:40:0", "2:10:5");
    assertThat(stage.breaker("2").name()).isEqualTo("TRIPPING");
    stage.panes(1, "1:40:0", "2:10:5");
    assertThat(stage.breaker("2").name()).isEqualTo("FAILED_ACTION");
    assertThat(stage.lastRecord().kind()).isEqualTo(Kind.FAILED);
    assertThat(stage.lastRecord().reason())
        .contains("the target reads back as planned, but")
        .contains("calls were served after the drain");
    assertThat(stage.actions.get(stage.actions.size() - 1)).isEqualTo(new Action.Abandon(shift()));
  }

  @Test
  void targetThatNeverAnswers_isAFailedActionInTime() {
    trip();
    stage.panes(100, "1:40:0", "2:10:5");
    assertThat(stage.breaker("2").name()).isEqualTo("FAILED_ACTION");
    assertThat(stage.lastRecord().reason())
        .contains("the target did not take the change within 10 s");
  }

  @Test
  void targetThatRefuses_isAFailedActionAtOnce() {
    trip();
    stage.report(shift(), Phase.FAILED);
    assertThat(stage.breaker("2").name()).isEqualTo("FAILED_ACTION");
    assertThat(stage.lastRecord().reason()).contains("router: weights");
    assertThat(stage.breaker("2").latched()).isTrue();
  }

  @Test
  void tooLittleTrafficForTheSecondProof_isSaid() {
    trip();
    stage.report(shift(), Phase.APPLIED);
    stage.report(shift(), Phase.CONVERGED);
    stage.panes(60);
    assertThat(stage.breaker("2").name()).isEqualTo("TRIPPING");
    stage.panes(5, "1:1:0");
    assertThat(stage.breaker("2").name()).isEqualTo("OPEN");
    assertThat(stage.lastRecord().reason()).contains("verified by read-back only");
  }

  @Test
  void versionThatReportsOnceASecond_getsASecondOfFlush() {
    Stage slow = Stage.of(Mode.ENFORCE, AGAINST_STABLE);
    for (int i = 0; i < 200; i++) {
      slow.pane(i % 10 == 0 ? new String[] {"1:400:0", "2:100:0"} : new String[0]);
    }
    for (int i = 0; i < 10 && !slow.breaker("2").name().equals("TRIPPING"); i++) {
      slow.pane("1:400:0", "2:100:50");
      slow.panes(9);
    }
    String id = slow.lastShift().shift().id();
    slow.report(id, Phase.APPLIED);
    slow.report(id, Phase.CONVERGED);
    slow.panes(19, "1:50:0");
    assertThat(slow.breaker("2").name()).isEqualTo("TRIPPING");
    slow.panes(2, "1:50:0");
    assertThat(slow.breaker("2").name()).isEqualTo("OPEN");
  }

  @Test
  void cooldownOver_probesAndHealsWithTheShareFromBefore() {
    stage.tripAndVerify();
    BreakerState.Open open = (BreakerState.Open) stage.breaker("2");
    assertThat(open.shareBefore()).isEqualTo(0.2);
    assertThat(open.probeAt()).isEqualTo(open.since().plusSeconds(30));

    stage.panes(300, "1:50:0");
    assertThat(stage.breaker("2").name()).isEqualTo("HALF_OPEN");
    assertThat(stage.lastShift().shift().share()).isEqualTo(0.01);
    stage.report(shift(), Phase.APPLIED);
    stage.report(shift(), Phase.CONVERGED);
    stage.panes(48, "1:49:0", "2:1:0");

    assertThat(stage.breaker("2").name()).isEqualTo("CLOSED");
    assertThat(stage.lastShift().shift().share()).isEqualTo(0.2);
    assertThat(stage.kinds())
        .containsExactly(Kind.TRIPPED, Kind.VERIFIED, Kind.PROBING, Kind.RESET);
    assertThat(stage.state.versions().get("2").restoring()).isNotNull();
    stage.report(shift(), Phase.CONVERGED);
    assertThat(stage.state.versions().get("2").restoring()).isNull();
    assertThat(stage.state.versions().get("2").standing()).isEqualTo(Standing.TRIPPED);
  }

  @Test
  void probesThatFail_doubleTheCooldown() {
    stage.tripAndVerify();
    for (int doublings = 1; doublings <= 8; doublings++) {
      while (!stage.breaker("2").name().equals("HALF_OPEN")) {
        stage.pane("1:50:0");
      }
      stage.report(shift(), Phase.CONVERGED);
      stage.failingUntil("OPEN", 200, "1:49:0", "2:1:1");
      BreakerState.Open open = (BreakerState.Open) stage.breaker("2");
      long seconds = Math.min(1800, 30L << doublings);
      assertThat(open.probeAt()).isEqualTo(open.since().plusSeconds(seconds));
      assertThat(stage.lastRecord().kind()).isEqualTo(Kind.PROBE_FAILED);
      assertThat(stage.lastShift().shift().share()).isZero();
      stage.report(shift(), Phase.APPLIED);
      stage.report(shift(), Phase.CONVERGED);
      stage.panes(20, "1:50:0");
      assertThat(stage.lastRecord().kind()).isEqualTo(Kind.VERIFIED);
    }
  }

  @Test
  void probesWithoutTraffic_goBackWithAMessage() {
    stage.tripAndVerify().panes(300, "1:50:0");
    stage.report(shift(), Phase.CONVERGED);
    stage.panes(1200, "1:50:0");
    assertThat(stage.breaker("2").name()).isEqualTo("OPEN");
    assertThat(stage.lastRecord().reason())
        .contains("the probes did not pass within 120 s: 0 of 0 probe calls failed");
  }

  @Test
  void alternatingGoodAndBad_latchesAtTheThirdTripWithinAnHour() {
    for (int trip = 1; trip <= 3; trip++) {
      trip();
      stage.report(shift(), Phase.APPLIED);
      stage.report(shift(), Phase.CONVERGED);
      stage.panes(15, "1:50:0");
      assertThat(stage.breaker("2").name()).isEqualTo("OPEN");
      assertThat(stage.breaker("2").latched()).isEqualTo(trip == 3);
      if (trip < 3) {
        stage.panes(310, "1:50:0");
        stage.report(shift(), Phase.CONVERGED);
        stage.panes(60, "1:49:0", "2:1:0").healthy(10);
        assertThat(stage.breaker("2").name()).isEqualTo("CLOSED");
      }
    }
    assertThat(stage.lastRecord().kind()).isEqualTo(Kind.LATCHED);
    stage.panes(36_000, "1:50:0");
    assertThat(stage.breaker("2").name()).isEqualTo("OPEN");
    stage.order(Verb.RESET, "2");
    assertThat(stage.breaker("2").name()).isEqualTo("CLOSED");
    assertThat(stage.lastShift().shift().share()).isEqualTo(0.2);
  }

  @Test
  void restartedTarget_isMovedAgainAtMost3Times() {
    stage.observe(Map.of("1", 0.8, "2", 0.2), "boot-0");
    stage.tripAndVerify();
    stage.observe(Map.of("1", 1.0, "2", 0.0), "boot-0");
    for (int restart = 1; restart <= 3; restart++) {
      stage.observe(Map.of("1", 0.8, "2", 0.2), "boot-" + restart);
      assertThat(stage.lastRecord().kind()).isEqualTo(Kind.REASSERTED);
      assertThat(stage.breaker("2").name()).isEqualTo("OPEN");
      // read again before the shift took effect: nothing more happens
      stage.observe(Map.of("1", 0.8, "2", 0.2), "boot-" + restart);
      assertThat(stage.lastRecord().kind()).isEqualTo(Kind.REASSERTED);
      stage.report(shift(), Phase.APPLIED);
      stage.report(shift(), Phase.CONVERGED);
      stage.panes(15, "1:50:0");
      assertThat(stage.lastRecord().kind()).isEqualTo(Kind.VERIFIED);
    }
    stage.observe(Map.of("1", 0.8, "2", 0.2), "boot-4");
    assertThat(stage.breaker("2").name()).isEqualTo("REVERTED");
  }

  @Test
  void foreignWrite_isReportedAndNotFought() {
    stage.observe(Map.of("1", 0.8, "2", 0.2), "boot-0");
    stage.tripAndVerify();
    int asked = stage.actions.size();
    stage.observe(Map.of("1", 0.9, "2", 0.1), "boot-0");
    assertThat(stage.breaker("2").name()).isEqualTo("REVERTED");
    assertThat(stage.lastRecord().reason()).contains("the target serves 10 %");
    stage.panes(1000, "1:45:0", "2:5:0");
    assertThat(stage.actions).hasSize(asked);
  }

  @Test
  void forcedOpen_isAppliedVerifiedAndExpires() {
    stage.order(Verb.TRIP, "2", Duration.ofMinutes(1), null);
    assertThat(stage.breaker("2").name()).isEqualTo("FORCED_OPEN");
    assertThat(stage.lastRecord().by()).isEqualTo("ada");
    assertThat(stage.lastRecord().reason()).isEqualTo("because");
    stage.report(shift(), Phase.APPLIED);
    stage.report(shift(), Phase.CONVERGED);
    stage.panes(20, "1:50:0");
    assertThat(((BreakerState.ForcedOpen) stage.breaker("2")).verified()).isTrue();
    stage.panes(580, "1:50:0");
    assertThat(stage.breaker("2").name()).isEqualTo("OPEN");
    assertThat(stage.kinds()).containsExactly(Kind.FORCED_OPEN, Kind.VERIFIED, Kind.RELEASED);
  }

  @Test
  void held_staysInTrafficWhateverTheEvidence() {
    stage.order(Verb.HOLD, "2", Duration.ofMinutes(1), null);
    stage.panes(500, "1:40:0", "2:10:10");
    assertThat(stage.actions).isEmpty();
    assertThat(stage.state.versions().get("2").verdicts().get("errors against stable").verdict())
        .isEqualTo(Verdict.BREACH);
    stage.panes(101, "1:40:0", "2:10:10");
    assertThat(stage.breaker("2").name()).isEqualTo("CLOSED");
    stage.panes(3, "1:40:0", "2:10:10");
    assertThat(stage.breaker("2").name()).isEqualTo("TRIPPING");
  }

  @Test
  void disabled_isNotJudged() {
    stage.order(Verb.DISABLE, "2").next();
    stage.panes(50, "1:40:0", "2:10:10");
    assertThat(stage.state.versions().get("2").verdicts()).isEmpty();
    assertThat(stage.actions).isEmpty();
    stage.order(Verb.RELEASE, "2");
    stage.panes(3, "1:40:0", "2:10:10");
    assertThat(stage.breaker("2").name()).isEqualTo("TRIPPING");
  }

  @Test
  void orderForAnUnknownVersion_isRefusedInWords() {
    Step step = stage.order(Verb.TRIP, "9");
    assertThat(step.refusal()).isEqualTo("version: 9 (expected: one that is served: 1, 2)");
    assertThat(step.records()).isEmpty();
    assertThat(step.actions()).isEmpty();
    assertThat(stage.pane("1:40:0").refusal()).isNull();
  }

  @Test
  void orderToTripTheStableVersion_isRefused() {
    assertThat(stage.order(Verb.TRIP, "1").refusal())
        .contains("version 1 is the stable version itself");
    assertThat(stage.breaker("1").name()).isEqualTo("CLOSED");
  }

  @Test
  void personMayTripThoughTheStableVersionIsBadToo() {
    Stage both = Stage.of(Mode.ENFORCE, AT_MOST_5).healthy(20);
    both.panes(50, "1:40:10", "2:10:9");
    assertThat(both.actions).isEmpty();
    assertThat(both.order(Verb.TRIP, "2").refusal()).isNull();
    assertThat(both.breaker("2").name()).isEqualTo("FORCED_OPEN");
  }

  @Test
  void promotedVersion_isGoodAndTheOldOneBecomesACanary() {
    stage.order(Verb.PROMOTE, "2");
    assertThat(stage.state.stable()).isEqualTo("2");
    assertThat(stage.state.versions().get("2").standing()).isEqualTo(Standing.GOOD);
    stage.panes(200, "1:10:0", "2:40:0");
    for (int i = 0; i < 10; i++) {
      stage.pane("1:10:5", "2:40:0");
    }
    assertThat(stage.breaker("1").name()).isEqualTo("TRIPPING");
    assertThat(stage.lastShift().shift().target()).isEqualTo("2");
  }

  @Test
  void policyChange_keepsTheEvidenceOfUnchangedGuardrails() {
    stage.panes(1, "1:40:0", "2:10:5");
    ModelState before = stage.state;
    stage.step(
        new Event.PolicyChanged(
            stage.now, Stage.policy(Mode.ENFORCE, d -> d, AT_MOST_5, AGAINST_STABLE)));
    assertThat(stage.state.versions().get("2").verdicts())
        .isEqualTo(before.versions().get("2").verdicts());
    stage.step(new Event.PolicyChanged(stage.now, Stage.policy(Mode.OBSERVE, d -> d, AT_MOST_5)));
    assertThat(stage.state.versions().get("2").verdicts()).isEmpty();
    assertThat(stage.breaker("2").name()).isEqualTo("OBSERVING");
  }

  @Test
  void resumption_asksAgainForTheShiftUnderItsId() {
    trip();
    String id = shift();
    stage.now = stage.now.plus(Duration.ofMinutes(5));
    Step resumed = stage.step(new Event.Resumed(stage.now));
    assertThat(resumed.actions()).hasSize(1);
    assertThat(stage.lastShift().shift().id()).isEqualTo(id);
    assertThat(stage.lastShift().shift().decision()).isEqualTo(stage.records.get(0).decision());
    stage.report(id, Phase.APPLIED);
    stage.report(id, Phase.CONVERGED);
    stage.panes(20, "1:50:0");
    assertThat(stage.breaker("2").name()).isEqualTo("OPEN");
  }

  @Test
  void resumption_doesNotAskAgainForAShiftWithAnOutcome() {
    trip();
    stage.report(shift(), Phase.APPLIED);
    stage.report(shift(), Phase.CONVERGED);
    Step resumed = stage.step(new Event.Resumed(stage.now));
    assertThat(resumed.actions()).isEmpty();
    stage.panes(20, "1:50:0");
    assertThat(stage.breaker("2").name()).isEqualTo("OPEN");
  }

  @Test
  void resumption_dropsOpenBlocks() {
    stage.panes(3, "2:10:10");
    stage.step(new Event.Resumed(stage.now));
    stage.panes(1, "1:40:0", "2:10:0");
    assertThat(stage.state.versions().get("2").verdicts().get("errors against stable").bad())
        .isZero();
  }

  @Test
  void restoreThatFails_isTold() {
    stage.tripAndVerify();
    stage.order(Verb.RESET, "2");
    stage.report(shift(), Phase.FAILED);
    assertThat(stage.breaker("2").name()).isEqualTo("CLOSED");
    assertThat(stage.lastRecord().kind()).isEqualTo(Kind.FAILED);
    assertThat(stage.lastRecord().reason()).startsWith("the share could not be restored");
  }

  @Test
  void shareBefore_isTheTargetsOwnWhereCallsAgree() {
    Stage exact = Stage.of(Mode.ENFORCE, AGAINST_STABLE).panes(200, "1:41:0", "2:10:0");
    exact.observe(Map.of("1", 0.8, "2", 0.2), null);
    exact.tripAndVerify();
    assertThat(((BreakerState.Open) exact.breaker("2")).shareBefore()).isEqualTo(0.2);
  }
}
