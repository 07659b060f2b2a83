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
      version.errorTypes.merge(errorType, calls.count(), Long::sum);
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

  private static final class VersionTally {
    private long calls;
    private long errors;
    private boolean fromRows;
    private final Map<String, Long> errorTypes = new HashMap<>();
  }

  private static final class InstanceTally {
    private long beats;
    private final Map<String, Long> calls = new HashMap<>();
    private final Map<String, Long> errors = new HashMap<>();
    private final Map<String, HistogramSnapshot> durations = new HashMap<>();

    void add(Point.Calls added) {
      calls.merge(added.version(), added.count(), Long::sum);
      HistogramSnapshot histogram = added.durations();
      if (added.errorType() != null) {
        errors.merge(added.version(), added.count(), Long::sum);
      } else if (histogram != null) {
        durations.merge(added.version(), histogram, HistogramSnapshot::merge);
      }
    }
  }
}
