package io.breakwater.collector.runtime;

import io.breakwater.collector.intake.Point;
import io.breakwater.engine.Pane;
import io.breakwater.signals.HistogramSnapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The pane that is being filled. Confined to its lane's thread. */
final class OpenPane {
  private final Map<String, VersionTally> versions = new LinkedHashMap<>();
  private final Map<String, InstanceTally> instances = new LinkedHashMap<>();

  void add(Point.Calls calls) {
    VersionTally version = versions.computeIfAbsent(calls.version(), v -> new VersionTally());
    version.calls += calls.count();
    String errorType = calls.errorType();
    if (errorType != null) {
      version.errors += calls.count();
      version.errorTypes = plus(version.errorTypes, errorType, calls.count());
    }
    instances.computeIfAbsent(calls.instance(), i -> new InstanceTally()).add(calls);
  }

  /** Whether nothing came in. */
  boolean isEmpty() {
    return versions.isEmpty() && instances.isEmpty();
  }

  /** Whether calls of a version came in. */
  boolean hasCalls(String version) {
    return versions.containsKey(version);
  }

  /** Rows of scores or classes of a version that reports no calls stand for them. */
  void addRows(String version, long rows) {
    VersionTally tally = new VersionTally();
    tally.calls = rows;
    tally.fromRows = true;
    versions.put(version, tally);
  }

  void beat(String instance) {
    instances.computeIfAbsent(instance, i -> new InstanceTally()).beats++;
  }

  /** The pane with these readings, closed; this one is empty afterwards. */
  Pane cut(Instant start, Instant end, List<Pane.Reading> readings) {
    List<Pane.VersionPane> versionPanes = new ArrayList<>(versions.size());
    versions.forEach(
        (version, tally) ->
            versionPanes.add(
                new Pane.VersionPane(
                    version, tally.calls, tally.errors, tally.errorTypes, tally.fromRows)));
    List<Pane.InstancePane> instancePanes = new ArrayList<>(instances.size());
    instances.forEach(
        (instance, tally) ->
            instancePanes.add(
                new Pane.InstancePane(
                    instance, tally.beats, tally.calls, tally.errors, tally.durations)));
    versions.clear();
    instances.clear();
    return new Pane(start, end, versionPanes, instancePanes, readings);
  }

  /** The counts with more of one key; a map that is not to be used any more. */
  private static Map<String, Long> plus(Map<String, Long> counts, String key, long more) {
    Long before = counts.get(key);
    if (counts.isEmpty() || (before != null && counts.size() == 1)) {
      return Map.of(key, more + (before == null ? 0 : before)); // nearly always
    }
    Map<String, Long> wider = counts instanceof HashMap ? counts : new HashMap<>(counts);
    wider.merge(key, more, Long::sum);
    return wider;
  }

  private static final class VersionTally {
    private long calls;
    private long errors;
    private boolean fromRows;
    private Map<String, Long> errorTypes = Map.of();
  }

  private static final class InstanceTally {
    private long beats;
    private Map<String, Long> calls = Map.of();
    private Map<String, Long> errors = Map.of();
    private Map<String, HistogramSnapshot> durations = Map.of();

    void add(Point.Calls added) {
      calls = plus(calls, added.version(), added.count());
      HistogramSnapshot histogram = added.durations();
      if (added.errorType() != null) {
        errors = plus(errors, added.version(), added.count());
      } else if (histogram != null) {
        add(added.version(), histogram);
      }
    }

    private void add(String version, HistogramSnapshot histogram) {
      if (durations.isEmpty()) {
        durations = Map.of(version, histogram);
        return;
      }
      if (!(durations instanceof HashMap)) {
        durations = new HashMap<>(durations);
      }
      durations.merge(version, histogram, HistogramSnapshot::merge);
    }
  }
}
