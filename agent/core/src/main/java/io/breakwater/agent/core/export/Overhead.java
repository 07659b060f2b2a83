package io.breakwater.agent.core.export;

import java.util.concurrent.atomic.LongAdder;

/** Time the agent's own threads were busy. Safe for use by many threads. */
public final class Overhead {
  private final LongAdder drainNanos = new LongAdder();
  private final LongAdder flushNanos = new LongAdder();

  /** Adds time spent filing records. */
  public void addDrain(long nanos) {
    drainNanos.add(nanos);
  }

  /** Adds time spent making and encoding points. */
  public void addFlush(long nanos) {
    flushNanos.add(nanos);
  }

  long takeDrain() {
    return drainNanos.sumThenReset();
  }

  long takeFlush() {
    return flushNanos.sumThenReset();
  }
}
