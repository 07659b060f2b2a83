package io.breakwater.agent.core.record;

import static java.util.Objects.requireNonNull;

import io.breakwater.signals.GenAiConventions;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is captured of a model's calls, and the names that configuration gives. Immutable. */
public final class CaptureRules {
  private final boolean features;
  private final Limits limits;
  private final String serviceName;
  private final ModelNames names;
  private final Map<String, ModelNames> namesByModel;
  private final CategoryNames categories;
  private final GenAiConventions genAi;

  private CaptureRules(
      boolean features,
      Limits limits,
      String serviceName,
      ModelNames names,
      Map<String, ModelNames> namesByModel,
      CategoryNames categories,
      GenAiConventions genAi) {
    this.features = features;
    this.limits = requireNonNull(limits, "limits");
    this.serviceName = requireNonNull(serviceName, "serviceName");
    this.names = names;
    this.namesByModel = Map.copyOf(namesByModel);
    this.categories = requireNonNull(categories, "categories");
    this.genAi = requireNonNull(genAi, "genAi");
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
        features,
        limits,
        serviceName,
        ModelNames.of(modelName, modelVersion, featureNames),
        Map.of(),
        CategoryNames.OFF,
        GenAiConventions.V1_41);
  }

  /** These rules, with categorical features counted under the names given. */
  public CaptureRules withCategories(CategoryNames categoryNames) {
    return new CaptureRules(
        features, limits, serviceName, names, namesByModel, categoryNames, genAi);
  }

  /** These rules, with names for single models; they win over those of the process. */
  public CaptureRules withNames(Map<String, ModelNames> byOwnName) {
    return new CaptureRules(features, limits, serviceName, names, byOwnName, categories, genAi);
  }

  /** These rules, with other names for what is measured of LLM calls. */
  public CaptureRules withGenAi(GenAiConventions conventions) {
    return new CaptureRules(
        features, limits, serviceName, names, namesByModel, categories, conventions);
  }

  /** What the measurements of LLM calls are called. */
  public GenAiConventions genAi() {
    return genAi;
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

  /**
   * What configuration calls a model.
   *
   * @param ownName what the model calls itself
   */
  public ModelNames namesOf(String ownName) {
    ModelNames own = namesByModel.get(ownName);
    return own == null ? names : own.or(names);
  }
}
