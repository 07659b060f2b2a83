package io.breakwater.agent.core.runtime;

import io.breakwater.agent.core.export.Overhead;
import io.breakwater.agent.core.record.Drops;
import io.breakwater.agent.core.record.Recording;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;

/**
 * Drains the rings every few milliseconds, less often while nothing is in them, until it is
 * stopped: interrupts and want of memory do not end it.
 */
final class DrainLoop implements Runnable {
  private static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
  private static final long IDLE_PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(80);
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  /** More time than this between two looks means that the process stood still. */
  private static final long LONGEST_LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final Recording recording;
  private final Overhead overhead;
  private final BiConsumer<String, Throwable> problems;
  private volatile boolean stopped;
  private boolean told;
  private long lastLook = System.nanoTime();

  DrainLoop(Recording recording, Overhead overhead, BiConsumer<String, Throwable> problems) {
    this.recording = recording;
    this.overhead = overhead;
    this.problems = problems;
  }

  /** Makes the loop end; its thread has to be unparked. */
  void stop() {
    stopped = true;
  }

  @Override
  public void run() {
    long period = PERIOD_NANOS;
    while (!stopped) {
      LockSupport.parkNanos(period);
      Thread.interrupted(); // somebody interrupts every thread there is; parking would not wait
      period = drain() ? PERIOD_NANOS : Math.min(2 * period, IDLE_PERIOD_NANOS);
    }
  }

  private boolean drain() {
    long start = System.nanoTime();
    try {
      long sinceLook = start - lastLook;
      if (sinceLook >= LOOK_NANOS) {
        lastLook = start;
        recording.passBlocked(Math.min(sinceLook, LONGEST_LOOK_NANOS));
      }
      return recording.drain();
    } catch (RuntimeException | Error e) {
      failed(e);
      return false;
    } finally {
      overhead.addDrain(System.nanoTime() - start);
    }
  }

  private void failed(Throwable e) {
    try {
      recording.drops().add(Drops.Reason.AGENT_ERROR);
      if (!told) {
        told = true;
        problems.accept("calls could not be filed", e);
      }
    } catch (RuntimeException | Error again) {
      told = true; // out of memory: telling can wait
    }
  }
}
