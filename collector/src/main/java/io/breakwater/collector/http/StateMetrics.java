package io.breakwater.collector.http;

import io.breakwater.collector.runtime.Models;
import io.breakwater.engine.Finding;
import io.breakwater.engine.ModelState;
import io.breakwater.engine.ModelState.GuardrailState;
import io.breakwater.engine.ModelState.VersionState;
import io.breakwater.engine.Verdict;
import io.prometheus.metrics.model.registry.MetricType;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.MetricFamilyDescriptor;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Instant;
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
    Gauge drift = new Gauge(MetricTable.DRIFT_EVIDENCE);
    Gauge statistics = new Gauge(MetricTable.DRIFT_STATISTIC);
    Gauge hidden = new Gauge(MetricTable.DRIFT_HIDDEN);
    for (ModelState state : models.states()) {
      String model = state.policy().model();
      for (VersionState version : state.versions().values()) {
        version(model, version, verdicts, evidence, breakers, shares);
      }
      DriftMetrics.Selection selection = DriftMetrics.of(state);
      hidden.add(selection.hidden(), model);
      DriftMetrics.add(models, state, selection, drift, statistics);
      for (DriftMetrics.Judged one : selection.shown()) {
        verdict(model, one.version(), one.guardrail(), one.verdict(), verdicts, evidence);
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
        seen.snapshot(),
        drift.snapshot(),
        statistics.snapshot(),
        hidden.snapshot());
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
        .forEach((guardrail, state) -> verdict(model, name, guardrail, state, verdicts, evidence));
    for (String state : MetricTable.BREAKER_STATES) {
      breakers.add(state.equals(version.breaker().name()) ? 1 : 0, model, name, state);
    }
    shares.add(version.share(), model, name);
  }

  private static void verdict(
      String model,
      String version,
      String guardrail,
      GuardrailState state,
      Gauge verdicts,
      Gauge evidence) {
    evidence.add(state.evidenceRatio(), model, version, guardrail);
    for (Verdict verdict : Verdict.values()) {
      verdicts.add(state.verdict() == verdict ? 1 : 0, model, version, guardrail, verdict.name());
    }
  }
}
