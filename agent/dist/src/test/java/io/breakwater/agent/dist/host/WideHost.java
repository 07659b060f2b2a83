package io.breakwater.agent.dist.host;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.breakwater.api.Breakwater;
import io.breakwater.api.Inference;
import java.util.Arrays;
import java.util.Map;

/** Predicts with a model of very many features, and names as many itself. */
public final class WideHost {
  private WideHost() {}

  public static void main(String[] arguments) throws OrtException {
    int columns = Integer.parseInt(arguments[1]);
    float[][] row = new float[1][columns];
    Arrays.fill(row[0], 2);
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession session = environment.createSession(arguments[0])) {
      for (int call = 0; call < 20; call++) {
        try (OnnxTensor tensor = OnnxTensor.createTensor(environment, row);
            OrtSession.Result result = session.run(Map.of("input", tensor))) {
          System.out.println(((float[][]) result.get(0).getValue())[0][0]);
        }
        Inference inference = Breakwater.inference("own", "1");
        for (int column = 0; column < columns; column++) {
          inference.feature("f" + column, column).feature("c" + column, "red");
        }
        inference.score(0.5).end();
      }
    }
  }
}
