package io.breakwater.engine.detect;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * Calls of a version and, in the same time, of the version it is compared with; bad ones are those
 * that failed or, for latency, took too long.
 *
 * @param calls calls of the version judged
 * @param bad bad calls among them
 * @param errorTypes failures by {@code error.type}; types beyond the first {@value #MAX_TYPES} are
 *     counted under {@value #OTHER}
 * @param againstCalls calls of the version compared with
 * @param againstBad bad calls among them
 * @param instances the calls of the version judged by serving process, as far as these are known;
 *     processes beyond the first {@value #MAX_INSTANCES} are counted under {@value #OTHER}
 */
public record Tally(
    long calls,
    long bad,
    Map<String, Long> errorTypes,
    long againstCalls,
    long againstBad,
    Map<String, Part> instances) {
  /** How many error types are told apart. */
  public static final int MAX_TYPES = 16;

  /** How many serving processes are told apart. */
  public static final int MAX_INSTANCES = 64;

  /** The name under which further error types, or processes, are counted. */
  public static final String OTHER = "other";

  /** No calls at all. */
  public static final Tally NONE = new Tally(0, 0, Map.of(), 0, 0);

  /**
   * What one serving process did.
   *
   * @param bad bad ones among its calls
   */
  public record Part(long calls, long bad) {
    Part plus(Part more) {
      return new Part(calls + more.calls, bad + more.bad);
    }
  }

  public Tally {
    errorTypes = errorTypes.isEmpty() ? Map.of() : Collections.unmodifiableMap(errorTypes);
    instances = instances.isEmpty() ? Map.of() : Collections.unmodifiableMap(instances);
  }

  /** Calls of processes that are not known. */
  public Tally(
      long calls, long bad, Map<String, Long> errorTypes, long againstCalls, long againstBad) {
    this(calls, bad, errorTypes, againstCalls, againstBad, Map.of());
  }

  /** Both together. */
  public Tally plus(Tally more) {
    return new Tally(
        calls + more.calls,
        bad + more.bad,
        sum(errorTypes, more.errorTypes),
        againstCalls + more.againstCalls,
        againstBad + more.againstBad,
        together(instances, more.instances));
  }

  /** What came on top of {@code earlier}, which must be a part of this; processes are not known. */
  Tally since(Tally earlier) {
    return new Tally(
        calls - earlier.calls,
        bad - earlier.bad,
        difference(errorTypes, earlier.errorTypes),
        againstCalls - earlier.againstCalls,
        againstBad - earlier.againstBad);
  }

  /** The same with other processes. */
  Tally by(Map<String, Part> newInstances) {
    return new Tally(calls, bad, errorTypes, againstCalls, againstBad, newInstances);
  }

  /** Share of bad calls of the version judged; 0 without calls. */
  public double badShare() {
    return calls == 0 ? 0 : (double) bad / calls;
  }

  /** Share of bad calls of the version compared with; 0 without calls. */
  public double againstBadShare() {
    return againstCalls == 0 ? 0 : (double) againstBad / againstCalls;
  }

  private static Map<String, Long> sum(Map<String, Long> some, Map<String, Long> more) {
    if (more.isEmpty()) {
      return some;
    }
    Map<String, Long> sum = new TreeMap<>(some);
    new TreeMap<>(more)
        .forEach(
            (type, count) -> {
              boolean known = sum.containsKey(type) || sum.size() < MAX_TYPES;
              sum.merge(known ? type : OTHER, count, Long::sum);
            });
    return sum;
  }

  static Map<String, Part> together(Map<String, Part> some, Map<String, Part> more) {
    if (more.isEmpty() || some.isEmpty()) {
      return more.isEmpty() ? some : more;
    }
    Map<String, Part> all = new TreeMap<>(some);
    new TreeMap<>(more)
        .forEach(
            (instance, part) -> {
              boolean known = all.containsKey(instance) || all.size() < MAX_INSTANCES;
              all.merge(known ? instance : OTHER, part, Part::plus);
            });
    return all;
  }

  private static Map<String, Long> difference(Map<String, Long> all, Map<String, Long> earlier) {
    Map<String, Long> rest = new TreeMap<>();
    all.forEach(
        (type, count) -> {
          long more = count - earlier.getOrDefault(type, 0L);
          if (more > 0) {
            rest.put(type, more);
          }
        });
    return rest;
  }
}
