package io.breakwater.engine.sim;

import io.breakwater.engine.Engine;
import io.breakwater.engine.Event;
import io.breakwater.engine.ModelState;
import io.breakwater.engine.Pane;
import io.breakwater.engine.Pane.VersionPane;
import io.breakwater.engine.detect.Tally;
import io.breakwater.engine.policy.Breaches;
import io.breakwater.engine.policy.BreakerSettings;
import io.breakwater.engine.policy.Guardrail;
import io.breakwater.engine.policy.Mode;
import io.breakwater.engine.policy.ModelPolicy;
import io.breakwater.engine.policy.Then;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Seconds from the first failing pane to the trip, through the whole engine: 500 calls a second, 20
 * % of them on the canary, panes of 100 ms, the rule against stable at its default level.
 */
final class Delays {
  private static final int CANARY = 10;
  private static final int STABLE = 40;
  static final Duration PANE = Duration.ofMillis(100);
  private static final Instant START = Instant.parse("2026-11-21T00:00:00Z");
  private static final int LONGEST = 6_000;
  private static final ModelPolicy POLICY =
      ModelPolicy.of(
          "sim",
          "1",
          Mode.ENFORCE,
          List.of(
              new Guardrail.ErrorsAgainstStable(
                  "errors against stable", 1e-4, Then.TRIP, Breaches.AT_ONCE, null)),
          BreakerSettings.DEFAULTS,
          "none",
          "");

  /**
   * How the calls come.
   *
   * @param even the same number in every pane; otherwise as a Poisson stream
   * @param base share of calls that fail while nothing is wrong
   */
  record Load(boolean even, double base) {
    Traffic healthy() {
      return failing(base);
    }

    Traffic failing(double share) {
      return even
          ? Traffic.even(CANARY, share, STABLE, base)
          : Traffic.poisson(CANARY, share, STABLE, base);
    }
  }

  private final SplittableRandom random;
  private ModelState state = Engine.start(POLICY, START);
  private Instant now = START;

  private Delays(long seed) {
    random = new SplittableRandom(seed);
  }

  /**
   * Delays in seconds, sorted, by healthy time before and by failing share.
   *
   * @param ages healthy time before the failure, ascending
   * @return NaN where it took longer than 600 s
   */
  static Map<Duration, Map<Double, double[]>> measure(
      Load load, List<Duration> ages, double[] shares, int runs, long seed) {
    Map<Duration, Map<Double, double[]>> delays = new LinkedHashMap<>();
    for (Duration age : ages) {
      delays.put(age, new LinkedHashMap<>());
      for (double share : shares) {
        delays.get(age).put(share, new double[runs]);
      }
    }
    for (int run = 0; run < runs; run++) {
      Delays stream = new Delays(seed + run);
      Traffic healthy = load.healthy();
      for (Duration age : ages) {
        stream.healthyUntil(START.plus(age), healthy);
        for (double share : shares) {
          delays.get(age).get(share)[run] = stream.fork().fail(load.failing(share));
        }
      }
    }
    delays.values().forEach(byShare -> byShare.values().forEach(Arrays::sort));
    return delays;
  }

  private Delays fork() {
    Delays fork = new Delays(random.nextLong());
    fork.state = state;
    fork.now = now;
    return fork;
  }

  private void healthyUntil(Instant end, Traffic healthy) {
    while (now.isBefore(end)) {
      pane(healthy);
      if (tripped()) {
        throw new IllegalStateException("a healthy canary tripped at " + now);
      }
    }
  }

  private double fail(Traffic failing) {
    for (int panes = 1; panes <= LONGEST; panes++) {
      pane(failing);
      if (tripped()) {
        return panes * PANE.toMillis() / 1000.0;
      }
    }
    return Double.NaN;
  }

  private boolean tripped() {
    ModelState.VersionState canary = state.versions().get("2");
    return canary != null && canary.breaker().name().equals("TRIPPING");
  }

  private void pane(Traffic traffic) {
    Tally tally = traffic.next(random);
    List<VersionPane> versions = new ArrayList<>(2);
    versions.add(new VersionPane("1", tally.againstCalls(), tally.againstBad(), Map.of()));
    versions.add(new VersionPane("2", tally.calls(), tally.bad(), Map.of()));
    Instant start = now;
    now = now.plus(PANE);
    Pane pane = new Pane(start, now, versions, List.of());
    state = Engine.step(state, new Event.PaneClosed(pane)).next();
  }
}
