package io.breakwater.agent.dist.host;

import io.breakwater.api.Breakwater;
import io.breakwater.api.Inference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Predicts for a while and says, every few seconds, how much memory the system sees in use. */
public final class ResidentHost {
  private static final int MODELS = 5;
  private static final int FEATURES = 30;

  private ResidentHost() {}

  public static void main(String[] arguments) throws Exception {
    int seconds = Integer.parseInt(arguments[0]);
    int every = Integer.parseInt(arguments[1]);
    for (int second = 1; second <= seconds; second++) {
      for (int call = 0; call < 50; call++) {
        predict(call);
        Thread.sleep(20);
      }
      if (second % every == 0) {
        System.gc();
        System.out.println(residentKib());
      }
    }
  }

  private static void predict(int call) {
    Inference inference = Breakwater.inference("model " + call % MODELS, "1");
    for (int feature = 0; feature < FEATURES; feature++) {
      inference.feature("f" + feature, call * feature);
    }
    inference.score(call / 100.0).label(call % 2 == 0 ? "yes" : "no").end();
  }

  private static long residentKib() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("[^0-9]", ""));
      }
    }
    throw new IOException("no VmRSS");
  }
}
