package io.breakwater.agent.instrumentation.onnxruntime.advice;

import ai.onnxruntime.OnnxModelMetadata;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.breakwater.agent.core.model.ModelDescription;
import io.breakwater.agent.core.model.ModelSource;
import io.breakwater.agent.core.record.CaptureRules;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What sessions say of their models. */
final class OnnxModels {
  /** Value of {@code ml.framework}. */
  static final String FRAMEWORK = "onnxruntime";

  /** What exporters call every graph. */
  private static final Set<String> MEANINGLESS =
      Set.of("main_graph", "main", "torch_jit", "torch-jit-export", "graph", "model", "onnx-model");

  private OnnxModels() {}

  /**
   * Asks the session and the configuration.
   *
   * @param source what the session was made from; null if that was not seen
   */
  static ModelDescription describe(
      OrtSession session, @Nullable ModelSource source, CaptureRules rules) {
    ModelDescription.Builder description = ModelDescription.builder(FRAMEWORK).source(source);
    try {
      describe(session.getMetadata(), description);
    } catch (OrtException | RuntimeException e) { // closed, or without readable metadata
      return ModelDescription.builder(FRAMEWORK).source(source).build(rules);
    }
    return description.build(rules);
  }

  private static void describe(OnnxModelMetadata metadata, ModelDescription.Builder description) {
    description.metadata(metadata.getCustomMetadata());
    String graph = metadata.getGraphName();
    if (graph != null && !MEANINGLESS.contains(graph)) {
      description.name(graph);
    }
    long number = metadata.getVersion();
    if (number != 0 && number != Long.MAX_VALUE) { // ONNX Runtime's "not set"
      description.version(Long.toString(number));
    }
  }
}
