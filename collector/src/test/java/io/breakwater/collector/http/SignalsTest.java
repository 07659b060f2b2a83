package io.breakwater.collector.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.breakwater.collector.runtime.Recent;
import io.breakwater.collector.runtime.RecentSignals;
import io.breakwater.engine.Distribution;
import io.breakwater.engine.Distribution.Names;
import io.breakwater.engine.Distribution.Numbers;
import io.breakwater.engine.Distribution.Sketch;
import io.breakwater.engine.Engine;
import io.breakwater.engine.Event;
import io.breakwater.engine.ModelState;
import io.breakwater.engine.Pane;
import io.breakwater.engine.Pane.InstancePane;
import io.breakwater.engine.Pane.Reading;
import io.breakwater.engine.Pane.VersionPane;
import io.breakwater.engine.policy.Breaches;
import io.breakwater.engine.policy.BreakerSettings;
import io.breakwater.engine.policy.Guardrail;
import io.breakwater.engine.policy.Mode;
import io.breakwater.engine.policy.ModelPolicy;
import io.breakwater.engine.policy.ReferenceSource;
import io.breakwater.engine.policy.Then;
import io.breakwater.engine.reference.Reference;
import io.breakwater.engine.reference.ReferenceSet;
import io.breakwater.signals.ExponentialHistogram;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A version whose ages moved and whose classes did not, beside its reference. */
class SignalsTest {
  private static final Instant START = Instant.parse("2026-11-21T02:20:00.030Z");

  private final List<Pane> panes = new ArrayList<>();
  private final ModelState state = judged();
  private final RecentSignals recent = Recent.of(panes);
  private final Signals signals = Signals.of(state, state.versions().get("2"), recent);

  private static Numbers ages(int from, int to) {
    ExponentialHistogram histogram = ExponentialHistogram.ofScale(6);
    for (int i = 0; i < 1_000; i++) {
      histogram.record(from + (to - from) * i / 1_000.0);
    }
    return new Numbers(
        new Sketch(List.of(histogram.snapshot().withoutExtremes()), List.of()), null, 10);
  }

  private static Distribution classes() {
    return new Names(Map.of("yes", 600L, "no", 400L), 0);
  }

  private ModelState judged() {
    ReferenceSet reference =
        new ReferenceSet(
            "credit.json",
            "d1ce57",
            Map.of(
                "feature:age", new Reference(ages(20, 60), 30, 1.5),
                "class", new Reference(classes(), 30, 1)));
    ModelPolicy policy =
        ModelPolicy.of(
                "credit",
                "1",
                Mode.OBSERVE,
                List.of(
                    new Guardrail.Drift(
                        "feature:* native", "feature:*", 0.03, Then.ALERT, Breaches.AT_ONCE),
                    new Guardrail.Drift(
                        "class native", "class", 0.03, Then.ALERT, Breaches.AT_ONCE)),
                BreakerSettings.DEFAULTS,
                null,
                "d1ce57")
            .comparedWith(new ReferenceSource.Prepared("d1ce57"));
    ModelState next = Engine.start(policy, START);
    next = Engine.step(next, new Event.ReferenceGiven(START, reference)).next();
    for (int i = 0; i < 20; i++) {
      Instant from = START.plusSeconds(i);
      Pane pane =
          new Pane(
              from,
              from.plusSeconds(1),
              List.of(new VersionPane("1", 8, 0, Map.of()), new VersionPane("2", 8, 0, Map.of())),
              List.of(new InstancePane("i-1", 1, Map.of("1", 8L, "2", 8L))),
              List.of(
                  new Reading("2", "feature:age", ages(40, 80)),
                  new Reading("2", "class", classes())));
      panes.add(pane);
      next = Engine.step(next, new Event.PaneClosed(pane)).next();
    }
    return next;
  }

