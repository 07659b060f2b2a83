package io.breakwater.engine;

import io.breakwater.engine.Event.ShiftReported.Phase;
import io.breakwater.engine.Pane.InstancePane;
import io.breakwater.engine.Pane.VersionPane;
import io.breakwater.engine.breaker.BreakerState;
import io.breakwater.engine.policy.Breaches;
import io.breakwater.engine.policy.BreakerSettings;
import io.breakwater.engine.policy.Guardrail;
import io.breakwater.engine.policy.Mode;
import io.breakwater.engine.policy.ModelPolicy;
import io.breakwater.engine.policy.Then;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** A model with a stable version 1 and a canary 2 under panes of 100 ms; time moves by panes. */
final class Stage {
  static final Instant START = Instant.parse("2026-11-21T02:20:00Z");
  static final Duration PANE = Duration.ofMillis(100);
  static final Guardrail AGAINST_STABLE =
      new Guardrail.ErrorsAgainstStable(
          "errors against stable", 1e-4, Then.TRIP, Breaches.AT_ONCE, null);
  static final Guardrail AT_MOST_5 =
      new Guardrail.ErrorsLimit("errors max", 0.05, 1e-4, Then.TRIP, Breaches.AT_ONCE, null);

  final List<Event> events = new ArrayList<>();
  final List<Step> steps = new ArrayList<>();
  final List<Action> actions = new ArrayList<>();
  final List<DecisionRecord> records = new ArrayList<>();
  final ModelState first;
  ModelState state;
  Instant now = START;

  Stage(ModelPolicy policy) {
    first = Engine.start(policy, START);
    state = first;
  }

  static Stage of(Mode mode, Guardrail... guardrails) {
    return new Stage(policy(mode, guardrails));
  }

  static ModelPolicy policy(Mode mode, Guardrail... guardrails) {
    return policy(mode, settings -> settings, guardrails);
  }

  static ModelPolicy policy(
      Mode mode, UnaryOperator<BreakerSettings> change, Guardrail... guardrails) {
    return ModelPolicy.of(
        "credit",
        "1",
        mode,
        List.of(guardrails),
        change.apply(BreakerSettings.DEFAULTS),
        "router",
        "digest");
  }

  Step step(Event event) {
    Step step = Engine.step(state, event);
    events.add(event);
    steps.add(step);
    actions.addAll(step.actions());
    records.addAll(step.records());
    state = step.next();
    return step;
  }

  /** One pane; {@code counts} are {version, calls, errors} triples as {@code "2:10:5"}. */
  Step pane(String... counts) {
    List<VersionPane> versions = new ArrayList<>();
    Map<String, Long> calls = new TreeMap<>();
    for (String count : counts) {
      String[] parts = count.split(":");
      long failed = Long.parseLong(parts[2]);
      versions.add(
          new VersionPane(
              parts[0],
              Long.parseLong(parts[1]),
              failed,
              failed > 0 ? Map.of("OrtException", failed) : Map.of()));
      calls.put(parts[0], Long.parseLong(parts[1]));
    }
    List<InstancePane> instances = new ArrayList<>();
    calls.forEach((v, n) -> instances.add(new InstancePane("jvm-" + v, 0, Map.of(v, n))));
    return pane(versions, instances);
  }

  Step pane(List<VersionPane> versions, List<InstancePane> instances) {
    Instant start = now;
    now = now.plus(PANE);
    return step(new Event.PaneClosed(new Pane(start, now, versions, instances)));
  }

  /** The same pane again and again. */
  Stage panes(int times, String... counts) {
    for (int i = 0; i < times; i++) {
      pane(counts);
    }
    return this;
  }

  /** Seconds of healthy traffic: 80 % and 20 % of 500 calls a second. */
  Stage healthy(int seconds) {
    return panes(seconds * 10, "1:40:0", "2:10:0");
  }

  /** Panes in which half of the canary's calls fail until {@code state} is reached. */
  int failingUntil(String breaker, int most, String... counts) {
    for (int i = 1; i <= most; i++) {
      pane(counts);
      if (breaker("2").name().equals(breaker)) {
        return i;
      }
    }
    throw new AssertionError("not " + breaker + " after " + most + " panes: " + breaker("2"));
  }

  Step report(String shift, Phase phase) {
    return step(new Event.ShiftReported(now, shift, phase, "router", "weights 1=1.0 2=0.0"));
  }

  Step order(Event.Verb verb, String version) {
    return order(verb, version, null, null);
  }

  Step order(Event.Verb verb, String version, Duration expires, String decision) {
    return step(new Event.Ordered(now, verb, version, "ada", "because", expires, decision));
  }

  Step observe(Map<String, Double> shares, String incarnation) {
    return step(new Event.TargetObserved(now, shares, incarnation));
  }

  BreakerState breaker(String version) {
    return state.versions().get(version).breaker();
  }

  Action.Shift lastShift() {
    for (int i = actions.size() - 1; i >= 0; i--) {
      if (actions.get(i) instanceof Action.Shift shift) {
        return shift;
      }
    }
    throw new AssertionError("no shift was asked for");
  }

  /** From CLOSED to OPEN: half of the canary's calls fail, the target obeys. */
  Stage tripAndVerify() {
    failingUntil("TRIPPING", 20, "1:40:0", "2:10:5");
    report(lastShift().shift().id(), Phase.APPLIED);
    report(lastShift().shift().id(), Phase.CONVERGED);
    return panes(20, "1:50:0");
  }

  List<DecisionRecord.Kind> kinds() {
    return records.stream().map(DecisionRecord::kind).toList();
  }

  DecisionRecord lastRecord() {
    return records.get(records.size() - 1);
  }
}
