package io.breakwater.engine.detect;

/**
 * A sequential test on the share of bad calls: failed ones, or slow ones. A value that the next
 * pane turns into the next value.
 */
public sealed interface RateDetector extends Detector
    permits CanaryRateDetector, RateLimitDetector {
  /** Calls of a version, and of the version compared with, below which the answer is NO_DATA. */
  long MIN_CALLS = 20;

  /** Looks per day on the collector's grid of 100 ms. */
  double LOOKS_PER_DAY = 864_000;

  /**
   * The detector after one more pane.
   *
   * @param pane what the version judged and the stable version did in it
   */
  RateDetector next(Block pane);

  @Override
  RateDetector interrupted();

  /** The evidence so far. */
  Mixture mixture();

  /** The bad share taken as normal, or the limit, 0..1. */
  double baseline();

  @Override
  default long looks() {
    return mixture().looks();
  }

  @Override
  default double lnEvidence() {
    return mixture().lnMean();
  }

  /** {@code ln(looks per day / alpha)}: at most alpha false alarms a day on average. */
  static double lnThreshold(double alpha) {
    return Math.log(LOOKS_PER_DAY / alpha);
  }

  /**
   * Whether there are more bad calls than a share lets expect, chance allowed for: more than {@code
   * n p + d sqrt(n p (1 - p))} of {@code n}. A plain rule to find out whom to tell once a test has
   * found that something is wrong; it is no test itself.
   */
  static boolean isAbove(double share, long calls, long bad, double deviations) {
    double expected = calls * share;
    return bad > expected + deviations * Math.sqrt(expected * (1 - share));
  }
}
