package io.breakwater.collector.intake;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

/** Counts what comes in. Safe for use by many threads. */
public final class IntakeMetrics {
  private final Counter points;
  private final Counter dropped;

  /** Counters registered in {@code registry}. */
  public IntakeMetrics(PrometheusRegistry registry) {
    points =
        Counter.builder()
            .name("breakwater_ingest_points_total")
            .help("Data points received and used.")
            .register(registry);
    dropped =
        Counter.builder()
            .name("breakwater_ingest_dropped_total")
            .help("Data points, or whole requests counted as one, received and not used.")
            .labelNames("reason")
            .register(registry);
    for (Drop drop : Drop.values()) {
      dropped.initLabelValues(drop.label());
    }
  }

  /** Counts points that were used. */
  public void used(long count) {
    points.inc(count);
  }

  /** Counts one point, or one request, that was not. */
  public void dropped(Drop drop) {
    dropped(drop, 1);
  }

  /** Counts points that were not used. */
  public void dropped(Drop drop, long count) {
    dropped.labelValues(drop.label()).inc(count);
  }

  /** How many were dropped for this reason. */
  public long droppedCount(Drop drop) {
    return (long) dropped.labelValues(drop.label()).get();
  }

  /** How many were used. */
  public long usedCount() {
    return (long) points.get();
  }
}
