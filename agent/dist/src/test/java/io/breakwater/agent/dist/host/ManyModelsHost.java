package io.breakwater.agent.dist.host;

import io.breakwater.api.Breakwater;

/** Declares inferences of many models, and of ever new ones, and says whether its heap grows. */
public final class ManyModelsHost {
  private static final int ROUNDS = 5;

  private ManyModelsHost() {}

  public static void main(String[] arguments) throws InterruptedException {
    int models = Integer.parseInt(arguments[0]);
    for (int round = 0; round < 3; round++) {
      for (int model = 0; model < models; model++) {
        infer("model " + model, "1");
      }
    }
    long before = Heap.used();
    long least = Long.MAX_VALUE; // what is made once grows in one round, a leak in each
    for (int round = 0; round < ROUNDS; round++) {
      for (int i = 0; i < 10 * models; i++) {
        int version = round * 10 * models + i;
        infer("ever new", "version " + version);
        infer("ever new name " + version, "1");
      }
      long after = Heap.used();
      least = Math.min(least, after - before);
      before = after;
    }
    System.out.println(Heap.verdict("heap", 0, least));
  }

  private static void infer(String model, String version) {
    Breakwater.inference(model, version).feature("f", 1).score(0.5).label("yes").end();
  }
}
