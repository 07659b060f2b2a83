package io.breakwater.agent.core.config;

import io.breakwater.signals.GenAiConventions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The agent's settings, read once. Immutable.
 *
 * <p>Sources, the first that has a value wins: system property {@code breakwater.x.y}, environment
 * {@code BREAKWATER_X_Y}, the file named by {@code breakwater.config}, agent argument, default. Any
 * of them wins over OpenTelemetry's variable of the same meaning. A value that cannot be read is a
 * warning and the default stands.
 */
public final class AgentConfig {
  private final boolean enabled;
  private final boolean debug;
  private final OtlpEndpoint endpoint;
  private final Map<String, String> resource;
  private final @Nullable String modelName;
  private final @Nullable String modelVersion;
  private final List<String> featureNames;
  private final Map<String, ModelRule> modelRules;
  private final boolean captureFeatures;
  private final int maxFeatures;
  private final int maxCategories;
  private final CategoryPolicy categories;
  private final GenAiConventions genAi;
  private final Duration outcomeFlush;
  private final Duration featureFlush;
  private final List<String> warnings;

  private AgentConfig(ConfigReader reader) {
    this.enabled = reader.enabled();
    this.debug = reader.bool(ConfigKey.DEBUG);
    this.endpoint = reader.endpoint();
    this.resource = Collections.unmodifiableMap(reader.resource());
    this.modelName = reader.text(ConfigKey.MODEL_NAME);
    this.modelVersion = reader.text(ConfigKey.MODEL_VERSION);
    this.featureNames = List.copyOf(reader.names(ConfigKey.FEATURES));
    this.modelRules = Map.copyOf(reader.modelRules());
    this.captureFeatures = reader.bool(ConfigKey.CAPTURE_FEATURES);
    this.maxFeatures = reader.number(ConfigKey.CAPTURE_MAX_FEATURES, 1, 1_000);
    this.maxCategories = reader.number(ConfigKey.CAPTURE_MAX_CATEGORIES, 1, 10_000);
    this.categories = CategoryPolicy.parse(reader.textOrDefault(ConfigKey.CAPTURE_CATEGORIES));
    this.genAi = reader.conventions(ConfigKey.GENAI_CONVENTIONS);
    this.outcomeFlush =
        reader.duration(ConfigKey.FLUSH_OUTCOME, Duration.ofMillis(10), Duration.ofMinutes(1));
    this.featureFlush =
        reader.duration(ConfigKey.FLUSH_FEATURE, Duration.ofSeconds(1), Duration.ofMinutes(10));
    this.warnings = List.copyOf(reader.warnings());
  }

  /** Reads the settings; never throws for what they say. */
  public static AgentConfig load(ConfigSources sources) {
    List<String> warnings = new ArrayList<>();
    Settings settings = Settings.open(sources, warnings);
    ConfigReader reader = new ConfigReader(settings, warnings);
    settings.warnOfUnknownKeys();
    settings.warnOfKeysWithoutEffect();
    return new AgentConfig(reader);
  }

  /** Whether the agent does anything. */
  public boolean enabled() {
    return enabled;
  }

  /** Whether messages come with stack traces. */
  public boolean debug() {
    return debug;
  }

  /** Where metrics go, and how. */
  public OtlpEndpoint endpoint() {
    return endpoint;
  }

  /** Attributes of the resource, {@code service.name} always among them. */
  public Map<String, String> resource() {
    return resource;
  }

  /** The name of the service, which a model without a name takes. */
  public String serviceName() {
    return resource.getOrDefault(ConfigReader.SERVICE_NAME, ConfigReader.UNKNOWN_SERVICE);
  }

  /** Name of the process's models, null for their own. */
  public @Nullable String modelName() {
    return modelName;
  }

  /** Version of the process's models, null for their own. */
  public @Nullable String modelVersion() {
    return modelVersion;
  }

  /** Names of the input columns; empty for the model's own. */
  public List<String> featureNames() {
    return featureNames;
  }

  /** What the file says of single models, by their own names; it wins over the process's. */
  public Map<String, ModelRule> modelRules() {
    return modelRules;
  }

  /** Whether input values are captured. */
  public boolean captureFeatures() {
    return captureFeatures;
  }

  /** Features of a model with a series of their own. */
  public int maxFeatures() {
    return maxFeatures;
  }

  /** Classes, or categories of a feature, with a counter of their own. */
  public int maxCategories() {
    return maxCategories;
  }

  /** What happens to category values. */
  public CategoryPolicy categories() {
    return categories;
  }

  /** What the measurements of LLM calls are called. */
  public GenAiConventions genAi() {
    return genAi;
  }

  /** Grid of the outcome lane. */
  public Duration outcomeFlush() {
    return outcomeFlush;
  }

  /** Grid of the feature lane. */
  public Duration featureFlush() {
    return featureFlush;
  }

  /** What is wrong with the settings, a line each, without secrets. */
  public List<String> warnings() {
    return warnings;
  }
}
