package io.breakwater.signals;

import static io.breakwater.signals.Metric.Type.EXPONENTIAL_HISTOGRAM;
import static io.breakwater.signals.Metric.Type.GAUGE;
import static io.breakwater.signals.Metric.Type.MONOTONIC_SUM;
import static io.breakwater.signals.Metric.Type.UP_DOWN_SUM;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The catalogue: every metric that travels from agent to collector, defined once.
 *
 * <p>Names, documentation and dashboards derive from it. {@code ml.*} has no OpenTelemetry
 * convention yet and is experimental; {@code gen_ai.*} and {@code hw.*} follow the conventions.
 */
public final class Metrics {
  /** Instrumentation scope of everything the agent sends. */
  public static final String SCOPE_NAME = "io.breakwater.agent";

  private static final Map<String, Metric> CATALOGUE = new LinkedHashMap<>();

  /** Duration of one call; failed calls carry {@link Attributes#ERROR_TYPE}. */
  public static final Metric INFERENCE_DURATION =
      model(
          "ml.inference.duration",
          "s",
          EXPONENTIAL_HISTOGRAM,
          "Duration of one inference call; a batch is one call.",
          Attributes.ERROR_TYPE);

  /** Rows per call. */
  public static final Metric INFERENCE_ROWS =
      model("ml.inference.rows", "{row}", EXPONENTIAL_HISTOGRAM, "Rows of one inference call.");

  /** Score of a prediction. */
  public static final Metric INFERENCE_SCORE =
      model(
          "ml.inference.score",
          "1",
          EXPONENTIAL_HISTOGRAM,
          "Score of a prediction: the output number, or the probability of the class.",
          Attributes.OUTPUT_NAME);

  /** One minus the score, for scores in [0, 1]. */
  public static final Metric INFERENCE_SCORE_COMPLEMENT =
      model(
          "ml.inference.score.complement",
          "1",
          EXPONENTIAL_HISTOGRAM,
          "One minus the score, for scores in [0, 1]: resolves scores close to 1.",
          Attributes.OUTPUT_NAME);

  /** Predictions by class. */
  public static final Metric INFERENCE_PREDICTIONS =
      model(
          "ml.inference.predictions",
          "{prediction}",
          MONOTONIC_SUM,
          "Predictions by predicted class.",
          Attributes.OUTPUT_CLASS);

  /** Values of a numeric feature. */
  public static final Metric INFERENCE_FEATURE =
      model(
          "ml.inference.feature",
          "1",
          EXPONENTIAL_HISTOGRAM,
          "Values of a numeric input feature, within the series' pinned window.",
          Attributes.FEATURE_NAME);

  /** Values of a categorical feature. */
  public static final Metric INFERENCE_FEATURE_CATEGORY =
      model(
          "ml.inference.feature.category",
          "{value}",
          MONOTONIC_SUM,
          "Values of a categorical input feature, by category.",
          Attributes.FEATURE_NAME,
          Attributes.FEATURE_CATEGORY);

  /** Values outside the pinned window. */
  public static final Metric INFERENCE_OUT_OF_RANGE =
      model(
          "ml.inference.out_of_range",
          "{value}",
          MONOTONIC_SUM,
          "Values outside the series' pinned window, by side; they are not in the histogram.",
          Attributes.RANGE,
          Attributes.RANGE_BOUND,
          Attributes.RANGE_SERIES,
          Attributes.FEATURE_NAME,
          Attributes.OUTPUT_NAME);

  /** Null and NaN values. */
  public static final Metric INFERENCE_FEATURE_MISSING =
      model(
          "ml.inference.feature.missing",
          "{value}",
          MONOTONIC_SUM,
          "Missing values (null and NaN) of a feature or output.",
          Attributes.FEATURE_NAME,
          Attributes.OUTPUT_NAME);

  /** Predictions whose label came back. */
  public static final Metric INFERENCE_OUTCOME =
      model(
          "ml.inference.outcome",
          "{prediction}",
          MONOTONIC_SUM,
          "Predictions whose label came back, by agreement.",
          Attributes.OUTCOME);

  /** Duration of an LLM call. */
  public static final Metric GEN_AI_OPERATION_DURATION =
      genAi(
          "gen_ai.client.operation.duration",
          "s",
          "Duration of a GenAI operation.",
          Attributes.ERROR_TYPE);

  /** Tokens of an LLM call. */
  public static final Metric GEN_AI_TOKEN_USAGE =
      genAi(
          "gen_ai.client.token.usage",
          "{token}",
          "Input and output tokens of a GenAI operation.",
          Attributes.GEN_AI_TOKEN_TYPE);

  /** Time to the first chunk of a streamed answer, seen by the client. */
  public static final Metric GEN_AI_TIME_TO_FIRST_CHUNK =
      genAi(
          "gen_ai.client.operation.time_to_first_chunk",
          "s",
          "Time from the request to the first chunk of a streamed answer.");

  /** What the conventions' draft calls {@link #GEN_AI_OPERATION_DURATION} of an inference. */
  public static final Metric GEN_AI_INFERENCE_DURATION =
      genAi(
          "gen_ai.client.inference.duration",
          "s",
          "Duration of a GenAI inference.",
          Attributes.ERROR_TYPE);

  /** What the conventions' draft calls {@link #GEN_AI_TIME_TO_FIRST_CHUNK}. */
  public static final Metric GEN_AI_INFERENCE_TIME_TO_FIRST_CHUNK =
      genAi(
          "gen_ai.client.inference.time_to_first_chunk",
          "s",
          "Time from the request to the first chunk of a streamed answer.");

