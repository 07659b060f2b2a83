package io.breakwater.engine;

import io.breakwater.engine.Pane.InstancePane;
import io.breakwater.engine.Pane.VersionPane;
import io.breakwater.engine.policy.Breaches;
import io.breakwater.engine.policy.BreakerSettings;
import io.breakwater.engine.policy.Guardrail;
import io.breakwater.engine.policy.Guardrail.SlowThreshold;
import io.breakwater.engine.policy.Mode;
import io.breakwater.engine.policy.ModelPolicy;
import io.breakwater.engine.policy.Then;
import io.breakwater.engine.policy.WarmUp;
import io.breakwater.signals.ExponentialHistogram;
import io.breakwater.signals.HistogramSnapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A stage on which calls take 10 ms or, when they are slow, 80 ms. */
final class LatencyStage {
  static final WarmUp COLD = new WarmUp(0, Duration.ZERO);
  static final Guardrail OVER_50_MS =
      slower(new SlowThreshold.Fixed(Duration.ofMillis(50)), "slower than 50ms");
  static final Guardrail OVER_P99 = slower(new SlowThreshold.OfStable(0.99), "slower than p99");
  static final Guardrail P99_AT_MOST_50_MS =
      new Guardrail.DurationLimit(
          "p99 max 50ms", 0.99, Duration.ofMillis(50), 1e-4, Then.TRIP, Breaches.AT_ONCE, null);

  final Stage stage;

  LatencyStage(WarmUp warmUp, Guardrail... guardrails) {
    ModelPolicy plain = Stage.policy(Mode.ENFORCE, guardrails);
    stage = new Stage(with(plain, warmUp));
  }

  static ModelPolicy with(ModelPolicy plain, WarmUp warmUp) {
    return new ModelPolicy(
        plain.model(),
        plain.stable(),
        plain.mode(),
        plain.guardrails(),
        plain.reference(),
        plain.driftAlarmsPerDay(),
        warmUp,
        BreakerSettings.DEFAULTS,
        plain.backend(),
        plain.digest());
  }

  private static Guardrail slower(SlowThreshold threshold, String name) {
    return new Guardrail.SlowerThanStable(name, threshold, 1e-4, Then.TRIP, Breaches.AT_ONCE, null);
  }

  /** One pane; {@code counts} are "version instance calls slow failed", the last two may lack. */
  Step pane(String... counts) {
    Map<String, long[]> versions = new TreeMap<>();
    List<InstancePane> instances = new ArrayList<>();
    for (String count : counts) {
      String[] parts = count.split(" ");
      long calls = Long.parseLong(parts[2]);
      long slow = parts.length > 3 ? Long.parseLong(parts[3]) : 0;
      long failed = parts.length > 4 ? Long.parseLong(parts[4]) : 0;
      long[] sum = versions.computeIfAbsent(parts[0], v -> new long[2]);
      sum[0] += calls;
      sum[1] += failed;
      instances.add(
          new InstancePane(
              parts[1],
              0,
              Map.of(parts[0], calls),
              Map.of(parts[0], failed),
              Map.of(parts[0], durations(calls - slow - failed, slow))));
    }
    List<VersionPane> versionPanes = new ArrayList<>();
    versions.forEach(
        (version, sum) ->
            versionPanes.add(
                new VersionPane(
                    version, sum[0], sum[1], sum[1] > 0 ? Map.of("Failed", sum[1]) : Map.of())));
    return stage.pane(versionPanes, instances);
  }

  static HistogramSnapshot durations(long fast, long slow) {
    ExponentialHistogram histogram = ExponentialHistogram.ofScale(5);
    histogram.record(0.010, fast);
    histogram.record(0.080, slow);
    return histogram.snapshot();
  }

  LatencyStage panes(int times, String... counts) {
    for (int i = 0; i < times; i++) {
      pane(counts);
    }
    return this;
  }

  /** How many panes it takes until version 2 is in a state. */
  int until(String breaker, int most, String... counts) {
    for (int i = 1; i <= most; i++) {
      pane(counts);
      if (stage.breaker("2").name().equals(breaker)) {
        return i;
      }
    }
    throw new AssertionError("not " + breaker + " after " + most + " panes: " + stage.breaker("2"));
  }

  String note(String version, Guardrail guardrail) {
    return stage.state.versions().get(version).verdicts().get(guardrail.name()).note();
  }

  Verdict verdict(String version, Guardrail guardrail) {
    return stage.state.versions().get(version).verdicts().get(guardrail.name()).verdict();
  }
}
