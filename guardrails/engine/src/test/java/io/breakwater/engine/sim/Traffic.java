package io.breakwater.engine.sim;

import io.breakwater.engine.detect.Tally;
import java.util.Map;
import java.util.SplittableRandom;

/** Calls of a canary and a stable version in one pane, each failing by itself. */
interface Traffic {
  /** The next pane. */
  Tally next(SplittableRandom random);

  /**
   * Poisson arrivals.
   *
   * @param canary mean calls of the canary in a pane
   * @param stable mean calls of the stable version in a pane
   */
  static Traffic poisson(double canary, double canaryErrors, double stable, double stableErrors) {
    Poisson canaryGood = new Poisson(canary * (1 - canaryErrors));
    Poisson canaryBad = new Poisson(canary * canaryErrors);
    Poisson stableGood = new Poisson(stable * (1 - stableErrors));
    Poisson stableBad = new Poisson(stable * stableErrors);
    return random -> {
      int errors = canaryBad.next(random);
      int againstBad = stableBad.next(random);
      return new Tally(
          errors + canaryGood.next(random),
          errors,
          Map.of(),
          againstBad + stableGood.next(random),
          againstBad);
    };
  }

  /** The same numbers of calls in every pane. */
  static Traffic even(int canary, double canaryErrors, int stable, double stableErrors) {
    return random ->
        new Tally(
            canary,
            binomial(canary, canaryErrors, random),
            Map.of(),
            stable,
            binomial(stable, stableErrors, random));
  }

  private static int binomial(int n, double p, SplittableRandom random) {
    int k = 0;
    for (int i = 0; i < n; i++) {
      k += random.nextDouble() < p ? 1 : 0;
    }
    return k;
  }
}
