package io.breakwater.signals;

/** Names of attributes on metric points and resources, and the values that are fixed for them. */
public final class Attributes {
  /** Name of the model; required on every {@code ml.*} point. */
  public static final String MODEL_NAME = "ml.model.name";

  /** Version of the model; required on every {@code ml.*} point. */
  public static final String MODEL_VERSION = "ml.model.version";

  /** Framework that ran the model, for example {@code onnxruntime}. */
  public static final String FRAMEWORK = "ml.framework";

  /** Optional slice of the traffic; low cardinality. */
  public static final String SEGMENT = "ml.segment";

  /** Kind of traffic; {@link #TRAFFIC_LIVE} when absent. */
  public static final String TRAFFIC = "ml.traffic";

  /** Users' calls: the only ones that count for verdicts. */
  public static final String TRAFFIC_LIVE = "live";

  /** Copied calls whose answers nobody sees. */
  public static final String TRAFFIC_SHADOW = "shadow";

  /** Calls made only to see whether the model works. */
  public static final String TRAFFIC_PROBE = "probe";

  /** Class of the failure; only on failed calls. */
  public static final String ERROR_TYPE = "error.type";

  /** {@link #ERROR_TYPE} of a call the local breaker refused: neither a call nor an error. */
  public static final String ERROR_TYPE_REFUSED = "io.breakwater.refused";

  /** Name of the model's output that a score belongs to. */
  public static final String OUTPUT_NAME = "ml.output.name";

  /** Predicted class. */
  public static final String OUTPUT_CLASS = "ml.output.class";

  /** Name of an input feature. */
  public static final String FEATURE_NAME = "ml.feature.name";

  /** Value of a categorical feature; hashed unless allow-listed. */
  public static final String FEATURE_CATEGORY = "ml.feature.category";

  /** Side of a pinned window on which a value fell: {@link #RANGE_LOW} or {@link #RANGE_HIGH}. */
  public static final String RANGE = "ml.range";

  /** Below the window. */
  public static final String RANGE_LOW = "low";

  /** Above the window. */
  public static final String RANGE_HIGH = "high";

  /** End of the pinned window on the side named by {@link #RANGE}, a double. */
  public static final String RANGE_BOUND = "ml.range.bound";

  /** Which series of an output the window belongs to; the scores themselves when absent. */
  public static final String RANGE_SERIES = "ml.range.series";

  /** The window is that of one less each score. */
  public static final String RANGE_SERIES_COMPLEMENT = "complement";

  /**
   * What became of a prediction once its label was known: {@link #OUTCOME_CORRECT}, {@link
   * #OUTCOME_INCORRECT} or {@code <actual>:<predicted>}.
   */
  public static final String OUTCOME = "ml.outcome";

  /** The label agreed with the prediction. */
  public static final String OUTCOME_CORRECT = "correct";

  /** The label disagreed with the prediction. */
  public static final String OUTCOME_INCORRECT = "incorrect";

  /** Feature, category or class that stands for all those beyond a cardinality limit. */
  public static final String OTHER = "other";

  /** Why the agent dropped something, or what its overhead was spent on. */
  public static final String REASON = "reason";

  /** GenAI convention: {@code chat}, {@code embeddings} and so on. */
  public static final String GEN_AI_OPERATION_NAME = "gen_ai.operation.name";

  /** GenAI convention: who serves the model. */
  public static final String GEN_AI_PROVIDER_NAME = "gen_ai.provider.name";

  /** GenAI convention: the model asked for. */
  public static final String GEN_AI_REQUEST_MODEL = "gen_ai.request.model";

  /** GenAI convention: the model that answered. */
  public static final String GEN_AI_RESPONSE_MODEL = "gen_ai.response.model";

  /** GenAI convention: {@code input} or {@code output}. */
  public static final String GEN_AI_TOKEN_TYPE = "gen_ai.token.type";

  /** Hardware convention: identity of the component; for GPUs the UUID. */
  public static final String HW_ID = "hw.id";

  /** Hardware convention: kind of the component, {@code gpu}. */
  public static final String HW_TYPE = "hw.type";

  /** Hardware convention: name of the component. */
  public static final String HW_NAME = "hw.name";

  /** Hardware convention: {@code general}, {@code encoder} or {@code decoder}. */
  public static final String HW_GPU_TASK = "hw.gpu.task";

  /**
   * Hardware convention: {@code ok}, {@code degraded}, {@code failed}, {@code predicted_failure}.
   */
  public static final String HW_STATE = "hw.state";

  /** Direction of I/O: {@code receive} or {@code transmit}. */
  public static final String IO_DIRECTION = "network.io.direction";

  /** Resource: name of the service. */
  public static final String SERVICE_NAME = "service.name";

  /** Resource: identity of the process, new at every JVM start. */
  public static final String SERVICE_INSTANCE_ID = "service.instance.id";

  private Attributes() {}

  /**
   * The Prometheus label for an attribute: every character but letters and digits becomes {@code
   * _}.
   */
  public static String prometheusLabel(String attribute) {
    return PrometheusNames.sanitize(attribute);
  }
}
