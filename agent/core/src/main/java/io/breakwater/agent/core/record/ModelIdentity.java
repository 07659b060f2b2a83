package io.breakwater.agent.core.record;

import static java.util.Objects.requireNonNull;

import java.util.Objects;

/** Which model a call belongs to. Immutable. */
public final class ModelIdentity {
  /** Version of a model about which nothing is known. */
  public static final String UNKNOWN_VERSION = "unknown";

  private final String name;
  private final String version;
  private final String framework;

  private ModelIdentity(String name, String version, String framework) {
    this.name = Limits.shortened(requireNonNull(name, "name"));
    this.version = Limits.shortened(requireNonNull(version, "version"));
    this.framework = requireNonNull(framework, "framework");
  }

  /**
   * An identity.
   *
   * @param framework what runs the model, for example {@code onnxruntime}; empty for own code
   */
  public static ModelIdentity of(String name, String version, String framework) {
    return new ModelIdentity(name, version, framework);
  }

  /** Value of {@code ml.model.name}. */
  public String name() {
    return name;
  }

  /** Value of {@code ml.model.version}. */
  public String version() {
    return version;
  }

  /** Value of {@code ml.framework}; empty for own code. */
  public String framework() {
    return framework;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ModelIdentity
        && name.equals(((ModelIdentity) other).name)
        && version.equals(((ModelIdentity) other).version)
        && framework.equals(((ModelIdentity) other).framework);
  }

  @Override
  public int hashCode() {
    return Objects.hash(name, version, framework);
  }

  @Override
  public String toString() {
    return name + " " + version;
  }
}
