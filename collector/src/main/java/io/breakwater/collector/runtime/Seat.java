package io.breakwater.collector.runtime;

import io.breakwater.collector.intake.Batch;
import io.breakwater.collector.intake.Series;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/**
 * A lane and the thread that runs it. Counts the points that wait for the lane, so that one model
 * alone cannot keep the lanes beside it waiting.
 */
final class Seat {
  /** Points whose seats are read together. */
  static final int GROUP = 32;

  private static final AtomicIntegerFieldUpdater<Seat> OFFERED =
      AtomicIntegerFieldUpdater.newUpdater(Seat.class, "offered");
  private static final AtomicIntegerFieldUpdater<Seat> TAKEN =
      AtomicIntegerFieldUpdater.newUpdater(Seat.class, "taken");

  private final Object owner;
  private final Lane lane;
  private final LaneThread thread;
  private volatile int offered;

  /** Written by the lane's thread only. */
  private volatile int taken;

  Seat(Object owner, Lane lane, LaneThread thread) {
    this.owner = owner;
    this.lane = lane;
    this.thread = thread;
  }

  /** Whose seat it is. */
  Object owner() {
    return owner;
  }

  Lane lane() {
    return lane;
  }

  LaneThread thread() {
    return thread;
  }

  /** Whether fewer than {@code most} points wait; then another's room is reserved. Any thread. */
  boolean admits(int most) {
    if (offered - taken >= most) {
      return false;
    }
    OFFERED.incrementAndGet(this);
    return true;
  }

  /** Points were taken; on the lane's thread. */
  void took(int points) {
    TAKEN.lazySet(this, taken + points);
  }

  /** Reads the seats of the next points, so that several waits for memory overlap; of no use. */
  static int touch(Batch batch, int from) {
    int touched = 0;
    for (int i = from; i < Math.min(from + GROUP, batch.size()); i++) {
      Series series = batch.series(i);
      if (series != null && series.lane() instanceof Seat seat) {
        touched += seat.offered;
      }
    }
    return touched;
  }

  /** Reads this one; of no use but that it is at hand then. */
  int touch() {
    return taken;
  }
}
