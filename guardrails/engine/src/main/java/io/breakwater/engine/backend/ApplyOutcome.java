package io.breakwater.engine.backend;

import static java.util.Objects.requireNonNull;

/** How an {@link DeploymentBackend#apply} ended. */
public record ApplyOutcome(Kind kind, String detail) {
  /** The kinds of ending. */
  public enum Kind {
    /** The target accepted the change (it may still need time to take effect). */
    APPLIED,
    /** The target was already as planned; nothing was sent. */
    ALREADY,
    /** The precondition no longer holds: describe and plan again. */
    STALE
  }

  public ApplyOutcome {
    requireNonNull(kind, "kind");
    requireNonNull(detail, "detail");
  }
}
