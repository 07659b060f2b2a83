package io.breakwater.benchmarks;

import io.breakwater.agent.core.record.CaptureRules;
import io.breakwater.agent.core.record.Drops;
import io.breakwater.agent.core.record.EpochClock;
import io.breakwater.agent.core.record.Labels;
import io.breakwater.agent.core.record.Limits;
import io.breakwater.agent.core.record.PointSink;
import io.breakwater.agent.core.record.Recorder;
import io.breakwater.agent.core.record.Recording;
import io.breakwater.signals.HistogramSnapshot;
import io.breakwater.signals.Metric;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The agent's recording with a live drain and flushes on the agent's periods; points go nowhere.
 */
final class DrainedRecording {
  /** Pause of the drain thread: the agent's. */
  static final int DRAIN_MILLIS = 5;

  private static final int DRAINS_TO_A_FLUSH = 100 / DRAIN_MILLIS;
  private static final int FLUSHES_TO_FEATURES = 100;

  private final Drops drops = new Drops();
  private final Recording recording =
      Recording.create(
          CaptureRules.of(true, Limits.of(64, 50), "bench", null, null, List.of()),
          Runtime.getRuntime().availableProcessors(),
          EpochClock.SYSTEM,
          drops,
          () -> {});
  private final Thread drain = new Thread(this::drain, "drain");
  private volatile long drained;
  private volatile boolean stopped;

  Recorder recorder() {
    return recording.recorder();
  }

  void start() {
    drain.setDaemon(true);
    drain.start();
  }

  private void drain() {
    for (long turn = 1; !stopped; turn++) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(DRAIN_MILLIS));
      recording.drain();
      drained = turn;
      if (turn % DRAINS_TO_A_FLUSH == 0) {
        recording.flushOutcomes(Nowhere.SINK, EpochClock.SYSTEM.nanos());
      }
      if (turn % (DRAINS_TO_A_FLUSH * FLUSHES_TO_FEATURES) == 0) {
        recording.flushFeatures(Nowhere.SINK, EpochClock.SYSTEM.nanos());
      }
    }
  }

  /** Waits, without sleeping, until what was recorded before has been drained. */
  void awaitDrain() {
    long seen = drained;
    while (drained < seen + 2) { // the first may have begun too early
      Thread.onSpinWait();
    }
  }

  /** Ends the drain; fails if a call was dropped or could not be read. */
  void stop() throws InterruptedException {
    stopped = true;
    drain.join();
    for (Drops.Reason reason : Drops.Reason.values()) {
      if (drops.count(reason) != 0) {
        throw new IllegalStateException(
            drops.count(reason) + " dropped: " + reason + " (expected: none)");
      }
    }
  }

  private enum Nowhere implements PointSink {
    SINK;

    @Override
    public void histogram(
        Metric metric, Labels labels, HistogramSnapshot values, long startNanos) {}

    @Override
    public void sum(Metric metric, Labels labels, long count, long startNanos) {}
  }
}
