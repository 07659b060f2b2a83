package io.breakwater.agent.dist.host;

import io.breakwater.api.Breakwater;

/** Interrupts every thread it finds, its own among them, between predictions. */
public final class InterruptingHost {
  private InterruptingHost() {}

  public static void main(String[] arguments) throws InterruptedException {
    int kept = 0;
    for (int call = 0; call < 50; call++) {
      for (Thread thread : Thread.getAllStackTraces().keySet()) {
        if (!thread.getName().equals("main")) {
          thread.interrupt();
        }
      }
      Thread.currentThread().interrupt();
      Breakwater.inference("interrupted", "1").feature("f", call).score(0.5).end();
      kept += Thread.interrupted() ? 1 : 0;
      Thread.sleep(20);
    }
    System.out.println("interrupts left to the host: " + kept);
  }
}
