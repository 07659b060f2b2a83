package io.breakwater.engine.backend;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a backend is asked to bring about: {@code version} gets {@code share} of the model's
 * traffic, {@code target} takes what that sets free or gives what it needs; other versions keep
 * theirs.
 *
 * @param id the same at every retry; repeating it has no further effect
 * @param decision id of the decision this carries out
 * @param share wanted share of traffic for {@code version}, 0..1; 0 means no call at all
 */
public record TrafficShift(
    String id, String decision, String model, String version, String target, double share) {
  public TrafficShift {
    requireNonNull(id, "id");
    requireNonNull(decision, "decision");
    requireNonNull(model, "model");
    requireNonNull(version, "version");
    requireNonNull(target, "target");
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException("share: " + share + " (expected: 0 to 1)");
    }
    if (version.equals(target)) {
      throw new IllegalArgumentException("target: " + target + " (expected: another version)");
    }
  }

  /**
   * Share of traffic per version once this shift is done: {@code version} has {@link #share},
   * {@code target} what is left, every other version what it had.
   *
   * @param before share per version, 0..1
   * @return by version in ascending order, adding up to 1
   * @throws BackendException when a version is not among {@code before}, or the target does not
   *     have enough to give
   */
  public Map<String, Double> after(Map<String, Double> before) throws BackendException {
    for (String named : new String[] {version, target}) {
      if (!before.containsKey(named)) {
        throw new BackendException(
            "version "
                + named
                + " of "
                + model
                + " is not on the target (expected: one of "
                + new TreeMap<>(before).keySet()
                + ")");
      }
    }
    Map<String, Double> after = new TreeMap<>(before);
    after.put(version, share);
    after.remove(target);
    double left = rounded(1 - after.values().stream().mapToDouble(Double::doubleValue).sum());
    if (left < 0) {
      throw new BackendException(
          "version "
              + version
              + " of "
              + model
              + " cannot get "
              + share
              + " of the traffic: other versions than "
              + target
              + " have "
              + rounded(1 - share - left)
              + " of it");
    }
    after.put(target, left);
    return Collections.unmodifiableMap(after);
  }

  private static double rounded(double share) {
    return Math.round(share * 1e9) / 1e9;
  }
}
