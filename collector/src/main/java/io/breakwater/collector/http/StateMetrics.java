package io.breakwater.collector.http;

import io.breakwater.collector.runtime.Models;
import io.breakwater.engine.Finding;
import io.breakwater.engine.ModelState;
import io.breakwater.engine.ModelState.VersionState;
import io.breakwater.engine.Verdict;
import io.prometheus.metrics.model.registry.MetricType;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricFamilyDescriptor;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** The gauges of {@link MetricTable}, read off the models' states at every scrape. */
final class StateMetrics implements MultiCollector {
  private final Models models;

  StateMetrics(Models models) {
    this.models = models;
  }

  @Override
  public List<MetricFamilyDescriptor> getMetricFamilyDescriptors() {
    return MetricTable.GAUGES.stream()
        .map(
            entry ->
                MetricFamilyDescriptor.of(
                    MetricType.GAUGE,
                    new MetricMetadata(entry.name(), entry.help()),
                    entry.labels()))
        .toList();
  }

  @Override
  public MetricSnapshots collect() {
    Gauge verdicts = new Gauge(MetricTable.GUARDRAIL_VERDICT);
    Gauge evidence = new Gauge(MetricTable.GUARDRAIL_EVIDENCE);
    Gauge breakers = new Gauge(MetricTable.BREAKER_STATE);
    Gauge shares = new Gauge(MetricTable.TRAFFIC_SHARE);
    Gauge findings = new Gauge(MetricTable.MODEL_FINDING);
    Gauge seen = new Gauge(MetricTable.AGENT_LAST_SEEN);
    for (ModelState state : models.states()) {
      String model = state.policy().model();
      for (VersionState version : state.versions().values()) {
        version(model, version, verdicts, evidence, breakers, shares);
      }
      for (Finding finding : Finding.values()) {
        findings.add(state.findings().contains(finding) ? 1 : 0, model, finding.name());
      }
      state
          .instances()
          .forEach(
              (id, instance) -> {
                Instant last = StateJson.lastSeen(instance);
                if (last != null) {
                  seen.add(last.toEpochMilli() / 1000.0, model, id);
                }
              });
    }
    return MetricSnapshots.of(
        verdicts.snapshot(),
        evidence.snapshot(),
        breakers.snapshot(),
        shares.snapshot(),
        findings.snapshot(),
        seen.snapshot());
  }

  private static void version(
      String model,
      VersionState version,
      Gauge verdicts,
      Gauge evidence,
      Gauge breakers,
      Gauge shares) {
    String name = version.version();
    version
        .verdicts()
        .forEach(
            (guardrail, state) -> {
              evidence.add(state.evidenceRatio(), model, name, guardrail);
              for (Verdict verdict : Verdict.values()) {
                verdicts.add(
                    state.verdict() == verdict ? 1 : 0, model, name, guardrail, verdict.name());
              }
            });
    for (String state : MetricTable.BREAKER_STATES) {
      breakers.add(state.equals(version.breaker().name()) ? 1 : 0, model, name, state);
    }
    shares.add(version.share(), model, name);
  }

  /** Points of one gauge. */
  private static final class Gauge {
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
      GaugeSnapshot.Builder snapshot =
          GaugeSnapshot.builder().name(entry.name()).help(entry.help());
      points.forEach(snapshot::dataPoint);
      return snapshot.build();
    }
  }
}
