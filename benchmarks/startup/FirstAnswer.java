import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.Map;

/**
 * Loads a model and runs it; prints its peak memory, and the milliseconds from before the first class of
 * ONNX Runtime to the first answer. Told to run it once, it stops dead there.
 */
public final class FirstAnswer {
  private FirstAnswer() {}

  public static void main(String[] arguments) throws IOException, OrtException {
    int runs = Integer.parseInt(arguments[1]);
    long begin = System.nanoTime();
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession session = environment.createSession(arguments[0])) {
      String input = session.getInputNames().iterator().next();
      TensorInfo info = (TensorInfo) session.getInputInfo().get(input).getInfo();
      int columns = (int) info.getShape()[1];
      long first = 0;
      for (int run = 0; run < runs; run++) {
        FloatBuffer row = FloatBuffer.wrap(new float[columns]);
        try (OnnxTensor tensor =
                OnnxTensor.createTensor(environment, row, new long[] {1, columns});
            OrtSession.Result result = session.run(Map.of(input, tensor))) {
          first = run == 0 ? System.nanoTime() : first;
        }
      }
      System.out.println(Hello.peakMib() + " " + (first - begin) / 1_000_000);
      if (runs == 1) {
        Runtime.getRuntime().halt(0); // what is sent and flushed later is not part of it
      }
    }
  }
}
