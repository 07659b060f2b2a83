package io.breakwater.agent.dist.host;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Opens many sessions of a model, one after the other and then all at once, and predicts once with
 * each; says whether its heap grows.
 */
public final class ManySessionsHost {
  private static final OrtEnvironment ENVIRONMENT = OrtEnvironment.getEnvironment();

  private ManySessionsHost() {}

  public static void main(String[] arguments) throws Exception {
    int sessions = Integer.parseInt(arguments[1]);
    openAndClose(arguments[0], sessions / 2);
    openAtOnce(arguments[0], sessions / 2);
    long before = Heap.used();
    openAndClose(arguments[0], sessions / 2);
    System.out.println(Heap.verdict("heap after one another:", before, Heap.used()));
    openAtOnce(arguments[0], sessions);
    System.out.println(Heap.verdict("heap after all at once:", before, Heap.used()));
  }

  private static void openAndClose(String model, int sessions) throws OrtException {
    for (int i = 0; i < sessions; i++) {
      try (OrtSession session = open(model)) {
        score(session);
      }
    }
  }

  private static void openAtOnce(String model, int sessions) throws OrtException {
    List<OrtSession> open = new ArrayList<>();
    for (int i = 0; i < sessions; i++) {
      open.add(open(model));
    }
    for (OrtSession session : open) {
      score(session);
    }
    for (OrtSession session : open) {
      session.close();
    }
  }

  /** Without a pool of threads of its own, which takes the longest. */
  private static OrtSession open(String model) throws OrtException {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      return ENVIRONMENT.createSession(model, options);
    }
  }

  private static void score(OrtSession session) throws OrtException {
    try (OnnxTensor tensor = OnnxTensor.createTensor(ENVIRONMENT, new float[][] {{1, 2}});
        OrtSession.Result result = session.run(Map.of("input", tensor))) {
      result.get(0).getValue();
    }
  }
}
