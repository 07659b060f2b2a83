package io.breakwater.agent.instrumentation.djl.advice;

import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.nn.Block;
import io.breakwater.agent.core.model.ModelCalls;
import io.breakwater.agent.core.model.ModelDescription;
import io.breakwater.agent.core.model.ModelSource;
import io.breakwater.agent.core.model.RowReader;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** All models of this copy of the library. */
final class Models extends ModelCalls<Model, List<?>, List<Answer>> {
  static final Models ALL = new Models();

  /** {@code Model Predictor.model}, which has no getter; null in a version without it. */
  private static final @Nullable VarHandle MODEL = model();

  private Models() {
    super("djl");
  }

  private static @Nullable VarHandle model() {
    try {
      return MethodHandles.privateLookupIn(Predictor.class, MethodHandles.lookup())
          .findVarHandle(Predictor.class, "model", Model.class);
    } catch (ReflectiveOperationException | RuntimeException e) {
      return null;
    }
  }

  /** The model of a predictor. */
  static @Nullable Model of(Object predictor) {
    return MODEL == null ? null : (Model) MODEL.get((Predictor<?, ?>) predictor);
  }

  @Override
  protected void describe(Model model, ModelDescription.Builder description) throws Exception {
    description.name(model.getName());
    Path path = model.getModelPath();
    if (path != null) {
      description.source(ModelSource.of(file(path, model.getName())));
    }
    Map<String, String> metadata = new HashMap<>(engineMetadata(model.getBlock()));
    metadata.putAll(model.getProperties());
    description.metadata(metadata);
  }

  /** The model's file where its name says which one it is; else its folder. */
  private static Path file(Path path, String name) throws IOException {
    if (!Files.isDirectory(path)) {
      return path;
    }
    try (Stream<Path> all = Files.list(path)) {
      List<Path> named =
          all.filter(Files::isRegularFile)
              .filter(each -> each.getFileName().toString().startsWith(name + "."))
              .collect(Collectors.toList());
      return named.size() == 1 ? named.get(0) : path;
    }
  }

  /** What the ONNX engine's block knows of its model's metadata. */
  private static Map<String, String> engineMetadata(Block block) {
    Map<String, String> metadata = new HashMap<>();
    try {
      Object custom = block.getClass().getMethod("getCustomMetadata").invoke(block);
      if (custom instanceof Map) {
        ((Map<?, ?>) custom)
            .forEach((key, value) -> metadata.put(String.valueOf(key), String.valueOf(value)));
      }
    } catch (ReflectiveOperationException e) {
      return Map.of(); // another engine
    }
    return metadata;
  }

  @Override
  protected RowReader<List<?>, List<Answer>> reader(
      Model model, ModelDescription description, List<?> input, List<Answer> output) {
    List<String> classes = output.isEmpty() ? List.of() : output.get(0).classes();
    return new PredictorReader(
        Numbers.count(input.get(0)), classes.isEmpty() ? description.classes() : classes);
  }
}
