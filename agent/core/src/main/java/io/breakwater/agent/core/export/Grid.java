package io.breakwater.agent.core.export;

/** When the next multiple of a period comes, by the wall clock. Not thread-safe. */
final class Grid {
  private long due;

  Grid(long nowNanos, long period) {
    this.due = next(nowNanos, period);
  }

  private static long next(long nowNanos, long period) {
    return (Math.floorDiv(nowNanos, period) + 1) * period;
  }

  /** Whether a multiple has passed since the last call that said so. */
  boolean isDue(long nowNanos, long period) {
    boolean passed = nowNanos >= due;
    if (passed || due - nowNanos > period) { // the clock was set back, or the period is shorter now
      due = next(nowNanos, period);
    }
    return passed;
  }

  long due() {
    return due;
  }
}
