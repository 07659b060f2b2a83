package io.breakwater.engine;

import io.breakwater.engine.Pane.InstancePane;
import io.breakwater.engine.Pane.VersionPane;
import io.breakwater.engine.detect.Tally;
import io.breakwater.engine.detect.Tally.Part;
import io.breakwater.engine.policy.Guardrail;
import io.breakwater.signals.CountRange;
import io.breakwater.signals.HistogramSnapshot;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What one pane says about each version, counted as the guardrails want it.
 *
 * <p>Where a threshold of latency lies within a bucket, the calls of that bucket are in doubt. They
 * do not count as slow for the version judged and do for the one compared with, so that doubt never
 * speaks against a version.
 */
final class PaneCounts {
  /** Calls slower than a threshold: at least, at most, and by instance at least. */
  private record Slow(long calls, long least, long most, Map<String, Part> instances) {
    static final Slow NONE = new Slow(0, 0, 0, Map.of());
  }

  final long modelCalls;
  private final Draft draft;
  private final Pane pane;
  private final Map<String, VersionPane> versions = new HashMap<>();
  private final Map<String, Map<String, Part>> errors = new HashMap<>();
  private final Map<String, Map<String, HistogramSnapshot>> warm;
  private final Map<String, Map<String, Slow>> slow = new HashMap<>();

  /** To be made before the pane's traffic is counted. */
  PaneCounts(Draft draft, Pane pane) {
    this.draft = draft;
    this.pane = pane;
    this.warm = Latency.warm(draft, pane);
    long calls = 0;
    for (VersionPane version : pane.versions()) {
      versions.put(version.version(), version);
      calls += version.calls();
    }
    this.modelCalls = calls;
    for (InstancePane instance : pane.instances()) {
      instance
          .calls()
          .forEach(
              (version, n) ->
                  errors
                      .computeIfAbsent(version, v -> new TreeMap<>())
                      .put(
                          instance.instance(),
                          new Part(n, instance.errors().getOrDefault(version, 0L))));
    }
    for (Guardrail guardrail : draft.policy.guardrails()) {
      Double above = Latency.slowAbove(guardrail, draft.stable, draft.stableDurations);
      if (above != null) {
        Map<String, Slow> byVersion = new HashMap<>();
        warm.forEach((version, durations) -> byVersion.put(version, slow(durations, above)));
        slow.put(guardrail.name(), byVersion);
      }
    }
  }

  private static Slow slow(Map<String, HistogramSnapshot> byInstance, double above) {
    long calls = 0;
    long least = 0;
    long most = 0;
    Map<String, Part> instances = new TreeMap<>();
    for (Map.Entry<String, HistogramSnapshot> entry : byInstance.entrySet()) {
      HistogramSnapshot durations = entry.getValue();
      CountRange fast = durations.countAtOrBelow(above);
      long own = durations.count() - fast.upper();
      calls += durations.count();
      least += own;
      most += durations.count() - fast.lower();
      instances.put(entry.getKey(), new Part(durations.count(), own));
    }
    return new Slow(calls, least, most, instances);
  }

  /** Keeps what is remembered of latency; after the pane's traffic is counted. */
  void remember() {
    Latency.remember(draft, pane, warm);
    warm.forEach(
        (name, byInstance) -> {
          VersionDraft version = draft.versions.get(name);
          if (version != null) {
            Map<String, Long> counts = new TreeMap<>();
            slow.forEach((guardrail, by) -> put(counts, guardrail, by.get(name)));
            long timed = byInstance.values().stream().mapToLong(HistogramSnapshot::count).sum();
            Traffic.timed(version, pane.start().getEpochSecond(), timed, counts);
          }
        });
  }

  private static void put(Map<String, Long> counts, String guardrail, @Nullable Slow slow) {
    if (slow != null && slow.most() > 0) {
      counts.put(guardrail, slow.most());
    }
  }

  /** Calls and failures of a version, against those of the stable one. */
  Tally errors(VersionDraft version) {
    VersionPane own = reported(version.version);
    String stableName = other(version);
    VersionPane stable = stableName == null ? null : reported(stableName);
    return new Tally(
        own == null ? 0 : own.calls(),
        own == null ? 0 : own.errors(),
        own == null ? Map.of() : own.errorTypes(),
        stable == null ? 0 : stable.calls(),
        stable == null ? 0 : stable.errors(),
        errors.getOrDefault(version.version, Map.of()));
  }

  /** The calls of a version, where they were reported. */
  private @Nullable VersionPane reported(String version) {
    VersionPane pane = versions.get(version);
    return pane == null || pane.fromRows() ? null : pane;
  }

  /** What counts for a guardrail on a rate; null while it is not known what slow is. */
  @Nullable Tally of(Guardrail guardrail, VersionDraft version) {
    if (!guardrail.signal().equals(Guardrail.DURATION)) {
      return errors(version);
    }
    Map<String, Slow> byVersion = slow.get(guardrail.name());
    if (byVersion == null) {
      return null;
    }
    String stableName = other(version);
    Slow own = byVersion.getOrDefault(version.version, Slow.NONE);
    Slow stable = stableName == null ? Slow.NONE : byVersion.getOrDefault(stableName, Slow.NONE);
    return new Tally(
        own.calls(), own.least(), Map.of(), stable.calls(), stable.most(), own.instances());
  }

  private @Nullable String other(VersionDraft version) {
    return version.version.equals(draft.stable) ? null : draft.stable;
  }
}
