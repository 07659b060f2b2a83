package io.breakwater.collector.access;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Locale;

/** Counts requests that were not allowed, on every port. Safe for use by many threads. */
public final class AccessMetrics {
  private final Counter refused;

  /** A counter registered in {@code registry}. */
  public AccessMetrics(PrometheusRegistry registry) {
    refused =
        Counter.builder()
            .name("breakwater_requests_refused_total")
            .help("Requests that were not allowed, by what they asked for and why not.")
            .labelNames("wanted", "reason")
            .register(registry);
    for (Need need : Need.values()) {
      for (AccessException.Kind kind : AccessException.Kind.values()) {
        if (need != Need.NOTHING) {
          refused.initLabelValues(word(need), word(kind));
        }
      }
    }
  }

  void refused(Need need, AccessException.Kind kind) {
    refused.labelValues(word(need), word(kind)).inc();
  }

  double refusedCount(Need need, AccessException.Kind kind) {
    return refused.labelValues(word(need), word(kind)).get();
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
