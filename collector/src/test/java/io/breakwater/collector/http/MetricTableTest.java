package io.breakwater.collector.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.breakwater.collector.access.AccessMetrics;
import io.breakwater.collector.http.MetricTable.Entry;
import io.breakwater.collector.intake.IntakeMetrics;
import io.breakwater.collector.runtime.ModelTotals.Totals;
import io.breakwater.collector.store.Store;
import io.breakwater.collector.store.StoreMetrics;
import io.breakwater.engine.breaker.BreakerState;
import io.breakwater.signals.ExponentialHistogram;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricTableTest {
  private static final Pattern ROW =
      Pattern.compile("(?m)^\\| `([a-z_]+)` \\| ([a-z_, ]*) ?\\| (.*) \\|$");

  @TempDir Path data;

  private Store store;
  private final PrometheusRegistry registry = new PrometheusRegistry();

  @Test
  void documentation_hasEveryMetricWithLabelsAndMeaning() throws Exception {
    Map<String, String> documented = new TreeMap<>();
    Matcher rows = ROW.matcher(Files.readString(Path.of("../docs/metrics.md")));
    while (rows.find()) {
      documented.put(rows.group(1), rows.group(2).strip() + " / " + rows.group(3));
    }

    Map<String, String> table = new TreeMap<>();
    for (Entry entry : MetricTable.all()) {
      table.put(entry.name(), String.join(", ", entry.labels()) + " / " + entry.help());
    }
    assertThat(documented).isEqualTo(table);
  }

  @Test
  void exposition_hasTheTablesNamesAndNoOther() throws Exception {
    register();

    Set<String> exposed = new TreeSet<>();
    exposition()
        .lines()
        .filter(line -> line.startsWith("# TYPE breakwater_") || line.startsWith("# TYPE ml_"))
        .forEach(line -> exposed.add(line.split(" ")[2]));

    Set<String> expected = new TreeSet<>();
    MetricTable.all().forEach(entry -> expected.add(entry.name()));
    expected.remove(MetricTable.ALERTS.name()); // appears with the first alert
    expected.remove(MetricTable.DRIFT_EVIDENCE.name()); // with the first drift guardrail
    expected.remove(MetricTable.DRIFT_STATISTIC.name()); // with the first reference
    assertThat(exposed).isEqualTo(expected);
  }

  @Test
  void exposition_showsStatesTripsAndTimes() throws Exception {
    register();

    assertThat(exposition())
        .contains(
            "breakwater_guardrail_verdict{guardrail=\"errors against stable\",model=\"credit\","
                + "verdict=\"PASS\",version=\"2\"} 1.0",
            "breakwater_breaker_state{model=\"credit\",state=\"CLOSED\",version=\"2\"} 1.0",
            "breakwater_breaker_state{model=\"credit\",state=\"OPEN\",version=\"2\"} 0.0",
            "breakwater_traffic_share{model=\"credit\",version=\"2\"} 0.2",
            "breakwater_model_finding{finding=\"BLIND\",model=\"credit\"} 0.0",
            "breakwater_agent_last_seen_timestamp_seconds{model=\"credit\","
                + "service_instance_id=\"i-1\"} 1.79522761E9",
            "breakwater_breaker_trips_total{model=\"credit\",version=\"2\"} 1.0",
            "breakwater_rollback_total{backend=\"webhook\",outcome=\"verified\"} 1.0",
            "breakwater_rollback_seconds_bucket{le=\"1.5\"} 1",
            "breakwater_rollback_seconds_bucket{le=\"1.0\"} 0",
            "ml_inference_calls_total{ml_model_name=\"credit\",ml_model_version=\"2\"} 3.0",
            "ml_inference_errors_total{error_type=\"E\",ml_model_name=\"credit\","
                + "ml_model_version=\"2\"} 1.0",
            "ml_inference_duration_seconds_bucket{ml_model_name=\"credit\","
                + "ml_model_version=\"2\",le=\"0.015625\"} 2",
            "ml_inference_duration_seconds_count{ml_model_name=\"credit\","
                + "ml_model_version=\"2\"} 3",
            "ml_inference_score_bucket{ml_model_name=\"credit\",ml_model_version=\"2\","
                + "ml_output_name=\"y\",le=\"0.5\"} 1");
  }

  @Test
  void states_areThoseOfTheEngine() {
    List<String> names = new ArrayList<>();
    for (Class<?> state : BreakerState.class.getPermittedSubclasses()) {
      names.add(state.getSimpleName().replaceAll("([a-z])([A-Z])", "$1_$2").toUpperCase());
    }

    assertThat(MetricTable.BREAKER_STATES).containsExactlyInAnyOrderElementsOf(names);
  }

  @AfterEach
  void close() {
    if (store != null) {
      store.close();
    }
  }

  private void register() {
    new IntakeMetrics(registry).used(0);
    AccessMetrics unused = new AccessMetrics(registry);
    store = Store.open(data, record -> List.of(), Clock.systemUTC());
    StoreMetrics.register(store, registry);
    FakeModels models = FakeModels.credit();
    registry.register(new StateMetrics(models));
    registry.register(new InferenceMetrics(MetricTableTest::totals));
    DecisionMetrics decisions = DecisionMetrics.register(models, registry);
    models.records.forEach(decisions::recorded);
    ObjectNode wouldTrip = models.records.get(0).deepCopy();
    decisions.recorded(wouldTrip.put("kind", "WOULD_TRIP"));
  }

  private static Map<String, List<Totals>> totals() {
    ExponentialHistogram durations =
        ExponentialHistogram.ofScale(ExponentialHistogram.DURATION_SCALE);
    durations.record(0.004);
    durations.record(0.015625); // 2^-6 belongs to the bucket that ends there
    durations.record(0.02);
    ExponentialHistogram scores = ExponentialHistogram.ofScale(5);
    scores.record(0.5);
    Totals version =
        new Totals("2", 3, Map.of("E", 1L), durations.snapshot(), Map.of("y", scores.snapshot()));
    return Map.of("credit", List.of(version));
  }

  private String exposition() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ExpositionFormats.init().getPrometheusTextFormatWriter().write(out, registry.scrape());
    return out.toString(StandardCharsets.UTF_8);
  }
}
