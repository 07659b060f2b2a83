package io.breakwater.collector.runtime;

import java.time.Duration;
import java.time.Instant;

/**
 * Where panes begin and end: every {@link #WIDTH} on the collector's monotonic clock.
 *
 * <p>Anchored once, {@link #OFFSET} after a wall-clock multiple of the width, so that what agents
 * flush on the multiple is judged {@link #OFFSET} later. Later changes of the wall clock do not
 * move it. Immutable.
 */
final class PaneGrid {
  /** Width of a pane. */
  static final Duration WIDTH = Duration.ofMillis(100);

  /** Time between agents' flushes and the end of the pane that takes them in. */
  static final Duration OFFSET = Duration.ofMillis(30);

  private final Instant anchor;
  private final long anchorNanos;

  /**
   * A grid anchored at the next boundary after {@code now}.
   *
   * @param nanos reading of the monotonic clock at {@code now}
   */
  PaneGrid(Instant now, long nanos) {
    long width = WIDTH.toMillis();
    Instant shifted = now.minus(OFFSET);
    long next = Math.floorDiv(shifted.toEpochMilli(), width) * width + width;
    this.anchor = Instant.ofEpochMilli(next).plus(OFFSET);
    this.anchorNanos = nanos + Duration.between(now, anchor).toNanos();
  }

  /** End of pane {@code index}, which is 0 for the first. */
  Instant end(long index) {
    return anchor.plusMillis(index * WIDTH.toMillis());
  }

  /** The monotonic clock's reading at the end of pane {@code index}. */
  long endNanos(long index) {
    return anchorNanos + index * WIDTH.toNanos();
  }

  /** Index of the last pane that had ended at {@code nanos}; below 0 before the first ended. */
  long lastEnded(long nanos) {
    return Math.floorDiv(nanos - anchorNanos, WIDTH.toNanos());
  }

  /** The time that the grid gives a reading of the monotonic clock. */
  Instant at(long nanos) {
    return anchor.plusNanos(nanos - anchorNanos);
  }
}
