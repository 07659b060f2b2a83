package io.breakwater.agent.dist.host;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.util.Map;

/** Scores with a real model, each fourth time with a tensor of the wrong shape. */
public final class ScoringHost {
  private ScoringHost() {}

  public static void main(String[] arguments) throws OrtException {
    int calls = Integer.parseInt(arguments[1]);
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession session = environment.createSession(arguments[0])) {
      for (int call = 0; call < calls; call++) {
        System.out.println(score(environment, session, call));
      }
    }
    if (arguments.length > 2) {
      System.exit(Integer.parseInt(arguments[2]));
    }
  }

  private static String score(OrtEnvironment environment, OrtSession session, int call)
      throws OrtException {
    float[][] row = {call % 4 == 3 ? new float[] {1, 2, 3} : new float[] {call, call + 2}};
    try (OnnxTensor tensor = OnnxTensor.createTensor(environment, row);
        OrtSession.Result result = session.run(Map.of("input", tensor))) {
      return String.valueOf(((float[][]) result.get(0).getValue())[0][0]);
    } catch (OrtException e) {
      return "refused: " + e.getCode();
    }
  }
}
