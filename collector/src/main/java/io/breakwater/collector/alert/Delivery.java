package io.breakwater.collector.alert;

import io.breakwater.collector.store.OutboxMessage;

/** A message on its way, and when it is to be tried next. Confined to the alert thread. */
final class Delivery {
  private static final long FIRST_BACKOFF_NANOS = 500_000_000L;
  private static final long LONGEST_BACKOFF_NANOS = 60_000_000_000L;
  private static final int MAX_DOUBLINGS = 7;

  final OutboxMessage message;
  private long dueNanos;
  private int failures;

  Delivery(OutboxMessage message, long dueNanos) {
    this.message = message;
    this.dueNanos = dueNanos;
  }

  boolean isDue(long nowNanos) {
    return nowNanos - dueNanos >= 0;
  }

  long nanosToWait(long nowNanos) {
    return Math.max(0, dueNanos - nowNanos);
  }

  void succeeded(long nextNanos) {
    failures = 0;
    dueNanos = nextNanos;
  }

  /** Puts the next attempt off: 0.5 s, doubled every time, at most a minute. */
  void failed(long nowNanos) {
    long backoff = FIRST_BACKOFF_NANOS << Math.min(failures++, MAX_DOUBLINGS);
    dueNanos = nowNanos + Math.min(backoff, LONGEST_BACKOFF_NANOS);
  }
}
