package io.breakwater.agent.core.record;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is captured of a model's calls, and the names that configuration gives. Immutable. */
public final class CaptureRules {
  private final boolean features;
  private final Limits limits;
  private final String serviceName;
  private final @Nullable String modelName;
  private final @Nullable String modelVersion;
  private final List<String> featureNames;
  private final CategoryNames categories;

  private CaptureRules(
      boolean features,
      Limits limits,
      String serviceName,
      @Nullable String modelName,
      @Nullable String modelVersion,
      List<String> featureNames,
      CategoryNames categories) {
    this.features = features;
    this.limits = requireNonNull(limits, "limits");
    this.serviceName = requireNonNull(serviceName, "serviceName");
    this.modelName = modelName;
    this.modelVersion = modelVersion;
    this.featureNames = List.copyOf(featureNames);
    this.categories = requireNonNull(categories, "categories");
  }

  /**
   * Rules, without categorical features.
   *
   * @param features whether input values are captured
   * @param serviceName name of a model that has none
   * @param modelName name of every model of the process, null for the model's own
   * @param modelVersion version of every model of the process, null for the model's own
   * @param featureNames names of the input columns; empty for the model's own
   */
  public static CaptureRules of(
      boolean features,
      Limits limits,
      String serviceName,
      @Nullable String modelName,
      @Nullable String modelVersion,
      List<String> featureNames) {
    return new CaptureRules(
        features, limits, serviceName, modelName, modelVersion, featureNames, CategoryNames.OFF);
  }

  /** These rules, with categorical features counted under the names given. */
  public CaptureRules withCategories(CategoryNames names) {
    return new CaptureRules(
        features, limits, serviceName, modelName, modelVersion, featureNames, names);
  }

  /** What the values of categorical features are called. */
  public CategoryNames categories() {
    return categories;
  }

  /** Whether input values are captured. */
  public boolean features() {
    return features;
  }

  /** How much is captured. */
  public Limits limits() {
    return limits;
  }

  /** Name of a model that has none of its own. */
  public String serviceName() {
    return serviceName;
  }

  /** Name of every model of the process, null for the model's own. */
  public @Nullable String modelName() {
    return modelName;
  }

  /** Version of every model of the process, null for the model's own. */
  public @Nullable String modelVersion() {
    return modelVersion;
  }

  /** Names of the input columns; empty for the model's own. */
  public List<String> featureNames() {
    return featureNames;
  }
}
