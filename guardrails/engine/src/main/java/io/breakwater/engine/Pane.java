package io.breakwater.engine;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What one model did in one interval of the collector's grid. Also the engine's clock tick: a pane
 * comes every interval, empty or not.
 *
 * @param start beginning, inclusive
 * @param end end, exclusive; the engine's "now"
 * @param versions what each version did, absent when it did nothing
 * @param instances serving processes that beat or called in this interval
 */
public record Pane(
    Instant start, Instant end, List<VersionPane> versions, List<InstancePane> instances) {
  public Pane {
    requireNonNull(start, "start");
    requireNonNull(end, "end");
    versions = List.copyOf(versions);
    instances = List.copyOf(instances);
  }

  /**
   * Live traffic of one version in one pane. Shadow and probe calls, and calls that a local breaker
   * refused, are not in it.
   *
   * @param calls calls that ended, failures included
   * @param errors calls that failed
   * @param errorTypes failures by {@code error.type}
   */
  public record VersionPane(String version, long calls, long errors, Map<String, Long> errorTypes) {
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
   * @param instance {@code service.instance.id}
   * @param beats heartbeats received; a process that never beat is never missed
   * @param calls live calls per version that ended in this pane
   */
  public record InstancePane(String instance, long beats, Map<String, Long> calls) {
    public InstancePane {
      requireNonNull(instance, "instance");
      calls = Map.copyOf(calls);
    }
  }
}
