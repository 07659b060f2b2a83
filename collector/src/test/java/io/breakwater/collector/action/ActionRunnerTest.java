package io.breakwater.collector.action;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.breakwater.collector.Await;
import io.breakwater.collector.FakeBackendProvider;
import io.breakwater.collector.FakeTarget;
import io.breakwater.collector.FakeTarget.Mood;
import io.breakwater.collector.config.CollectorConfig.Security;
import io.breakwater.engine.Action;
import io.breakwater.engine.Event.ShiftReported;
import io.breakwater.engine.Event.ShiftReported.Phase;
import io.breakwater.engine.backend.SettingException;
import io.breakwater.engine.backend.TrafficShift;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ActionRunnerTest {
  private static final Instant NOW = Instant.parse("2026-11-21T02:20:00Z");
  private static final Duration SHORT = Duration.ofMillis(400);
  private static final Duration LONG = Duration.ofMinutes(1);

  private final String name = UUID.randomUUID().toString();
  private final FakeTarget target = FakeTarget.named(name).with("1", 0.8).with("2", 0.2);
  private final List<ShiftReported> reports = new CopyOnWriteArrayList<>();
  private final ActionRunner runner =
      new ActionRunner(
          new Backends(List.of(new FakeBackendProvider())),
          System::nanoTime,
          (model, event) -> reports.add((ShiftReported) event.apply(NOW)));

  ActionRunnerTest() {
    runner.setTarget(
        "m", runner.target("m", Map.of("type", "fake", "target", name), Security.NONE));
  }

  @AfterEach
  void close() {
    runner.close();
  }

  @Test
  void shift_isAppliedThenConverges() throws Exception {
    run("a", LONG);

    awaitPhases(Phase.APPLIED, Phase.CONVERGED);
    assertThat(target.share("2")).isZero();
    assertThat(reports).extracting(ShiftReported::backend).containsOnly("fake");
  }

  @Test
  void refusal_isRetriedUnderItsIdThenFailsInTheTargetsWords() throws Exception {
    target.in(Mood.REFUSES);

    run("a", SHORT);

    awaitPhases(Phase.FAILED);
    assertThat(reports.get(0).detail()).isEqualTo("router: 403 forbidden");
    assertThat(target.applied()).hasSizeGreaterThan(1).containsOnly("a");
  }

  @Test
  void refusalThatEnds_isOvercome() throws Exception {
    target.in(Mood.REFUSES);
    run("a", LONG);
    Await.until("tried", () -> target.applied().size() > 1);

    target.in(Mood.OBEYS);

    awaitPhases(Phase.APPLIED, Phase.CONVERGED);
  }

  @Test
  void hangingTarget_failsInTime() throws Exception {
    target.in(Mood.HANGS);

    run("a", SHORT);

    awaitPhases(Phase.FAILED);
    assertThat(reports.get(0).detail()).startsWith("fake: no answer within");
  }

  @Test
  void targetThatOnlySaysYes_failsInTime() throws Exception {
    target.in(Mood.LIES);

    run("a", SHORT);

    awaitPhases(Phase.APPLIED, Phase.FAILED);
    assertThat(reports.get(1).detail()).startsWith("still");
  }

  @Test
  void modelWithoutTarget_fails() throws Exception {
    runner.setTarget("m", null);

    run("a", LONG);

    awaitPhases(Phase.FAILED);
    assertThat(reports.get(0).detail()).isEqualTo("no backend is configured for model m");
  }

  @Test
  void abandonedShift_isNotReportedAndMakesWayForTheNext() throws Exception {
    target.in(Mood.HANGS);
    run("a", LONG);
    Await.until("under way", () -> !target.applied().isEmpty());
    run("b", LONG);

    target.in(Mood.OBEYS);
    runner.run("m", List.of(new Action.Abandon("a")));

    awaitPhases(Phase.APPLIED, Phase.CONVERGED);
    assertThat(reports).extracting(ShiftReported::shift).containsOnly("b");
  }

  @Test
  void sameShiftTwice_isOneShift() throws Exception {
    target.in(Mood.REFUSES);
    run("a", LONG);
    run("a", LONG);

    target.in(Mood.OBEYS);
    awaitPhases(Phase.APPLIED, Phase.CONVERGED);
    run("b", LONG);

    awaitPhases(Phase.APPLIED, Phase.CONVERGED, Phase.APPLIED, Phase.CONVERGED);
    assertThat(reports.get(2).shift()).isEqualTo("b");
  }

  @Test
  void unknownBackend_isRefusedWithTheKnownOnes() {
    assertThatThrownBy(() -> runner.target("m", Map.of("type", "fakee"), Security.NONE))
        .isInstanceOf(SettingException.class)
        .hasMessage("type: fakee (expected: one of [fake])");
  }

  private void run(String id, Duration within) {
    TrafficShift shift = new TrafficShift(id, "decision", "m", "2", "1", 0);
    runner.run("m", List.of(new Action.Shift(shift, within)));
  }

  private void awaitPhases(Phase... phases) throws InterruptedException {
    Await.until("reported " + List.of(phases), () -> reports.size() >= phases.length);
    assertThat(reports).extracting(ShiftReported::phase).containsExactly(phases);
  }
}
