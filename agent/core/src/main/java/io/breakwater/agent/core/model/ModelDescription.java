package io.breakwater.agent.core.model;

import static java.util.Objects.requireNonNull;

import io.breakwater.agent.core.record.CaptureRules;
import io.breakwater.agent.core.record.ModelIdentity;
import io.breakwater.agent.core.record.ModelNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Name, version, feature and class names of a model.
 *
 * <p>Name: configuration, metadata key {@code breakwater.model}, the model's own, file name,
 * service name. Version: configuration, metadata key {@code breakwater.version}, the model's own,
 * digest of the file, {@code unknown}. Immutable.
 */
public final class ModelDescription {
  private static final String MODEL = "breakwater.model";
  private static final String VERSION = "breakwater.version";
  private static final String FEATURES = "breakwater.features";
  private static final String CLASSES = "breakwater.classes";

  private final String name;
  private final CompletableFuture<String> version;
  private final String framework;
  private final List<String> features;
  private final List<String> classes;

  private ModelDescription(
      String name,
      CompletableFuture<String> version,
      String framework,
      List<String> features,
      List<String> classes) {
    this.name = name;
    this.version = version;
    this.framework = framework;
    this.features = List.copyOf(features);
    this.classes = List.copyOf(classes);
  }

  /** A model of which only the identity is known. */
  public static ModelDescription of(ModelIdentity identity) {
    return new ModelDescription(
        identity.name(),
        CompletableFuture.completedFuture(identity.version()),
        identity.framework(),
        List.of(),
        List.of());
  }

  /**
   * Collects what a model says of itself.
   *
   * @param framework what runs the model, for example {@code onnxruntime}
   */
  public static Builder builder(String framework) {
    return new Builder(framework);
  }

  /** Value of {@code ml.model.name}. */
  public String name() {
    return name;
  }

  /** Value of {@code ml.model.version}; may become known later. */
  public CompletableFuture<String> version() {
    return version;
  }

  /** Value of {@code ml.framework}; empty for own code. */
  public String framework() {
    return framework;
  }

  /** Name of an input column, counted over all inputs; null if it has none. */
  public @Nullable String feature(int column) {
    String feature = column < features.size() ? features.get(column) : "";
    return feature.isEmpty() ? null : feature;
  }

  /** Names of the classes by number; may be shorter than there are classes. */
  public List<String> classes() {
    return classes;
  }

  /** Whether calls of the two are calls of one model. */
  public boolean isSame(ModelDescription other) {
    return this == other
        || (name.equals(other.name)
            && framework.equals(other.framework)
            && (version == other.version || known(version).equals(known(other.version))));
  }

  /** Never the same for versions that are not known yet. */
  private static Object known(CompletableFuture<String> version) {
    return version.isDone() && !version.isCompletedExceptionally() ? version.join() : version;
  }

  @Override
  public String toString() {
    return name + " " + version.getNow("?");
  }

  /** What a model says of itself; what is not said is taken from elsewhere. */
  public static final class Builder {
    private final String framework;
    private Map<String, String> metadata = Map.of();
    private @Nullable String ownName;
    private @Nullable String ownVersion;
    private List<String> ownFeatures = List.of();
    private List<String> ownClasses = List.of();
    private @Nullable ModelSource source;

    private Builder(String framework) {
      this.framework = requireNonNull(framework, "framework");
    }

    /** Texts that people left in the model, of which those that begin with breakwater count. */
    public Builder metadata(Map<String, String> texts) {
      this.metadata = texts;
      return this;
    }

    /** Its own name; null or blank for none. */
    public Builder name(@Nullable String name) {
      this.ownName = name;
      return this;
    }

    /** Its own version; null or blank for none. */
    public Builder version(@Nullable String version) {
      this.ownVersion = version;
      return this;
    }

    /** Names of its columns. */
    public Builder features(List<String> names) {
      this.ownFeatures = names;
      return this;
    }

    /** Names of its classes by number. */
    public Builder classes(List<String> names) {
      this.ownClasses = names;
      return this;
    }

    /** What it was loaded from; null if that was not seen. */
    public Builder source(@Nullable ModelSource loadedFrom) {
      this.source = loadedFrom;
      return this;
    }

    /** The description, with what configuration says put first. */
    public ModelDescription build(CaptureRules rules) {
      String own = ownName(rules);
      ModelNames names = rules.namesOf(own);
      String name = names.name();
      String version = names.version();
      List<String> features = names.features().isEmpty() ? list(FEATURES) : names.features();
      List<String> classes = list(CLASSES);
      return new ModelDescription(
          name != null ? name : own,
          version != null ? CompletableFuture.completedFuture(version) : ownVersion(),
          framework,
          features.isEmpty() ? ownFeatures : features,
          classes.isEmpty() ? ownClasses : classes);
    }

    private String ownName(CaptureRules rules) {
      String inMetadata = metadata.get(MODEL);
      if (inMetadata != null && !inMetadata.isBlank()) {
        return inMetadata.trim();
      }
      if (ownName != null && !ownName.isBlank()) {
        return ownName;
      }
      String file = source == null ? null : source.fileName();
      return file != null ? file : rules.serviceName();
    }

    private CompletableFuture<String> ownVersion() {
      String inMetadata = metadata.get(VERSION);
      if (inMetadata != null && !inMetadata.isBlank()) {
        return CompletableFuture.completedFuture(inMetadata.trim());
      }
      if (ownVersion != null && !ownVersion.isBlank()) {
        return CompletableFuture.completedFuture(ownVersion);
      }
      return source == null
          ? CompletableFuture.completedFuture(ModelIdentity.UNKNOWN_VERSION)
          : source.digest();
    }

    private List<String> list(String key) {
      String text = metadata.get(key);
      List<String> names = new ArrayList<>();
      if (text != null && !text.isBlank()) {
        for (String name : text.split(",", -1)) {
          names.add(name.trim());
        }
      }
      return names;
    }
  }
}