  @Test
  void list_hasARowForEverySignal() {
    JsonNode rows = signals.list();

    assertThat(rows.findValuesAsText("signal"))
        .containsExactly("errors", "duration", "class", "feature:age");
    JsonNode age = rows.get(3);
    assertThat(age.path("kind").asText()).isEqualTo("numbers");
    assertThat(age.path("rows").asLong()).isEqualTo(20 * 1_010);
    assertThat(age.path("missing").asLong()).isEqualTo(200);
    assertThat(age.path("referenceRows").asLong()).isEqualTo(1_010);
    assertThat(age.at("/reference/p50").asDouble()).isBetween(39.5, 40.5);
    assertThat(age.at("/current/p50").asDouble()).isBetween(59.0, 61.0);
    assertThat(age.path("verdict").asText()).isEqualTo("BREACH");
    assertThat(age.path("evidenceRatio").asDouble()).isGreaterThan(1);
    assertThat(age.at("/statistics/0/statistic").asText()).isEqualTo("psi");
    assertThat(age.at("/statistics/0/value").asDouble()).isGreaterThan(1);
    assertThat(rows.get(2).at("/current/most").asText()).isEqualTo("yes");
    assertThat(rows.get(2).at("/current/share").asDouble()).isEqualTo(0.6);
    assertThat(rows.get(2).path("verdict").asText()).isEqualTo("PASS");
  }

  @Test
  void detail_showsReferenceBesideCurrent() throws Exception {
    JsonNode age = signals.detail("feature:age");

    assertThat(age.at("/reference/source").asText()).isEqualTo("credit.json");
    assertThat(age.at("/reference/panes").asLong()).isEqualTo(30);
    assertThat(age.at("/reference/dispersion").asDouble()).isEqualTo(1.5);
    assertThat(age.at("/reference/dispersions/ranks").asDouble()).isEqualTo(1.5);
    assertThat(age.at("/reference/quantiles/p90").asDouble()).isBetween(55.0, 57.0);
    assertThat(age.at("/current/quantiles/p90").asDouble()).isBetween(75.0, 77.0);
    long inBuckets = 0;
    double last = Double.NEGATIVE_INFINITY;
    for (JsonNode bucket : age.at("/current/histogram/buckets")) {
      assertThat(bucket.path("above").asDouble()).isGreaterThanOrEqualTo(last);
      last = bucket.path("upTo").asDouble();
      inBuckets += bucket.path("count").asLong();
    }
    assertThat(inBuckets).isEqualTo(20_000);
    assertThat(age.at("/current/histogram/buckets").size()).isLessThanOrEqualTo(40);
    assertThat(age.findValuesAsText("statistic"))
        .containsExactly("psi", "js_distance", "ks", "wasserstein_norm");
    assertThat(age.at("/statistics/2/value").asDouble()).isBetween(0.45, 0.52);
    assertThat(age.at("/statistics/2/enoughRows").asBoolean()).isTrue();
    assertThat(age.at("/guardrails/0/guardrail").asText()).isEqualTo("feature:age native");
  }

  @Test
  void detailOfNames_showsShares() throws Exception {
    JsonNode classes = signals.detail("class");

    assertThat(classes.at("/current/shares/yes").asDouble()).isEqualTo(0.6);
    assertThat(classes.at("/reference/shares/no").asDouble()).isEqualTo(0.4);
    assertThat(classes.findValuesAsText("statistic")).containsExactly("psi", "js_distance");
    assertThat(classes.at("/statistics/0/value").asDouble()).isLessThan(0.001);
  }

  @Test
  void metrics_showEvidenceStatisticsAndVerdicts() throws Exception {
    FakeModels models = new FakeModels();
    models.states.add(state);
    models.recent = recent;
    PrometheusRegistry registry = new PrometheusRegistry();
    registry.register(new StateMetrics(models));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ExpositionFormats.init().getPrometheusTextFormatWriter().write(out, registry.scrape());

    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains(
            "breakwater_drift_evidence{model=\"credit\",signal=\"feature:age\",version=\"2\"}",
            "breakwater_drift_statistic{model=\"credit\",signal=\"class\",statistic=\"psi\",",
            "breakwater_drift_statistic{model=\"credit\",signal=\"feature:age\",statistic=\"ks\",",
            "breakwater_guardrail_verdict{guardrail=\"feature:age native\",model=\"credit\","
                + "verdict=\"BREACH\",version=\"2\"} 1.0",
            "breakwater_drift_signals_not_shown{model=\"credit\"} 0.0");
  }
}
