package io.breakwater.agent.core.runtime;

import io.breakwater.agent.core.config.AgentConfig;
import io.breakwater.agent.core.export.FlushLanes;
import io.breakwater.agent.core.export.OtlpExport;
import io.breakwater.agent.core.export.Overhead;
import io.breakwater.agent.core.record.Drops;
import io.breakwater.agent.core.record.EpochClock;
import io.breakwater.agent.core.record.Recording;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;

/**
 * Flushes on the grid until it is stopped, and then once more: interrupts and want of memory do not
 * end it. The exporter is loaded here, not on the thread that happens to load a model library
 * first.
 *
 * <p>A process that ends may go on answering for a while: its own shutdown hooks see to that. So
 * from then on everything leaves every {@value #LAST_BEAT_MILLIS} ms, until the JVM is gone.
 */
final class FlushLoop implements Runnable {
  /** How long the process may be kept from ending while the last interval leaves. */
  static final long LAST_DELIVERY_MILLIS = 1_500;

  private static final long LAST_BEAT_MILLIS = 100;

  /** What threads get, twice, to finish a record they have begun when the process ends. */
  private static final long WRITERS_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private final AgentConfig config;
  private final Map<String, String> resource;
  private final Recording recording;
  private final Overhead overhead;
  private final EpochClock clock;
  private final BiConsumer<String, Throwable> problems;
  private final CountDownLatch lastSent = new CountDownLatch(1);
  private volatile boolean stopped;
  private volatile boolean ending;
  private boolean hurried;
  private boolean told;

  FlushLoop(
      AgentConfig config,
      Map<String, String> resource,
      Recording recording,
      Overhead overhead,
      EpochClock clock,
      BiConsumer<String, Throwable> problems) {
    this.config = config;
    this.resource = resource;
    this.recording = recording;
    this.overhead = overhead;
    this.clock = clock;
    this.problems = problems;
  }

  /** Makes the loop end; its thread has to be unparked. */
  void stop() {
    stopped = true;
  }

  /** The process ends: all there is leaves at once. The loop's thread has to be unparked. */
  void processEnds() {
    ending = true;
  }

  /** Waits until what was there when the process began to end has left, at most so long. */
  void awaitLastSent(long millis) throws InterruptedException {
    lastSent.await(millis, TimeUnit.MILLISECONDS);
  }

  @Override
  public void run() {
    try {
      OtlpExport export =
          new OtlpExport(
              config.endpoint(),
              resource,
              recording.drops(),
              AgentThreads::start,
              message -> problems.accept(message, null));
      flushUntilStopped(export);
      export.close(LAST_DELIVERY_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the end has come already
    } catch (Exception | Error e) {
      problems.accept("no metrics are sent", e);
    } finally {
      lastSent.countDown();
    }
  }

  private void flushUntilStopped(OtlpExport export) {
    FlushLanes lanes =
        FlushLanes.into(
            export,
            recording,
            overhead,
            config.outcomeFlush(),
            config.featureFlush(),
            clock.nanos());
    long wait = 0;
    while (!stopped) {
      LockSupport.parkNanos(wait);
      Thread.interrupted(); // somebody interrupts every thread there is; parking would not wait
      wait = ending ? flushLast(export, lanes) : flush(export, lanes);
    }
    lanes.runLast(clock.nanos());
  }

  private long flush(OtlpExport export, FlushLanes lanes) {
    long start = System.nanoTime();
    try {
      export.watch();
      return lanes.run(clock.nanos());
    } catch (RuntimeException | Error e) {
      failed(e);
      return config.outcomeFlush().toNanos();
    } finally {
      overhead.addFlush(System.nanoTime() - start);
    }
  }

  private long flushLast(OtlpExport export, FlushLanes lanes) {
    try {
      export.hurry();
      for (int look = 0; look < 3 && recording.passBlocked(Recording.PATIENCE_NANOS); look++) {
        LockSupport.parkNanos(WRITERS_NANOS);
      }
      lanes.runLast(clock.nanos());
      if (!hurried) {
        hurried = true;
        export.awaitDelivered(LAST_DELIVERY_MILLIS);
      }
    } catch (InterruptedException e) {
      hurried = true; // somebody interrupts every thread there is
    } catch (RuntimeException | Error e) {
      failed(e);
    } finally {
      lastSent.countDown();
    }
    return TimeUnit.MILLISECONDS.toNanos(LAST_BEAT_MILLIS);
  }

  private void failed(Throwable e) {
    try {
      recording.drops().add(Drops.Reason.AGENT_ERROR);
      if (!told) {
        told = true;
        problems.accept("an interval could not be sent", e);
      }
    } catch (RuntimeException | Error again) {
      told = true; // out of memory: telling can wait
    }
  }
}
