package io.breakwater.agent.core.config;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The agent's settings, each defined once: name, default, meaning. */
public enum ConfigKey {
  /** Kill switch. */
  ENABLED("enabled", "true", "`false` switches the agent off"),
  /** Properties file. */
  CONFIG("config", "", "file with settings, as Java properties"),
  /** Stack traces for problems. */
  DEBUG("debug", "false", "adds stack traces to the agent's messages"),
  /** Where metrics go. */
  ENDPOINT("endpoint", "http://localhost:4318", "OTLP/HTTP base address"),
  /** Bearer token. */
  TOKEN("token", "", "bearer token towards the endpoint"),
  /** File with the bearer token. */
  TOKEN_FILE("token.file", "", "file that holds the token"),
  /** Whom to trust. */
  CERTIFICATE("certificate", "", "PEM file with the certificates to trust, instead of the JDK's"),
  /** Model name override. */
  MODEL_NAME("model.name", "", "name of the process's models, instead of their own"),
  /** Model version override. */
  MODEL_VERSION("model.version", "", "version of the process's models, instead of their own"),
  /** Names of input columns. */
  FEATURES("features", "", "names of the input columns: a list, or a file with one a line"),
  /** Whether inputs are captured. */
  CAPTURE_FEATURES("capture.features", "true", "input distributions; `false`: outputs and latency"),
  /** Limit of features. */
  CAPTURE_MAX_FEATURES("capture.max-features", "64", "features a model; beyond: `other`"),
  /** Limit of categories. */
  CAPTURE_MAX_CATEGORIES(
      "capture.max-categories", "50", "classes, or categories of a feature; beyond: `other`"),
  /** How category names leave. */
  CAPTURE_CATEGORIES(
      "capture.categories",
      "hashed",
      "`hashed`, `plain`, `off`, or features whose values may leave"),
  /** Grid of outcomes. */
  FLUSH_OUTCOME("flush.outcome", "100ms", "grid on which calls, scores and classes leave"),
  /** Grid of features. */
  FLUSH_FEATURE("flush.feature", "10s", "grid on which features leave"),
  /** Names of LLM metrics. */
  GENAI_CONVENTIONS(
      "genai.conventions", "1.41", "names of the metrics of LLM calls: `1.41`, `draft`, `off`"),
  /** Where breaker states are read. */
  CONTROL_ENDPOINT(
      "control.endpoint", "http://localhost:9470", "where breaker states are read", true),
  /** Own methods to see. */
  METHODS("methods", "", "rules for methods of own code", true),
  /** GPU metrics. */
  GPU("gpu", "auto", "`auto`, `on`, `off`", true),
  /** Local breaker. */
  ENFORCE("enforce", "off", "`local`: an open breaker refuses calls in this process", true),
  /** Scrape endpoint. */
  PROMETHEUS_PORT("prometheus.port", "off", "scrape endpoint of the agent itself", true);

  /** What every key begins with. */
  public static final String PREFIX = "breakwater.";

  /** What every environment variable begins with. */
  static final String ENVIRONMENT_PREFIX = "BREAKWATER_";

  private final String key;
  private final String defaultText;
  private final String meaning;
  private final boolean withoutEffect;

  ConfigKey(String shortKey, String defaultText, String meaning) {
    this(shortKey, defaultText, meaning, false);
  }

  ConfigKey(String shortKey, String defaultText, String meaning, boolean withoutEffect) {
    this.key = "breakwater." + shortKey;
    this.defaultText = defaultText;
    this.meaning = meaning;
    this.withoutEffect = withoutEffect;
  }

  /** The system property, for example {@code breakwater.flush.outcome}. */
  public String key() {
    return key;
  }

  /** The environment variable, for example {@code BREAKWATER_FLUSH_OUTCOME}. */
  public String environmentName() {
    return key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }

  /** What holds if nothing is set, as one would write it; empty if there is no default. */
  public String defaultText() {
    return defaultText;
  }

  /** What it does, in a line. */
  public String meaning() {
    return meaning;
  }

  /** Whether the key is accepted but does nothing in this release. */
  public boolean isWithoutEffect() {
    return withoutEffect;
  }

  /** The key of that name, with or without prefix; null if there is none. */
  static @Nullable ConfigKey of(String name) {
    String full = name.startsWith(PREFIX) ? name : PREFIX + name;
    for (ConfigKey key : values()) {
      if (key.key.equals(full)) {
        return key;
      }
    }
    return null;
  }

  /** The key of that environment variable; null if there is none. */
  static @Nullable ConfigKey ofEnvironment(String name) {
    for (ConfigKey key : values()) {
      if (key.environmentName().equals(name)) {
        return key;
      }
    }
    return null;
  }

  /** The key that needs the fewest changes to be this name. */
  static ConfigKey nearest(String name) {
    ConfigKey nearest = ENABLED;
    int fewest = Integer.MAX_VALUE;
    for (ConfigKey key : values()) {
      int changes = EditDistance.between(name, key.key);
      if (changes < fewest) {
        fewest = changes;
        nearest = key;
      }
    }
    return nearest;
  }
}
