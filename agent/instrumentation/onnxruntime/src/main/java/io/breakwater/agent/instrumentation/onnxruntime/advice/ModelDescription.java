package io.breakwater.agent.instrumentation.onnxruntime.advice;

import ai.onnxruntime.OnnxModelMetadata;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.breakwater.agent.core.record.CaptureRules;
import io.breakwater.agent.core.record.ModelIdentity;
import io.breakwater.agent.core.record.ModelNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Name, version, feature and class names of a model.
 *
 * <p>Name: configuration, metadata key {@code breakwater.model}, graph name, file name, service
 * name. Version: configuration, metadata key {@code breakwater.version}, the model's own if it has
 * one, digest of the file, {@code unknown}. Immutable.
 */
final class ModelDescription {
  private static final String MODEL = "breakwater.model";
  private static final String VERSION = "breakwater.version";
  private static final String FEATURES = "breakwater.features";
  private static final String CLASSES = "breakwater.classes";

  /** What exporters call every graph. */
  private static final Set<String> MEANINGLESS =
      Set.of("main_graph", "main", "torch_jit", "torch-jit-export", "graph", "model", "onnx-model");

  private final String name;
  private final CompletableFuture<String> version;
  private final List<String> features;
  private final List<String> classes;

  private ModelDescription(
      String name, CompletableFuture<String> version, List<String> features, List<String> classes) {
    this.name = name;
    this.version = version;
    this.features = features;
    this.classes = classes;
  }

  /**
   * Asks the session and the configuration.
   *
   * @param source what the session was made from; null if that was not seen
   */
  static ModelDescription read(
      OrtSession session, @Nullable ModelSource source, CaptureRules rules) {
    try {
      return of(session.getMetadata(), source, rules);
    } catch (OrtException | RuntimeException e) { // closed, or without readable metadata
      return of(null, source, rules);
    }
  }

  private static ModelDescription of(
      @Nullable OnnxModelMetadata metadata, @Nullable ModelSource source, CaptureRules rules) {
    Map<String, String> custom = metadata == null ? Map.of() : metadata.getCustomMetadata();
    String ownName = ownName(metadata, source, rules);
    ModelNames names = rules.namesOf(ownName);
    String name = names.name();
    String version = names.version();
    return new ModelDescription(
        name != null ? name : ownName,
        version != null ? CompletableFuture.completedFuture(version) : ownVersion(metadata, source),
        names.features().isEmpty() ? list(custom.get(FEATURES)) : names.features(),
        list(custom.get(CLASSES)));
  }

  private static String ownName(
      @Nullable OnnxModelMetadata metadata, @Nullable ModelSource source, CaptureRules rules) {
    if (metadata != null) {
      String own = metadata.getCustomMetadata().get(MODEL);
      if (own != null && !own.isBlank()) {
        return own.trim();
      }
      String graph = metadata.getGraphName();
      if (graph != null && !graph.isBlank() && !MEANINGLESS.contains(graph)) {
        return graph;
      }
    }
    String file = source == null ? null : source.fileName();
    return file != null ? file : rules.serviceName();
  }

  private static CompletableFuture<String> ownVersion(
      @Nullable OnnxModelMetadata metadata, @Nullable ModelSource source) {
    if (metadata != null) {
      String own = metadata.getCustomMetadata().get(VERSION);
      if (own != null && !own.isBlank()) {
        return CompletableFuture.completedFuture(own.trim());
      }
      long number = metadata.getVersion();
      if (number != 0 && number != Long.MAX_VALUE) { // ONNX Runtime's "not set"
        return CompletableFuture.completedFuture(Long.toString(number));
      }
    }
    return source == null
        ? CompletableFuture.completedFuture(ModelIdentity.UNKNOWN_VERSION)
        : source.digest();
  }

  private static List<String> list(@Nullable String text) {
    List<String> names = new ArrayList<>();
    if (text != null && !text.isBlank()) {
      for (String name : text.split(",", -1)) {
        names.add(name.trim());
      }
    }
    return names;
  }

  String name() {
    return name;
  }

  /** May become known later. */
  CompletableFuture<String> version() {
    return version;
  }

  /** Name of an input column, counted over all inputs; null if it has none. */
  @Nullable String feature(int column) {
    String feature = column < features.size() ? features.get(column) : "";
    return feature.isEmpty() ? null : feature;
  }

  List<String> classes() {
    return classes;
  }
}