  /** Pace of an LLM's answer; the conventions have a server's only. */
  public static final Metric INFERENCE_TIME_PER_OUTPUT_TOKEN =
      model(
          "ml.inference.time_per_output_token",
          "s",
          EXPONENTIAL_HISTOGRAM,
          "Time an LLM's client waited for each output token, the mean of one call: after the first"
              + " chunk of a streamed answer, else of the whole call.");

  /** Time to the first token, seen by the server. */
  public static final Metric GEN_AI_TIME_TO_FIRST_TOKEN =
      genAi(
          "gen_ai.server.time_to_first_token",
          "s",
          "Time a model server took to generate the first token.");

  /** Share of time a GPU was busy. */
  public static final Metric GPU_UTILIZATION =
      gpu(
          "hw.gpu.utilization",
          "1",
          GAUGE,
          "Share of time the GPU was busy, 0 to 1.",
          Attributes.HW_GPU_TASK);

  /** Share of a GPU's memory in use. */
  public static final Metric GPU_MEMORY_UTILIZATION =
      gpu("hw.gpu.memory.utilization", "1", GAUGE, "Share of the GPU's memory in use, 0 to 1.");

  /** GPU memory in use. */
  public static final Metric GPU_MEMORY_USAGE =
      gpu("hw.gpu.memory.usage", "By", UP_DOWN_SUM, "GPU memory in use.");

  /** GPU memory there is. */
  public static final Metric GPU_MEMORY_LIMIT =
      gpu("hw.gpu.memory.limit", "By", UP_DOWN_SUM, "Size of the GPU's memory.");

  /** Bytes a GPU moved. */
  public static final Metric GPU_IO =
      gpu(
          "hw.gpu.io",
          "By",
          MONOTONIC_SUM,
          "Bytes received and transmitted by the GPU.",
          Attributes.IO_DIRECTION);

  /** Errors of the hardware. */
  public static final Metric HW_ERRORS =
      gpu(
          "hw.errors",
          "{error}",
          MONOTONIC_SUM,
          "Errors the component met.",
          Attributes.ERROR_TYPE);

  /** Energy used. */
  public static final Metric HW_ENERGY =
      gpu("hw.energy", "J", MONOTONIC_SUM, "Energy the component used.");

  /** Power drawn. */
  public static final Metric HW_POWER =
      gpu("hw.power", "W", GAUGE, "Power the component draws now.");

  /** Temperature. */
  public static final Metric HW_TEMPERATURE =
      gpu("hw.temperature", "Cel", GAUGE, "Temperature of the component.");

  /** State of the hardware. */
  public static final Metric HW_STATUS =
      gpu(
          "hw.status",
          "1",
          UP_DOWN_SUM,
          "1 for the state the component is in, 0 for the others.",
          Attributes.HW_STATE);

  /** Sign of life of an instance, every second. */
  public static final Metric AGENT_HEARTBEAT =
      agent("breakwater.agent.heartbeat", "1", GAUGE, "1 while the instance's agent is alive.");

  /** What the agent could not keep. */
  public static final Metric AGENT_DROPPED =
      agent(
          "breakwater.agent.dropped",
          "{record}",
          MONOTONIC_SUM,
          "Records and points the agent dropped, by reason.",
          Attributes.REASON);

  /** What the agent itself costs. */
  public static final Metric AGENT_OVERHEAD =
      agent(
          "breakwater.agent.overhead",
          "s",
          MONOTONIC_SUM,
          "Time the agent's own threads were busy, by the clock.",
          Attributes.REASON);

  private Metrics() {}

  /** Every metric, in the order of the documentation; unmodifiable. */
  public static List<Metric> all() {
    return List.copyOf(CATALOGUE.values());
  }

  /** The metric of that OpenTelemetry name, or null if the catalogue has none. */
  public static @Nullable Metric byName(String name) {
    return CATALOGUE.get(name);
  }

  private static Metric model(
      String name, String unit, Metric.Type type, String description, String... extra) {
    List<String> attributes =
        attributes(
            List.of(
                Attributes.MODEL_NAME,
                Attributes.MODEL_VERSION,
                Attributes.FRAMEWORK,
                Attributes.SEGMENT,
                Attributes.TRAFFIC),
            extra);
    return add(Metric.of(name, unit, type, description, attributes));
  }

  private static Metric genAi(String name, String unit, String description, String... extra) {
    List<String> attributes =
        attributes(
            List.of(
                Attributes.GEN_AI_OPERATION_NAME,
                Attributes.GEN_AI_PROVIDER_NAME,
                Attributes.GEN_AI_REQUEST_MODEL,
                Attributes.GEN_AI_RESPONSE_MODEL),
            extra);
    return add(Metric.of(name, unit, EXPONENTIAL_HISTOGRAM, description, attributes));
  }

  private static Metric gpu(
      String name, String unit, Metric.Type type, String description, String... extra) {
    List<String> attributes =
        attributes(List.of(Attributes.HW_ID, Attributes.HW_TYPE, Attributes.HW_NAME), extra);
    return add(Metric.of(name, unit, type, description, attributes));
  }

  private static Metric agent(
      String name, String unit, Metric.Type type, String description, String... extra) {
    return add(Metric.of(name, unit, type, description, attributes(List.of(), extra)));
  }

  private static List<String> attributes(List<String> common, String... extra) {
    List<String> all = new ArrayList<>(common);
    Collections.addAll(all, extra);
    return all;
  }

  private static Metric add(Metric metric) {
    if (CATALOGUE.put(metric.name(), metric) != null) {
      throw new IllegalStateException(metric.name() + " is in the catalogue twice");
    }
    return metric;
  }
}
