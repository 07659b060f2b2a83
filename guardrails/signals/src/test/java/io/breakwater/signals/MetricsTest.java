package io.breakwater.signals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MetricsTest {
  @ParameterizedTest
  @CsvSource({
    "ml.inference.duration, ml_inference_duration_seconds",
    "ml.inference.rows, ml_inference_rows",
    "ml.inference.score, ml_inference_score",
    "ml.inference.score.complement, ml_inference_score_complement",
    "ml.inference.predictions, ml_inference_predictions_total",
    "ml.inference.feature, ml_inference_feature",
    "ml.inference.feature.category, ml_inference_feature_category_total",
    "ml.inference.out_of_range, ml_inference_out_of_range_total",
    "ml.inference.feature.missing, ml_inference_feature_missing_total",
    "ml.inference.outcome, ml_inference_outcome_total",
    "gen_ai.client.operation.duration, gen_ai_client_operation_duration_seconds",
    "ml.inference.time_per_output_token, ml_inference_time_per_output_token_seconds",
    "gen_ai.client.inference.duration, gen_ai_client_inference_duration_seconds",
    "gen_ai.client.token.usage, gen_ai_client_token_usage",
    "hw.gpu.utilization, hw_gpu_utilization",
    "hw.gpu.memory.usage, hw_gpu_memory_usage_bytes",
    "hw.gpu.io, hw_gpu_io_bytes_total",
    "hw.energy, hw_energy_joules_total",
    "hw.power, hw_power_watts",
    "hw.temperature, hw_temperature_celsius",
    "hw.errors, hw_errors_total",
    "breakwater.agent.heartbeat, breakwater_agent_heartbeat",
    "breakwater.agent.dropped, breakwater_agent_dropped_total",
    "breakwater.agent.overhead, breakwater_agent_overhead_seconds_total",
  })
  void prometheusName_followsTheRule(String name, String prometheusName) {
    assertThat(Metrics.byName(name))
        .isNotNull()
        .extracting(Metric::prometheusName)
        .isEqualTo(prometheusName);
  }

  @Test
  void prometheusNames_areDistinct() {
    assertThat(Metrics.all()).extracting(Metric::prometheusName).doesNotHaveDuplicates();
  }

  @Test
  void everyModelMetric_carriesNameAndVersion() {
    assertThat(Metrics.all())
        .filteredOn(metric -> metric.name().startsWith("ml."))
        .hasSize(11)
        .allSatisfy(
            metric ->
                assertThat(metric.attributes())
                    .contains(Attributes.MODEL_NAME, Attributes.MODEL_VERSION));
  }

  @Test
  void byName_ofAForeignMetric_isNull() {
    assertThat(Metrics.byName("http.server.request.duration")).isNull();
  }

  @Test
  void unitAlreadyInTheName_isNotRepeated() {
    assertThat(PrometheusNames.of("rollback.seconds", "s", Metric.Type.GAUGE))
        .isEqualTo("rollback_seconds");
  }

  @Test
  void unknownUnit_isRefused() {
    assertThatThrownBy(() -> PrometheusNames.of("a", "furlong", Metric.Type.GAUGE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("furlong");
  }

  @Test
  void prometheusLabel_replacesWhatIsNotALetterOrDigit() {
    assertThat(Attributes.prometheusLabel("ml.model.name")).isEqualTo("ml_model_name");
    assertThat(Attributes.prometheusLabel("0.a-1")).isEqualTo("__a_1");
  }
}
