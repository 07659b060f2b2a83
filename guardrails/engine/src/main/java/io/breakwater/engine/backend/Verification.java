package io.breakwater.engine.backend;

import static java.util.Objects.requireNonNull;

/** Whether a target now is as planned. */
public record Verification(Kind kind, String detail) {
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
}
