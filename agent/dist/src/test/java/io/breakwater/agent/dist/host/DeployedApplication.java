package io.breakwater.agent.dist.host;

import io.breakwater.api.Breakwater;

/** An application of a few calls: one inference that ends, one that fails, one left open. */
public final class DeployedApplication {
  private DeployedApplication() {}

  public static void answer(int number) {
    Breakwater.inference("deployed", "1").feature("number", number).score(0.5).label("yes").end();
    Breakwater.inference("deployed", "1").fail(new IllegalStateException());
    Breakwater.inference("deployed", "1").feature("number", number);
  }
}
