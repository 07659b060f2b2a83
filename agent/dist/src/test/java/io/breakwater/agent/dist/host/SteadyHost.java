package io.breakwater.agent.dist.host;

import io.breakwater.api.Breakwater;
import io.breakwater.api.Inference;

/** Predicts a hundred times a second for a while, and says whether its heap grew meanwhile. */
public final class SteadyHost {
  private static final int FEATURES = 30;

  private SteadyHost() {}

  public static void main(String[] arguments) throws InterruptedException {
    long millis = Long.parseLong(arguments[0]);
    predictFor(millis / 3);
    long before = Heap.used();
    predictFor(millis - millis / 3);
    System.out.println(Heap.verdict("heap", before, Heap.used()));
  }

  private static void predictFor(long millis) throws InterruptedException {
    long end = System.nanoTime() + millis * 1_000_000;
    for (int call = 0; System.nanoTime() < end; call++) {
      Inference inference = Breakwater.inference("steady", "1");
      for (int feature = 0; feature < FEATURES; feature++) {
        inference.feature("f" + feature, call * feature);
      }
      inference.score(call % 100 / 100.0).end();
      Thread.sleep(10);
    }
  }
}
