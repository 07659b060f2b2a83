package io.breakwater.agent.core.runtime;

import io.breakwater.agent.core.config.AgentConfig;
import io.breakwater.agent.core.export.FlushLanes;
import io.breakwater.agent.core.export.OtlpExport;
import io.breakwater.agent.core.export.Overhead;
import io.breakwater.agent.core.record.Drops;
import io.breakwater.agent.core.record.EpochClock;
import io.breakwater.agent.core.record.Recording;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;

/**
 * Flushes on the grid until it is stopped, and then once more. The exporter is loaded here, not on
 * the thread that happens to load a model library first.
 */
final class FlushLoop implements Runnable {
  /** How long the process may be kept from ending while the last interval leaves. */
  static final long LAST_DELIVERY_MILLIS = 1_500;

  private final AgentConfig config;
  private final Map<String, String> resource;
  private final Recording recording;
  private final Overhead overhead;
  private final EpochClock clock;
  private final BiConsumer<String, Throwable> problems;
  private volatile boolean stopped;
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
      Thread.currentThread().interrupt(); // asked to end
    } catch (Exception | Error e) {
      problems.accept("no metrics are sent", e);
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
      wait = flush(lanes);
    }
    lanes.runLast(clock.nanos());
  }

  private long flush(FlushLanes lanes) {
    long start = System.nanoTime();
    try {
      return lanes.run(clock.nanos());
    } catch (RuntimeException | Error e) {
      recording.drops().add(Drops.Reason.AGENT_ERROR);
      if (!told) {
        told = true;
        problems.accept("an interval could not be sent", e);
      }
      return config.outcomeFlush().toNanos();
    } finally {
      overhead.addFlush(System.nanoTime() - start);
    }
  }
}
