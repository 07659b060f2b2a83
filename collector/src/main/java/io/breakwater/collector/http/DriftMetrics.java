package io.breakwater.collector.http;

import io.breakwater.collector.runtime.Models;
import io.breakwater.engine.Distribution;
import io.breakwater.engine.ModelState;
import io.breakwater.engine.ModelState.GuardrailState;
import io.breakwater.engine.ModelState.VersionState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The signals of one model that metrics show: of all versions the {@value #MAX_SIGNALS} with the
 * strongest evidence of drift; the rest is counted, so that a model with thousands of features does
 * not fill a Prometheus.
 */
final class DriftMetrics {
  static final int MAX_SIGNALS = 200;

  private static final String NATIVE = " native";

  private DriftMetrics() {}

  /** A signal of a version with its verdict. */
  record Judged(String version, String signal, String guardrail, GuardrailState verdict) {}

  /**
   * What is shown and what is not.
   *
   * @param shown the most suspicious first
   * @param hidden how many more there are
   */
  record Selection(List<Judged> shown, int hidden) {}

  static Selection of(ModelState state) {
    List<Judged> all = new ArrayList<>();
    for (VersionState version : state.versions().values()) {
      version
          .drift()
          .forEach(
              (name, verdict) -> {
                String signal = name.replaceFirst(NATIVE + "$", "");
                all.add(new Judged(version.version(), signal, name, verdict));
              });
    }
    all.sort(
        Comparator.comparingDouble((Judged one) -> -one.verdict.evidenceRatio())
            .thenComparing(Judged::version)
            .thenComparing(Judged::signal));
    int shown = Math.min(MAX_SIGNALS, all.size());
    return new Selection(all.subList(0, shown), all.size() - shown);
  }

  /** Adds evidence and statistics of the signals shown. */
  static void add(
      Models models, ModelState state, Selection selection, Gauge evidence, Gauge statistics) {
    String model = state.policy().model();
    Map<String, Map<String, Distribution>> current = new HashMap<>();
    for (Judged one : selection.shown()) {
      evidence.add(one.verdict.evidenceRatio(), model, one.version, one.signal);
      Distribution now =
          current
              .computeIfAbsent(one.version, version -> models.recent(model).of(version))
              .get(one.signal);
      for (Statistic statistic : Statistic.between(state.reference(one.version, one.signal), now)) {
        statistics.add(statistic.value(), model, one.version, one.signal, statistic.name());
      }
    }
  }
}
