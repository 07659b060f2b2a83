package io.breakwater.agent.instrumentation.djl.advice;

import static io.breakwater.agent.instrumentation.kit.Points.failed;
import static io.breakwater.agent.instrumentation.kit.Points.feature;
import static io.breakwater.agent.instrumentation.kit.Points.predicted;
import static io.breakwater.agent.instrumentation.kit.Points.score;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.modality.Classifications;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ZooModel;
import ai.djl.translate.Batchifier;
import ai.djl.translate.TranslateException;
import ai.djl.translate.Translator;
import ai.djl.translate.TranslatorContext;
import io.breakwater.agent.core.instrument.Enclosing;
import io.breakwater.agent.instrumentation.kit.OnnxModel;
import io.breakwater.agent.instrumentation.kit.Points;
import io.breakwater.agent.instrumentation.kit.WatchedCalls;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Asks the real library, with its ONNX engine. */
class ModelsTest {
  private final WatchedCalls calls = WatchedCalls.create();
  private final BatchAdvice advice = new BatchAdvice(calls.recorder());

  @TempDir private Path folder;

  /** From numbers to a tensor and from a tensor to what the test wants. */
  private abstract static class ToTensor<O> implements Translator<float[], O> {
    @Override
    public NDList processInput(TranslatorContext context, float[] input) {
      return new NDList(context.getNDManager().create(input, new Shape(1, input.length)));
    }

    @Override
    public Batchifier getBatchifier() {
      return null; // the engine is asked once for each input
    }
  }

  private static final class ToClasses extends ToTensor<Classifications> {
    @Override
    public Classifications processOutput(TranslatorContext context, NDList list) {
      float[] both = list.singletonOrThrow().toFloatArray();
      return new Classifications(
          List.of("deny", "approve"), List.of((double) both[0], (double) both[1]));
    }
  }

  private static final class ToNumbers extends ToTensor<float[]> {
    @Override
    public float[] processOutput(TranslatorContext context, NDList list) {
      return list.singletonOrThrow().toFloatArray();
    }
  }

  private <O> ZooModel<float[], O> load(Class<O> type, Translator<float[], O> translator)
      throws Exception {
    Path file = folder.resolve("credit.onnx");
    Files.write(file, OnnxModel.binary(2).bytes());
    return Criteria.builder()
        .setTypes(float[].class, type)
        .optModelPath(file)
        .optEngine("OnnxRuntime")
        .optTranslator(translator)
        .build()
        .loadModel();
  }

  /** Calls leave the process once the model's file has been read. */
  private void awaitVersion(Predictor<?, ?> predictor) throws Exception {
    Models.ALL.description(calls.recorder(), Models.of(predictor)).version().get();
  }

  private <O> List<O> predict(Predictor<float[], O> predictor, float[]... inputs) throws Exception {
    List<float[]> all = List.of(inputs);
    awaitVersion(predictor);
    return calls.call(advice, predictor, () -> predictor.batchPredict(all), all);
  }

  @Test
  void classification_isACallWithScoreAndClass() throws Exception {
    double expected = 0;
    try (ZooModel<float[], Classifications> model = load(Classifications.class, new ToClasses());
        Predictor<float[], Classifications> predictor = model.newPredictor()) {
      for (int i = 0; i < 10; i++) {
        for (Classifications each : predict(predictor, new float[] {1, 2}, new float[] {0, -3})) {
          expected += each.get("approve").getProbability();
        }
      }
    }
    Points points = calls.points();

    assertThat(points.framework()).isEqualTo("djl");
    assertThat(points.calls()).isEqualTo(10);
    assertThat(points.rows()).isEqualTo(20);
    assertThat(points.histogram(score("score")).sum()).isCloseTo(expected, within(1e-6));
    assertThat(points.sum(predicted("approve"))).isEqualTo(10);
    assertThat(points.sum(predicted("deny"))).isEqualTo(10);
    assertThat(points.histogram(feature("input[1]")).sum()).isEqualTo(-10);
    assertThat(calls.dropped()).isZero();
    assertThat(Enclosing.current()).isNull();
  }

  @Test
  void numbers_areReadAsTheyAre() throws Exception {
    try (ZooModel<float[], float[]> model = load(float[].class, new ToNumbers());
        Predictor<float[], float[]> predictor = model.newPredictor()) {
      for (int i = 0; i < 10; i++) {
        predict(predictor, new float[] {1, 2});
      }
    }

    assertThat(calls.points().histogram(score("score")).count()).isEqualTo(10);
  }

  @Test
  void featuresFromWithin_areNotReadAgain() throws Exception {
    try (ZooModel<float[], float[]> model = load(float[].class, new ToNumbers());
        Predictor<float[], float[]> predictor = model.newPredictor()) {
      List<float[]> inputs = List.of(new float[] {1, 2});
      awaitVersion(predictor);
      for (int i = 0; i < 10; i++) {
        calls.call(
            advice,
            predictor,
            () -> {
              Enclosing.current().supplied(); // as the engine's own advice does
              return predictor.batchPredict(inputs);
            },
            inputs);
      }
    }
    Points points = calls.points();

    assertThat(points.calls()).isEqualTo(10);
    assertThat(points.hasHistogram(feature("input[0]"))).isFalse();
  }

  @Test
  void model_goesByItsNameAndTheDigestOfItsFile() throws Exception {
    try (ZooModel<float[], float[]> model = load(float[].class, new ToNumbers());
        Predictor<float[], float[]> predictor = model.newPredictor()) {
      Model asked = Models.of(predictor);

      assertThat(asked).isNotNull();
      assertThat(Models.ALL.description(calls.recorder(), asked).name()).isEqualTo("credit");
      assertThat(Models.ALL.description(calls.recorder(), asked).version().get())
          .matches("[0-9a-f]{12}");
    }
  }

  @Test
  void failure_reachesTheCallerAndIsCounted() throws Exception {
    try (ZooModel<float[], float[]> model = load(float[].class, new ToNumbers());
        Predictor<float[], float[]> predictor = model.newPredictor()) {
      assertThatThrownBy(() -> predict(predictor, new float[] {1, 2, 3}))
          .isInstanceOf(TranslateException.class);
    }

    assertThat(calls.points().histogram(failed(TranslateException.class)).count()).isEqualTo(1);
    assertThat(Enclosing.current()).isNull();
  }
}
