package io.breakwater.agent.dist.host;

import io.breakwater.api.Breakwater;
import io.breakwater.api.Inference;
import java.util.ArrayList;
import java.util.List;

/**
 * Declares inferences on the last steps before the end of a stack, again and again and on several
 * threads at once, and then a hundred on an ordinary one. Says what was thrown but for the error
 * that has to be.
 *
 * <p>Own code only: ONNX Runtime crashes a JVM at the end of a stack, with the agent or without.
 */
public final class DeepStackHost {
  private static final int STEPS = 300;
  private static final long STACK_BYTES = 512 << 10;

  private int predictions;

  private DeepStackHost() {}

  public static void main(String[] arguments) throws Exception {
    // What is loaded and initialised at the end of a stack stays broken, in any JVM.
    infer("deep");
    int divers = Integer.parseInt(arguments[1]);
    for (int dive = 0; dive < Integer.parseInt(arguments[0]); dive += divers) {
      List<Thread> down = new ArrayList<>();
      for (int i = 0; i < divers; i++) {
        Thread diver = new Thread(null, new DeepStackHost()::dive, "diver", STACK_BYTES);
        down.add(diver);
        diver.start();
      }
      for (Thread diver : down) {
        diver.join();
      }
    }
    Thread.sleep(Long.parseLong(arguments[2]));
    for (int call = 0; call < 100; call++) {
      infer("after");
    }
    System.out.println("done");
  }

  /** Goes down to the end of the stack, and predicts on each of the first steps of the way back. */
  private void dive() {
    try {
      dive();
    } catch (StackOverflowError e) {
      return;
    }
    if (predictions < STEPS) {
      predictions++;
      predict();
    }
  }

  private static void predict() {
    try {
      infer("deep");
    } catch (StackOverflowError e) {
      return; // as it has to be
    } catch (Throwable t) {
      System.out.println(t);
    }
  }

  private static void infer(String model) {
    Inference inference = Breakwater.inference(model, "1").feature("age", 41).feature("city", "X");
    inference.score(0.5).label("yes").end();
    Breakwater.inference(model, "1").error("timeout");
  }
}
