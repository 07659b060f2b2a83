package io.breakwater.engine.sim;

import io.breakwater.engine.detect.Tally;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Calls of a canary and a stable version in one pane: Poisson arrivals, each failing by itself with
 * its version's rate.
 */
final class Traffic {
  private final Poisson canaryGood;
  private final Poisson canaryBad;
  private final Poisson stableGood;
  private final Poisson stableBad;

  /**
   * Creates one.
   *
   * @param canary mean calls of the canary in a pane
   * @param stable mean calls of the stable version in a pane
   */
  Traffic(double canary, double canaryErrors, double stable, double stableErrors) {
    canaryGood = new Poisson(canary * (1 - canaryErrors));
    canaryBad = new Poisson(canary * canaryErrors);
    stableGood = new Poisson(stable * (1 - stableErrors));
    stableBad = new Poisson(stable * stableErrors);
  }

  Tally next(SplittableRandom random) {
    int errors = canaryBad.next(random);
    int againstErrors = stableBad.next(random);
    return new Tally(
        errors + canaryGood.next(random),
        errors,
        Map.of(),
        againstErrors + stableGood.next(random),
        againstErrors);
  }
}
