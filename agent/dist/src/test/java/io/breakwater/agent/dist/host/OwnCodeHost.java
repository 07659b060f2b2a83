package io.breakwater.agent.dist.host;

import io.breakwater.api.Breakwater;
import io.breakwater.api.Inference;

/** Declares inferences of its own: of ten, one fails. */
public final class OwnCodeHost {
  private OwnCodeHost() {}

  public static void main(String[] arguments) {
    int calls = Integer.parseInt(arguments[0]);
    for (int call = 0; call < calls; call++) {
      Inference inference =
          Breakwater.inference("credit", "3")
              .feature("age", 20 + call)
              .feature("income", 1_000.0 * call)
              .feature("region", "north")
              .missing("debt");
      if (call % 10 == 9) {
        inference.fail(new IllegalStateException());
      } else {
        inference.score(call / (double) calls).label(call % 2 == 0 ? "approve" : "deny").end();
      }
    }
    System.out.println(Breakwater.breaker("credit", "3").allows());
  }
}
