package io.breakwater.engine.sim;

import io.breakwater.engine.DecisionRecord;
import io.breakwater.engine.Engine;
import io.breakwater.engine.Event;
import io.breakwater.engine.ModelState;
import io.breakwater.engine.Pane;
import io.breakwater.engine.Pane.InstancePane;
import io.breakwater.engine.Pane.VersionPane;
import io.breakwater.engine.Step;
import io.breakwater.engine.policy.BreakerSettings;
import io.breakwater.engine.policy.Guardrail;
import io.breakwater.engine.policy.Mode;
import io.breakwater.engine.policy.ModelPolicy;
import io.breakwater.engine.policy.WarmUp;
import io.breakwater.signals.ExponentialHistogram;
import io.breakwater.signals.HistogramSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Seconds from the first pane of a slower canary to the decision, through the whole engine: calls
 * arrive as Poisson streams, 100 a second on the canary and 400 on the stable version, panes of 100
 * ms, durations log-normal around 20 ms with a sigma of 0.5.
 */
final class LatencyDelays {
  private static final Instant START = Instant.parse("2026-11-21T00:00:00Z");
  private static final Poisson CANARY = new Poisson(10);
  private static final Poisson STABLE = new Poisson(40);
  private static final double MEDIAN = 0.020;
  private static final double SIGMA = 0.5;
  private static final int LONGEST = 3_000;

  /**
   * What a canary does.
   *
   * @param slower factor on the durations of each of its instances
   */
  record Fault(double... slower) {
    static Fault none(int instances) {
      return everywhere(1, instances);
    }

    static Fault everywhere(double slower, int instances) {
      double[] all = new double[instances];
      Arrays.fill(all, slower);
      return new Fault(all);
    }

    static Fault inOne(double slower, int instances) {
      Fault fault = none(instances);
      fault.slower[0] = slower;
      return fault;
    }
  }

  /**
   * What came of a fault.
   *
   * @param seconds until the version was tripped or the instance told; NaN if neither within 300 s
   * @param tripped whether the version was
   */
  record Outcome(double seconds, boolean tripped) {}

  private final SplittableRandom random;
  private ModelState state;
  private Instant now = START;
  private boolean instanceTold;

  private LatencyDelays(Guardrail guardrail, long seed) {
    random = new SplittableRandom(seed);
    ModelPolicy plain =
        ModelPolicy.of(
            "sim", "1", Mode.ENFORCE, List.of(guardrail), BreakerSettings.DEFAULTS, "none", "");
    ModelPolicy policy =
        new ModelPolicy(
            plain.model(),
            plain.stable(),
            plain.mode(),
            plain.guardrails(),
            plain.reference(),
            plain.driftAlarmsPerDay(),
            new WarmUp(0, Duration.ZERO),
            plain.breaker(),
            plain.backend(),
            plain.digest());
    state = Engine.start(policy, START);
  }

  /** What came of each fault in each run, after a healthy time. */
  static Outcome[][] measure(
      Guardrail guardrail, Duration healthy, Fault[] faults, int runs, long seed) {
    Outcome[][] outcomes = new Outcome[faults.length][runs];
    for (int run = 0; run < runs; run++) {
      LatencyDelays stream = new LatencyDelays(guardrail, seed + run);
      stream.healthyUntil(START.plus(healthy), Fault.none(faults[0].slower().length));
      for (int i = 0; i < faults.length; i++) {
        outcomes[i][run] = stream.fork(guardrail).run(faults[i]);
      }
    }
    return outcomes;
  }

  /** Alarms of any kind on a healthy canary; the breaker only observes. */
  static int falseAlarms(Guardrail guardrail, int panes, long seed) {
    LatencyDelays stream = new LatencyDelays(guardrail, seed);
    Fault none = Fault.none(1);
    int alarms = 0;
    for (int pane = 0; pane < panes; pane++) {
      stream.pane(none);
      if (stream.tripped() || stream.instanceTold) {
        alarms++;
        stream.state = new LatencyDelays(guardrail, seed).state;
        stream.instanceTold = false;
      }
    }
    return alarms;
  }

  private LatencyDelays fork(Guardrail guardrail) {
    LatencyDelays fork = new LatencyDelays(guardrail, random.nextLong());
    fork.state = state;
    fork.now = now;
    return fork;
  }

  private void healthyUntil(Instant end, Fault none) {
    while (now.isBefore(end)) {
      pane(none);
      if (tripped() || instanceTold) {
        throw new IllegalStateException("an alarm about a healthy canary at " + now);
      }
    }
  }

  private Outcome run(Fault fault) {
    for (int panes = 1; panes <= LONGEST; panes++) {
      pane(fault);
      if (tripped() || instanceTold) {
        return new Outcome(panes * Delays.PANE.toMillis() / 1000.0, tripped());
      }
    }
    return new Outcome(Double.NaN, false);
  }

  private boolean tripped() {
    ModelState.VersionState canary = state.versions().get("2");
    return canary != null && canary.breaker().name().equals("TRIPPING");
  }

  private void pane(Fault fault) {
    int instances = fault.slower().length;
    Map<String, ExponentialHistogram> canary = new TreeMap<>();
    int calls = CANARY.next(random);
    for (int i = 0; i < calls; i++) {
      int instance = random.nextInt(instances);
      canary
          .computeIfAbsent("c-" + instance, c -> ExponentialHistogram.ofScale(5))
          .record(duration() * fault.slower()[instance]);
    }
    ExponentialHistogram stable = ExponentialHistogram.ofScale(5);
    int stableCalls = STABLE.next(random);
    for (int i = 0; i < stableCalls; i++) {
      stable.record(duration());
    }
    List<InstancePane> panes = new ArrayList<>();
    panes.add(instance("s", "1", stable.snapshot()));
    canary.forEach((name, histogram) -> panes.add(instance(name, "2", histogram.snapshot())));
    Instant start = now;
    now = now.plus(Delays.PANE);
    Pane pane =
        new Pane(
            start,
            now,
            List.of(
                new VersionPane("1", stableCalls, 0, Map.of()),
                new VersionPane("2", calls, 0, Map.of())),
            panes);
    Step step = Engine.step(state, new Event.PaneClosed(pane));
    state = step.next();
    instanceTold |= step.records().stream().anyMatch(r -> r.kind() == DecisionRecord.Kind.INSTANCE);
  }

  private static InstancePane instance(String name, String version, HistogramSnapshot durations) {
    return new InstancePane(
        name, 0, Map.of(version, durations.count()), Map.of(version, durations));
  }

  private double duration() {
    return MEDIAN * Math.exp(SIGMA * random.nextGaussian());
  }
}
