package io.breakwater.backend.haproxy;

import java.time.Duration;

/** When one call of the backend has to be over. */
record Deadline(long endNanos, Duration allowed) {
  static Deadline in(Duration allowed) {
    return new Deadline(System.nanoTime() + allowed.toNanos(), allowed);
  }

  /** Whole milliseconds left, rounded up; 0 when it is over. */
  long leftMillis() {
    return Math.max(0, (endNanos - System.nanoTime() + 999_999) / 1_000_000);
  }
}
