package io.breakwater.agent.dist.host;

import ai.djl.MalformedModelException;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ModelNotFoundException;
import ai.djl.repository.zoo.ZooModel;
import ai.djl.translate.Batchifier;
import ai.djl.translate.TranslateException;
import ai.djl.translate.Translator;
import ai.djl.translate.TranslatorContext;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Predicts 40 times on the ONNX engine, in half of them two inputs; two more calls fail. */
public final class DjlHost {
  private DjlHost() {}

  /** From numbers to a tensor and back. */
  private static final class Numbers implements Translator<float[], float[]> {
    @Override
    public NDList processInput(TranslatorContext context, float[] input) {
      return new NDList(context.getNDManager().create(input, new Shape(1, input.length)));
    }

    @Override
    public float[] processOutput(TranslatorContext context, NDList list) {
      return list.singletonOrThrow().toFloatArray();
    }

    @Override
    public Batchifier getBatchifier() {
      return null;
    }
  }

  public static void main(String[] arguments)
      throws IOException, ModelNotFoundException, MalformedModelException {
    Criteria<float[], float[]> criteria =
        Criteria.builder()
            .setTypes(float[].class, float[].class)
            .optModelPath(Path.of(arguments[0]))
            .optEngine("OnnxRuntime")
            .optTranslator(new Numbers())
            .build();
    try (ZooModel<float[], float[]> model = criteria.loadModel();
        Predictor<float[], float[]> predictor = model.newPredictor()) {
      for (int call = 0; call < 22; call++) {
        float[] row = call < 20 ? new float[] {call, 1} : new float[] {1, 2, 3};
        try {
          System.out.println(predictor.predict(row)[0]);
          System.out.println(predictor.batchPredict(List.of(row, row)).size());
        } catch (TranslateException e) {
          System.out.println("refused");
        }
      }
    }
  }
}
