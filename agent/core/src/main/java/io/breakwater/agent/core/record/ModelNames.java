package io.breakwater.agent.core.record;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What configuration calls a model and its columns. Immutable. */
public final class ModelNames {
  private final @Nullable String name;
  private final @Nullable String version;
  private final List<String> features;

  private ModelNames(@Nullable String name, @Nullable String version, List<String> features) {
    this.name = name;
    this.version = version;
    this.features = List.copyOf(features);
  }

  /**
   * Names.
   *
   * @param name null for the model's own
   * @param version null for the model's own
   * @param features names of the input columns; empty for the model's own
   */
  public static ModelNames of(
      @Nullable String name, @Nullable String version, List<String> features) {
    return new ModelNames(name, version, features);
  }

  /** What the model is called, null for its own name. */
  public @Nullable String name() {
    return name;
  }

  /** Its version, null for its own. */
  public @Nullable String version() {
    return version;
  }

  /** Names of the input columns; empty for the model's own. */
  public List<String> features() {
    return features;
  }

  /** These names, and the others' where these have none. */
  ModelNames or(ModelNames others) {
    return new ModelNames(
        name != null ? name : others.name,
        version != null ? version : others.version,
        features.isEmpty() ? others.features : features);
  }
}
