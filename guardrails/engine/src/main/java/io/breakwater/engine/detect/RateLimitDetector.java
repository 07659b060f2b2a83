package io.breakwater.engine.detect;

/**
 * Whether a version fails more often than a limit allows: a one-sample Shiryaev-Roberts e-detector
 * against the limit {@code m} as the highest healthy rate, with the alternatives {@code p = m + d
 * (1 - m)}:
 *
 * <pre>ln e = k ln(p/m) + (n - k) ln((1-p)/(1-m))</pre>
 *
 * <p>The expectation of {@code e} is at most 1 whenever the failure rate is at most {@code m}.
 * Panes without a call of the version are not judged. The stable version's calls are counted beside
 * it, as evidence of a fault that both share; they do not enter the test.
 *
 * <p>NO_DATA until the version has 20 calls since the detector started.
 *
 * @param max the limit, in (0, 1)
 * @param lnThreshold natural logarithm of the value at which it breaches
 * @param mixture the evidence so far
 */
public record RateLimitDetector(double max, double lnThreshold, Mixture mixture)
    implements RateDetector {
  private static final double[] STEPS = {0.005, 0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.7, 0.9};

  /** A detector that has seen nothing. */
  public static RateLimitDetector of(double max, double alpha) {
    return new RateLimitDetector(max, RateDetector.lnThreshold(alpha), Mixture.FRESH);
  }

  @Override
  public RateLimitDetector next(Block pane) {
    Mixture next =
        pane.tally().calls() == 0
            ? mixture.counting(pane)
            : mixture.next(pane, lnE(pane.tally()), lnThreshold + Math.log(STEPS.length));
    return new RateLimitDetector(max, lnThreshold, next);
  }

  private double[] lnE(Tally tally) {
    double[] lnE = new double[STEPS.length];
    for (int i = 0; i < STEPS.length; i++) {
      double p = max + STEPS[i] * (1 - max);
      lnE[i] =
          tally.bad() * Math.log(p / max)
              + (tally.calls() - tally.bad()) * Math.log((1 - p) / (1 - max));
    }
    return lnE;
  }

  @Override
  public double baseline() {
    return max;
  }

  @Override
  public boolean judgeable() {
    return mixture.total().calls() >= MIN_CALLS;
  }

  @Override
  public RateLimitDetector interrupted() {
    return this;
  }
}
