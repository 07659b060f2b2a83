package io.breakwater.engine.backend;

import static java.util.Objects.requireNonNull;

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
}
