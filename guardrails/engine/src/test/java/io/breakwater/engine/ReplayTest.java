package io.breakwater.engine;

import static io.breakwater.engine.LatencyStage.OVER_P99;
import static io.breakwater.engine.LatencyStage.P99_AT_MOST_50_MS;
import static io.breakwater.engine.Stage.AGAINST_STABLE;
import static io.breakwater.engine.Stage.AT_MOST_5;
import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.engine.Event.ShiftReported.Phase;
import io.breakwater.engine.Event.Verb;
import io.breakwater.engine.Pane.InstancePane;
import io.breakwater.engine.Pane.VersionPane;
import io.breakwater.engine.policy.Guardrail;
import io.breakwater.engine.policy.Mode;
import io.breakwater.engine.policy.ModelPolicy;
import io.breakwater.engine.policy.WarmUp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A recorded stream replays to the same steps, and no stream of events makes the engine fail. */
class ReplayTest {
  private static final int EVENTS = 2_500;

  @ParameterizedTest
  @EnumSource(Mode.class)
  void anyStreamOfEvents_replaysToTheSameSteps(Mode mode) {
    Stage stage = wander(mode, 42 + mode.ordinal());
    ModelState state = stage.first;
    List<Step> again = new ArrayList<>();
    for (Event event : stage.events) {
      Step step = Engine.step(state, event);
      again.add(step);
      state = step.next();
    }
    assertThat(again).isEqualTo(stage.steps);
    assertThat(stage.state.versions().values())
        .anyMatch(version -> version.durations().count() > 0);
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void anyStreamOfEvents_keepsThePromises(Mode mode) {
    Stage stage = wander(mode, 7 + mode.ordinal());
    Set<String> decisions = new HashSet<>();
    for (int i = 0; i < stage.steps.size(); i++) {
      Step step = stage.steps.get(i);
      for (DecisionRecord record : step.records()) {
        boolean repeats = record.kind() == DecisionRecord.Kind.APPROVAL_REQUESTED;
        assertThat(decisions.add(record.decision() + record.kind()) || repeats)
            .as("told twice: %s", record)
            .isTrue();
      }
      boolean shifts = step.actions().stream().anyMatch(Action.Shift.class::isInstance);
      if (shifts && mode == Mode.OBSERVE) {
        assertThat(isOrdered(step) || stage.events.get(i) instanceof Event.Resumed)
            .as("mode observe acts by itself: %s", step)
            .isTrue();
      }
    }
    assertThat(decisions).hasSizeGreaterThan(10);
  }

  /** By a person, or a repetition of what a person ordered. */
  private static boolean isOrdered(Step step) {
    return step.records().stream()
        .anyMatch(
            record -> !record.by().equals("breakwater") || record.from().equals("FORCED_OPEN"));
  }

  /** Random traffic, reports, reads, orders and stops; seeded. */
  private static Stage wander(Mode mode, long seed) {
    Stage stage = new Stage(policy(mode, AGAINST_STABLE, AT_MOST_5, OVER_P99));
    SplittableRandom random = new SplittableRandom(seed);
    int bad = 0;
    for (int i = 0; i < EVENTS; i++) {
      int dice = random.nextInt(1000);
      if (dice < 960) {
        bad = dice < 3 ? random.nextInt(4) : bad;
        pane(stage, random, bad);
      } else if (dice < 975) {
        report(stage, random);
      } else if (dice < 985) {
        double share = random.nextInt(4) == 0 ? 0.2 : 0;
        stage.observe(Map.of("1", 1 - share, "2", share), "boot-" + random.nextInt(3));
      } else if (dice < 997) {
        Verb verb = Verb.values()[random.nextInt(Verb.values().length)];
        String version = String.valueOf(1 + random.nextInt(3));
        Duration expires = random.nextBoolean() ? Duration.ofSeconds(20) : null;
        String decision = stage.records.isEmpty() ? "none" : stage.lastRecord().decision();
        stage.order(verb, version, expires, decision);
      } else if (dice < 998) {
        stage.now = stage.now.plus(Duration.ofMinutes(random.nextInt(20)));
        stage.step(new Event.Resumed(stage.now));
      } else {
        stage.step(
            new Event.PolicyChanged(
                stage.now, policy(mode, AT_MOST_5, AGAINST_STABLE, P99_AT_MOST_50_MS, OVER_P99)));
      }
    }
    return stage;
  }

  private static ModelPolicy policy(Mode mode, Guardrail... guardrails) {
    return LatencyStage.with(Stage.policy(mode, guardrails), new WarmUp(20, Duration.ofSeconds(1)));
  }

  /** Two instances of each version; what is bad is slow or fails. */
  private static void pane(Stage stage, SplittableRandom random, int bad) {
    List<VersionPane> versions = new ArrayList<>();
    List<InstancePane> instances = new ArrayList<>();
    for (int version = 1; version <= 3; version++) {
      String name = String.valueOf(version);
      int calls = random.nextInt(version == 1 ? 80 : 15);
      int failed = (bad & version) != 0 ? random.nextInt(calls + 1) : 0;
      int slow = (bad & version) != 0 ? random.nextInt(calls - failed + 1) : 0;
      if (calls > 0) {
        versions.add(new VersionPane(name, calls, failed, Map.of("OrtException", (long) failed)));
        int some = random.nextInt(calls - failed - slow + 1);
        instances.add(instance(name, "a", some, 0, 0));
        instances.add(instance(name, "b", calls - failed - slow - some, slow, failed));
      }
    }
    stage.pane(versions, instances);
  }

  private static InstancePane instance(
      String version, String id, long fast, long slow, long failed) {
    return new InstancePane(
        version + id,
        0,
        Map.of(version, fast + slow + failed),
        Map.of(version, failed),
        Map.of(version, LatencyStage.durations(fast, slow)));
  }

  private static void report(Stage stage, SplittableRandom random) {
    int back = random.nextInt(2) + 1;
    if (stage.actions.size() >= back
        && stage.actions.get(stage.actions.size() - back) instanceof Action.Shift asked) {
      String shift = asked.shift().id();
      Phase phase = Phase.values()[random.nextInt(10) == 0 ? 2 : random.nextInt(2)];
      stage.report(shift, phase);
    }
  }
}
