package io.breakwater.engine.detect;

import io.breakwater.engine.Verdict;

/** A sequential test on failing calls; a value that the next pane turns into the next value. */
public sealed interface ErrorDetector permits CanaryErrorDetector, ErrorLimitDetector {
  /** Calls of a version, and of the version compared with, below which the answer is NO_DATA. */
  long MIN_CALLS = 20;

  /** Looks per day on the collector's grid of 100 ms. */
  double LOOKS_PER_DAY = 864_000;

  /**
   * The detector after one more pane.
   *
   * @param pane what the version judged and the stable version did in it
   */
  ErrorDetector next(Block pane);

  /** The detector without the panes that are not judged yet: they were interrupted. */
  ErrorDetector interrupted();

  /** The evidence so far. */
  Mixture mixture();

  /** Natural logarithm of the value at which it breaches. */
  double lnThreshold();

  /** The error share taken as normal, or the limit, 0..1. */
  double baseline();

  /** Whether there is enough data to say anything. */
  boolean judgeable();

  /** What the evidence says now. */
  default Verdict verdict() {
    if (!judgeable()) {
      return Verdict.NO_DATA;
    }
    return mixture().lnMean() >= lnThreshold() ? Verdict.BREACH : Verdict.PASS;
  }

  /** Logarithm of the evidence over that of the threshold: at 1 it breaches. */
  default double evidenceRatio() {
    return mixture().lnMean() / lnThreshold();
  }

  /** {@code ln(looks per day / alpha)}: at most alpha false alarms a day on average. */
  static double lnThreshold(double alpha) {
    return Math.log(LOOKS_PER_DAY / alpha);
  }
}
