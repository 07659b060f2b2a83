package io.breakwater.agent.core.runtime;

import io.breakwater.agent.core.export.Overhead;
import io.breakwater.agent.core.record.Drops;
import io.breakwater.agent.core.record.Recording;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;

/** Drains the rings every few milliseconds, less often while nothing is in them. */
final class DrainLoop implements Runnable {
  private static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
  private static final long IDLE_PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(80);

  private final Recording recording;
  private final Overhead overhead;
  private final BiConsumer<String, Throwable> problems;
  private boolean told;

  DrainLoop(Recording recording, Overhead overhead, BiConsumer<String, Throwable> problems) {
    this.recording = recording;
    this.overhead = overhead;
    this.problems = problems;
  }

  @Override
  public void run() {
    long period = PERIOD_NANOS;
    while (!Thread.currentThread().isInterrupted()) {
      LockSupport.parkNanos(period);
      period = drain() ? PERIOD_NANOS : Math.min(2 * period, IDLE_PERIOD_NANOS);
    }
  }

  private boolean drain() {
    long start = System.nanoTime();
    try {
      return recording.drain();
    } catch (RuntimeException | Error e) {
      recording.drops().add(Drops.Reason.AGENT_ERROR);
      if (!told) {
        told = true;
        problems.accept("calls could not be filed", e);
      }
      return false;
    } finally {
      overhead.addDrain(System.nanoTime() - start);
    }
  }
}
