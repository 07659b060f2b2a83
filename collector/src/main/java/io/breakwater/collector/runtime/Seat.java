package io.breakwater.collector.runtime;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * A lane and the thread that runs it. While much waits the points that wait for the lane are
 * counted, so that one model alone cannot keep the lanes beside it waiting.
 */
final class Seat {
  private final Object owner;
  private final Lane lane;
  private final LaneThread thread;
  private final AtomicInteger waiting = new AtomicInteger();

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

  /** Whether fewer than {@code most} counted points wait; then another is counted. Any thread. */
  boolean admits(int most) {
    return waiting.get() < most && waiting.incrementAndGet() > 0;
  }

  /** A counted point was taken; on the lane's thread. */
  void took() {
    waiting.decrementAndGet();
  }
}
