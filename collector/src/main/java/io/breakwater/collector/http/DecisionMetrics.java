package io.breakwater.collector.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.breakwater.collector.runtime.Models;
import io.breakwater.engine.DecisionRecord.Kind;
import io.breakwater.engine.ModelState;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Counts decisions as they are recorded. Times count from the first bad evidence of the trip; a
 * shift that a person ordered has none and is counted without a time.
 */
final class DecisionMetrics implements Models.Listener {
  /** Decisions whose end is awaited; far more than can be under way. */
  private static final int MAX_AWAITED = 1000;

  private final Models models;
  private final Counter trips;
  private final Counter wouldTrip;
  private final Counter rollbacks;
  private final Histogram seconds;
  private final Map<String, Instant> firstBad = Collections.synchronizedMap(new LatestOnly());

  private DecisionMetrics(Models models, PrometheusRegistry registry) {
    this.models = models;
    trips = counter(MetricTable.BREAKER_TRIPS, registry);
    wouldTrip = counter(MetricTable.BREAKER_WOULD_TRIP, registry);
    rollbacks = counter(MetricTable.ROLLBACK, registry);
    seconds =
        Histogram.builder()
            .name(MetricTable.ROLLBACK_SECONDS.name())
            .help(MetricTable.ROLLBACK_SECONDS.help())
            .classicUpperBounds(
                0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10, 30, 60)
            .register(registry);
  }

  static DecisionMetrics register(Models models, PrometheusRegistry registry) {
    return new DecisionMetrics(models, registry);
  }

  private static Counter counter(MetricTable.Entry entry, PrometheusRegistry registry) {
    return Counter.builder()
        .name(entry.name())
        .help(entry.help())
        .labelNames(entry.labels().toArray(String[]::new))
        .register(registry);
  }

  @Override
  public void changed(ModelState state) {}

  @Override
  public void recorded(JsonNode entry) {
    String model = entry.path("model").asText();
    String version = entry.path("version").asText();
    String kind = entry.path("kind").asText();
    remember(entry);
    if (kind.equals(Kind.TRIPPED.name())) {
      trips.labelValues(model, version).inc();
    } else if (kind.equals(Kind.WOULD_TRIP.name())) {
      wouldTrip.labelValues(model, version).inc();
    } else if (kind.equals(Kind.VERIFIED.name())) {
      ended(entry, model, "verified");
    } else if (kind.equals(Kind.FAILED.name())) {
      ended(entry, model, "failed");
    }
  }

  private void remember(JsonNode entry) {
    Instant since = time(entry.path("evidence").path("since"));
    if (since != null) {
      firstBad.putIfAbsent(entry.path("decision").asText(), since);
    }
  }

  private void ended(JsonNode entry, String model, String outcome) {
    ModelState state = models.state(model);
    String backend = state == null ? null : state.policy().backend();
    rollbacks.labelValues(backend == null ? "none" : backend, outcome).inc();
    Instant since = firstBad.remove(entry.path("decision").asText());
    Instant end = time(entry.path("at"));
    if (outcome.equals("verified") && since != null && end != null) {
      seconds.observe(Duration.between(since, end).toNanos() / 1e9);
    }
  }

  private static @Nullable Instant time(JsonNode text) {
    if (!text.isTextual()) {
      return null;
    }
    try {
      return Instant.parse(text.asText());
    } catch (DateTimeException e) {
      return null; // not a time: then there is nothing to measure from
    }
  }

  /** Forgets the oldest decision beyond {@link #MAX_AWAITED}. */
  private static final class LatestOnly extends LinkedHashMap<String, Instant> {
    private static final long serialVersionUID = 1L;

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, Instant> eldest) {
      return size() > MAX_AWAITED;
    }
  }
}
