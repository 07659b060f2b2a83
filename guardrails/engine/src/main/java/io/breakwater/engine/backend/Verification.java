package io.breakwater.engine.backend;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Whether a target now is as planned. */
public record Verification(Kind kind, String detail) {
  private static final double TOLERANCE = 1e-6;

  /** The possible answers. */
  public enum Kind {
    /** The target reads back as planned. */
    CONVERGED,
    /** Not yet, but nothing contradicts the plan. */
    PENDING,
    /** The target is in a state the plan did not lead to. */
    DIVERGED
  }

  public Verification {
    requireNonNull(kind, "kind");
    requireNonNull(detail, "detail");
  }

  /**
   * Compares what a target reports with a plan: converged when every share is as planned, pending
   * while every share is between what it was and what it will be, else diverged. A planned 0 is
   * reached by 0 only; other shares may be off by one in a million.
   *
   * @param now share per version, 0..1; a version that is not named has none
   */
  public static Verification of(Plan plan, Map<String, Double> now) {
    TreeSet<String> versions = new TreeSet<>(plan.after().keySet());
    versions.addAll(now.keySet());
    Kind kind = Kind.CONVERGED;
    for (String version : versions) {
      double share = now.getOrDefault(version, 0.0);
      double before = plan.before().getOrDefault(version, 0.0);
      double after = plan.after().getOrDefault(version, 0.0);
      if (Math.min(before, after) - share > TOLERANCE
          || share - Math.max(before, after) > TOLERANCE) {
        kind = Kind.DIVERGED;
        break;
      }
      if (after == 0 ? share != 0 : Math.abs(share - after) > TOLERANCE) {
        kind = Kind.PENDING;
      }
    }
    return new Verification(
        kind, "shares " + new TreeMap<>(now) + ", planned " + new TreeMap<>(plan.after()));
  }
}
