package io.breakwater.agent.dist.host;

import io.breakwater.api.Breakwater;

/** Declares inferences of many models, and of ever new ones, and says whether its heap grows. */
public final class ManyModelsHost {
  private ManyModelsHost() {}

  public static void main(String[] arguments) throws InterruptedException {
    int models = Integer.parseInt(arguments[0]);
    for (int round = 0; round < 3; round++) {
      for (int model = 0; model < models; model++) {
        infer("model " + model, "1");
      }
    }
    long before = Heap.used();
    for (int version = 0; version < 50 * models; version++) {
      infer("ever new", "version " + version);
      infer("ever new name " + version, "1");
    }
    System.out.println(Heap.verdict("heap", before, Heap.used()));
  }

  private static void infer(String model, String version) {
    Breakwater.inference(model, version).feature("f", 1).score(0.5).label("yes").end();
  }
}
