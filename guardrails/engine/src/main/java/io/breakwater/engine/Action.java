package io.breakwater.engine;

import io.breakwater.engine.backend.TrafficShift;
import java.time.Duration;

/** What the engine asks the shell to do. */
public sealed interface Action {
  /**
   * Bring about a traffic shift and report {@link Event.ShiftReported} as it proceeds: APPLIED,
   * then CONVERGED, or FAILED after {@code within}.
   *
   * @param within all retries together
   */
  record Shift(TrafficShift shift, Duration within) implements Action {}

  /** Stop working on a shift that has been overtaken; no outcome is awaited any more. */
  record Abandon(String shift) implements Action {}
}
