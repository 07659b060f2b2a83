package io.breakwater.agent.core.export;

import io.breakwater.agent.core.record.Drops;
import io.breakwater.agent.core.record.Labels;
import io.breakwater.agent.core.record.Recording;
import io.breakwater.signals.Attributes;
import io.breakwater.signals.Metrics;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What leaves, and when: the outcome lane on wall-clock multiples of its period, the feature lane
 * on those of its own, a heartbeat every second. Never because of what was recorded: when a test
 * looks must not depend on what it sees.
 *
 * <p>A process that serves more than {@value #MOST_VERSIONS_AT_FULL_RATE} model versions flushes
 * outcomes every second at most. A clock that is set takes the grid along. Not thread-safe.
 */
public final class FlushLanes {
  static final int MOST_VERSIONS_AT_FULL_RATE = 8;

  private static final long SECOND = Duration.ofSeconds(1).toNanos();
  private static final double NANOS_PER_SECOND = 1e9;

  private final Recording recording;
  private final Overhead overhead;
  private final Consumer<MetricBatch> out;
  private final long outcomePeriod;
  private final long featurePeriod;
  private final Grid outcomes;
  private final Grid features;
  private final Grid heartbeats;
  private final Map<Drops.Reason, Long> dropsSent = new EnumMap<>(Drops.Reason.class);
  private long dropsFrom;
  private long overheadFrom;

  private FlushLanes(
      Recording recording,
      Overhead overhead,
      Consumer<MetricBatch> out,
      Duration outcomePeriod,
      Duration featurePeriod,
      long nowNanos) {
    this.recording = recording;
    this.overhead = overhead;
    this.out = out;
    this.outcomePeriod = outcomePeriod.toNanos();
    this.featurePeriod = featurePeriod.toNanos();
    this.outcomes = new Grid(nowNanos, this.outcomePeriod);
    this.features = new Grid(nowNanos, this.featurePeriod);
    this.heartbeats = new Grid(nowNanos, SECOND);
    this.dropsFrom = nowNanos;
    this.overheadFrom = nowNanos;
  }

  /** Lanes that flush into an export, from the next multiples on. */
  public static FlushLanes into(
      OtlpExport export,
      Recording recording,
      Overhead overhead,
      Duration outcomePeriod,
      Duration featurePeriod,
      long nowNanos) {
    return of(export::send, recording, overhead, outcomePeriod, featurePeriod, nowNanos);
  }

  static FlushLanes of(
      Consumer<MetricBatch> out,
      Recording recording,
      Overhead overhead,
      Duration outcomePeriod,
      Duration featurePeriod,
      long nowNanos) {
    return new FlushLanes(recording, overhead, out, outcomePeriod, featurePeriod, nowNanos);
  }

  /**
   * Flushes what is due.
   *
   * @return nanoseconds until something is due again
   */
  public long run(long nowNanos) {
    Batches batches = new Batches(out, nowNanos);
    if (outcomes.isDue(nowNanos, outcomePeriodNow())) {
      recording.flushOutcomes(batches, nowNanos);
    }
    if (features.isDue(nowNanos, featurePeriod)) {
      recording.flushFeatures(batches, nowNanos);
      flushOverhead(batches, nowNanos);
    }
    if (heartbeats.isDue(nowNanos, SECOND)) {
      batches.withRoom().gauge(Metrics.AGENT_HEARTBEAT, 1);
      flushDrops(batches, nowNanos);
    }
    batches.finish();
    long next = Math.min(outcomes.due(), Math.min(features.due(), heartbeats.due()));
    return next - nowNanos;
  }

  private long outcomePeriodNow() {
    return recording.models() > MOST_VERSIONS_AT_FULL_RATE
        ? Math.max(outcomePeriod, SECOND)
        : outcomePeriod;
  }

  /** Flushes everything, due or not, but for heartbeats: the process ends. */
  public void runLast(long nowNanos) {
    Batches batches = new Batches(out, nowNanos);
    recording.flushOutcomes(batches, nowNanos);
    recording.flushFeatures(batches, nowNanos);
    if (heartbeats.isDue(nowNanos, SECOND)) {
      batches.withRoom().gauge(Metrics.AGENT_HEARTBEAT, 1);
    }
    flushDrops(batches, nowNanos);
    batches.finish();
  }

  private void flushDrops(Batches batches, long nowNanos) {
    for (Drops.Reason reason : Drops.Reason.values()) {
      long count = recording.drops().count(reason);
      long fresh = count - dropsSent.getOrDefault(reason, 0L);
      if (fresh > 0) {
        batches.sum(Metrics.AGENT_DROPPED, reason(reason.label()), fresh, dropsFrom);
        dropsSent.put(reason, count);
      }
    }
    dropsFrom = nowNanos;
  }

  private void flushOverhead(Batches batches, long nowNanos) {
    flushOverhead(batches, "drain", overhead.takeDrain());
    flushOverhead(batches, "flush", overhead.takeFlush());
    overheadFrom = nowNanos;
  }

  private void flushOverhead(Batches batches, String reason, long nanos) {
    if (nanos > 0) {
      batches
          .withRoom()
          .time(Metrics.AGENT_OVERHEAD, reason(reason), nanos / NANOS_PER_SECOND, overheadFrom);
    }
  }

  private static Labels reason(String reason) {
    return Labels.NONE.with(Attributes.REASON, reason);
  }
}
