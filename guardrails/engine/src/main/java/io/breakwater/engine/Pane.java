package io.breakwater.engine;

import static java.util.Objects.requireNonNull;

import io.breakwater.signals.HistogramSnapshot;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What one model did in one interval of the collector's grid. Also the engine's clock tick: a pane
 * comes every interval, empty or not, but for empty ones while the model rests ({@link
 * Engine#restsUntil}).
 *
 * @param start beginning, inclusive
 * @param end end, exclusive; the engine's "now"
 * @param versions what each version did, absent when it did nothing
 * @param instances serving processes that beat or called in this interval
 * @param readings distributions of which a look is due; see {@link Reading}
 */
public record Pane(
    Instant start,
    Instant end,
    List<VersionPane> versions,
    List<InstancePane> instances,
    List<Reading> readings) {
  public Pane {
    requireNonNull(start, "start");
    requireNonNull(end, "end");
    versions = List.copyOf(versions);
    instances = List.copyOf(instances);
    readings = List.copyOf(readings);
  }

  /** A pane without distributions. */
  public Pane(
      Instant start, Instant end, List<VersionPane> versions, List<InstancePane> instances) {
    this(start, end, versions, instances, List.of());
  }

  /**
   * Live traffic of one version in one pane. Shadow and probe calls, and calls that a local breaker
   * refused, are not in it.
   *
   * @param calls calls that ended, failures included
   * @param errors calls that failed
   * @param errorTypes failures by {@code error.type}
   * @param fromRows the sender reports no calls; rows of scores stand for them, and whether they
   *     failed is not known
   */
  public record VersionPane(
      String version, long calls, long errors, Map<String, Long> errorTypes, boolean fromRows) {
    /** Calls that were reported. */
    public VersionPane(String version, long calls, long errors, Map<String, Long> errorTypes) {
      this(version, calls, errors, errorTypes, false);
    }

    public VersionPane {
      requireNonNull(version, "version");
      errorTypes = Map.copyOf(errorTypes);
      if (calls < 0 || errors < 0 || errors > calls) {
        throw new IllegalArgumentException(
            "errors: " + errors + " of " + calls + " calls (expected: 0 <= errors <= calls)");
      }
    }
  }

  /**
   * One serving process in one pane.
   *
   * @param instance {@code service.instance.id}; empty for all processes that have none, which
   *     count as one
   * @param beats heartbeats received; a process that never beat is never missed
   * @param calls live calls per version that ended in this pane
   * @param errors those of them that failed
   * @param durations durations in seconds, per version, of those that did not fail; absent where
   *     the sender's buckets cannot be read
   */
  public record InstancePane(
      String instance,
      long beats,
      Map<String, Long> calls,
      Map<String, Long> errors,
      Map<String, HistogramSnapshot> durations) {
    public InstancePane {
      requireNonNull(instance, "instance");
      calls = Map.copyOf(calls);
      errors = Map.copyOf(errors);
      durations = Map.copyOf(durations);
    }

    /** A process without failures. */
    public InstancePane(
        String instance,
        long beats,
        Map<String, Long> calls,
        Map<String, HistogramSnapshot> durations) {
      this(instance, beats, calls, Map.of(), durations);
    }

    /** A process without failures, of whose durations nothing is known. */
    public InstancePane(String instance, long beats, Map<String, Long> calls) {
      this(instance, beats, calls, Map.of());
    }
  }

  /**
   * What one version's signal looked like since the last look: all live rows, every instance. There
   * is a look at scores and classes every second, at features every 10 s, of any signal at most one
   * in a pane.
   *
   * @param signal {@code score}, {@code score:OUTPUT}, {@code class}, {@code feature:NAME} or
   *     {@code category:NAME}
   */
  public record Reading(String version, String signal, Distribution values) {
    public Reading {
      requireNonNull(version, "version");
      requireNonNull(signal, "signal");
      requireNonNull(values, "values");
    }
  }
}
