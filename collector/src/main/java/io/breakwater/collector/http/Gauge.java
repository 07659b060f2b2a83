package io.breakwater.collector.http;

import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.ArrayList;
import java.util.Collection;

/** Points of one gauge, for one scrape. */
final class Gauge {
  private final MetricTable.Entry entry;
  private final Collection<GaugeDataPointSnapshot> points = new ArrayList<>();

  Gauge(MetricTable.Entry entry) {
    this.entry = entry;
  }

  void add(double value, String... labels) {
    points.add(
        GaugeDataPointSnapshot.builder()
            .labels(Labels.of(entry.labels().toArray(String[]::new), labels))
            .value(value)
            .build());
  }

  GaugeSnapshot snapshot() {
    GaugeSnapshot.Builder snapshot = GaugeSnapshot.builder().name(entry.name()).help(entry.help());
    points.forEach(snapshot::dataPoint);
    return snapshot.build();
  }
}
