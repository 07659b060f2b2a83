package io.breakwater.collector.alert;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

/** Counts what becomes of alerts. Safe for use by many threads. */
public final class AlertMetrics {
  private final Counter alerts;

  /** Counters registered in {@code registry}. */
  public AlertMetrics(PrometheusRegistry registry) {
    alerts =
        Counter.builder()
            .name("breakwater_alerts_total")
            .help("Attempts to tell an alert target, by outcome: delivered, retried or dropped.")
            .labelNames("target", "outcome")
            .register(registry);
  }

  void delivered(String target) {
    alerts.labelValues(target, "delivered").inc();
  }

  void retried(String target) {
    alerts.labelValues(target, "retried").inc();
  }

  void dropped(String target) {
    alerts.labelValues(target, "dropped").inc();
  }
}
