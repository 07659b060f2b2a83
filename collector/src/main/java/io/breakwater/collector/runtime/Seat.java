package io.breakwater.collector.runtime;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * A lane and the thread that runs it. Counts the points that wait for the lane, so that one model
 * alone cannot keep the lanes beside it waiting.
 */
final class Seat {
  private final Object owner;
  private final Lane lane;
  private final LaneThread thread;
  private final AtomicInteger offered = new AtomicInteger();

  /** Written by the lane's thread only. */
  private final AtomicInteger taken = new AtomicInteger();

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
    if (offered.get() - taken.get() >= most) {
      return false;
    }
    offered.incrementAndGet();
    return true;
  }

  /** A point was taken; on the lane's thread. */
  void took() {
    taken.lazySet(taken.getPlain() + 1);
  }
}
