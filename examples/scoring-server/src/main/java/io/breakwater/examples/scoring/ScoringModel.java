package io.breakwater.examples.scoring;

import ai.onnxruntime.OnnxModelMetadata;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.io.InputStream;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * An ONNX model and what its metadata says about it. Safe for use by many threads.
 *
 * <p>Keys read: {@code breakwater.model}, {@code breakwater.version}, {@code breakwater.features}
 * and, for each column that a request may leave out, {@code median.COLUMN}; {@code scale.COLUMN} is
 * what a column is multiplied by before the model gets it.
 */
final class ScoringModel implements AutoCloseable {
  /** The name of the input tensor. */
  static final String INPUT = "input";

  /** The name of the output tensor. */
  static final String OUTPUT = "output";

  /** Probabilities per row. */
  static final int CLASSES = 2;

  private static final List<String> BUNDLED =
      List.of("1", "2", "1-ensemble", "2-ensemble", "2-ensemble-1.3x", "2-ensemble-3x", "2-skewed");

  private final OrtEnvironment environment;
  private final OrtSession session;
  private final String name;
  private final String version;
  private final List<String> features;
  private final Map<String, Float> medians;
  private final Map<String, Float> scales;

  private ScoringModel(OrtEnvironment environment, OrtSession session, String name)
      throws OrtException {
    OnnxModelMetadata metadata = session.getMetadata();
    this.environment = environment;
    this.session = session;
    this.name = name.isEmpty() ? require(metadata, "breakwater.model") : name;
    this.version = require(metadata, "breakwater.version");
    this.features = List.of(require(metadata, "breakwater.features").split(","));
    this.medians = numbers("median.", metadata.getCustomMetadata());
    this.scales = numbers("scale.", metadata.getCustomMetadata());
  }

  /**
   * Opens a model file.
   *
   * @param name what to call it, or empty for the name in its metadata
   */
  static ScoringModel open(Path file, String name) throws IOException, OrtException {
    return open(Files.readAllBytes(file), name);
  }

  /** Opens one of the models that come with the server. */
  static ScoringModel bundled(String which, String name) throws IOException, OrtException {
    String resource = "california-housing-" + which + ".onnx";
    try (InputStream bytes = ScoringModel.class.getResourceAsStream(resource)) {
      if (bytes == null) {
        throw new IllegalArgumentException(
            "--bundled: " + which + " (expected: one of " + String.join(", ", BUNDLED) + ")");
      }
      return open(bytes.readAllBytes(), name);
    }
  }

  private static ScoringModel open(byte[] bytes, String name) throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1); // the server's threads are the parallelism
      return new ScoringModel(environment, environment.createSession(bytes, options), name);
    }
  }

  String name() {
    return name;
  }

  String version() {
    return version;
  }

  /** The columns, in the order in which the input tensor has them. */
  List<String> features() {
    return features;
  }

  /** Medians of the training rows, for each column that a request may leave out. */
  Map<String, Float> medians() {
    return medians;
  }

  /** What columns are multiplied by before the model gets them. */
  Map<String, Float> scales() {
    return scales;
  }

  /**
   * Scores rows.
   *
   * @param values row after row
   * @param shape of the input tensor
   * @return {@value #CLASSES} probabilities per row, row after row
   * @throws OrtException when the model run fails, as on a tensor of the wrong shape
   */
  float[] score(float[] values, long[] shape) throws OrtException {
    try (OnnxTensor input = OnnxTensor.createTensor(environment, FloatBuffer.wrap(values), shape);
        OrtSession.Result result = session.run(Map.of(INPUT, input))) {
      OnnxTensor output = (OnnxTensor) result.get(0);
      FloatBuffer probabilities = output.getFloatBuffer();
      float[] scores = new float[probabilities.remaining()];
      probabilities.get(scores);
      return scores;
    }
  }

  @Override
  public void close() throws OrtException {
    session.close();
  }

  /** The numbers in the metadata under keys with this prefix, by the rest of the key. */
  private static Map<String, Float> numbers(String prefix, Map<String, String> metadata) {
    Map<String, Float> numbers = new HashMap<>();
    metadata.forEach(
        (key, value) -> {
          if (key.startsWith(prefix)) {
            numbers.put(key.substring(prefix.length()), Float.valueOf(value));
          }
        });
    return Map.copyOf(numbers);
  }

  private static String require(OnnxModelMetadata metadata, String key) {
    return metadata
        .getCustomMetadataValue(key)
        .orElseThrow(
            () -> new IllegalArgumentException("the model's metadata lacks the key " + key));
  }
}
