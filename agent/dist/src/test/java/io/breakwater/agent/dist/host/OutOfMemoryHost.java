package io.breakwater.agent.dist.host;

import io.breakwater.api.Breakwater;
import java.util.ArrayList;
import java.util.List;

/** Fills its memory again and again, predicting up to the end, and then goes on as usual. */
public final class OutOfMemoryHost {
  private OutOfMemoryHost() {}

  public static void main(String[] arguments) throws InterruptedException {
    // What is loaded and initialised without memory stays broken, the agent's classes too.
    for (int call = 0; call < 50; call++) {
      infer("full");
      Thread.sleep(50);
    }
    int times = 0;
    for (int round = 0; round < Integer.parseInt(arguments[0]); round++) {
      times += fill() ? 1 : 0;
    }
    System.out.println("out of memory: " + times);
    Thread.sleep(1_000);
    for (int call = 0; call < 100; call++) {
      infer("after");
    }
    System.out.println("done");
  }

  private static boolean fill() {
    List<byte[]> hog = new ArrayList<>(1 << 16);
    int bytes = 1 << 20;
    while (true) {
      try {
        hog.add(new byte[bytes]);
      } catch (OutOfMemoryError e) {
        if (bytes == 16) {
          return !hog.isEmpty();
        }
        bytes = bytes / 2; // ever smaller, until nothing at all is left
      }
      try {
        infer("full");
      } catch (OutOfMemoryError e) {
        continue; // the boxes of the host's own arguments
      }
    }
  }

  private static void infer(String model) {
    Breakwater.inference(model, "1").feature("f", 1).feature("c", "red").score(0.5).end();
    Breakwater.inference(model, "1").error("timeout");
  }
}
