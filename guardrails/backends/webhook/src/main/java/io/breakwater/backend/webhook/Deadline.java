package io.breakwater.backend.webhook;

import java.time.Duration;

/** When one call of the backend has to be over. */
record Deadline(long endNanos, Duration allowed) {
  static Deadline in(Duration allowed) {
    return new Deadline(System.nanoTime() + allowed.toNanos(), allowed);
  }

  long leftNanos() {
    return Math.max(0, endNanos - System.nanoTime());
  }
}
