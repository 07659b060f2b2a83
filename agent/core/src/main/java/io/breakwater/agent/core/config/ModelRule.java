package io.breakwater.agent.core.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the configuration says of one model of the process. Immutable. */
public final class ModelRule {
  private final @Nullable String name;
  private final @Nullable String version;
  private final List<String> featureNames;

  ModelRule(@Nullable String name, @Nullable String version, List<String> featureNames) {
    this.name = name;
    this.version = version;
    this.featureNames = List.copyOf(featureNames);
  }

  /** What to call it, null for its own name. */
  public @Nullable String name() {
    return name;
  }

  /** Its version, null for its own. */
  public @Nullable String version() {
    return version;
  }

  /** Names of its input columns; empty for its own. */
  public List<String> featureNames() {
    return featureNames;
  }
}
