package io.breakwater.engine.detect;

import io.breakwater.engine.Verdict;

/**
 * Whether the probes of a half-open version passed: Wald's sequential probability ratio test (1945)
 * of "bad as often as the stable version", {@code b}, against "bad in ten percentage points more of
 * its good calls", {@code b + 0.1 (1 - b)}, both kinds of error at most 1 %. Bad calls are those
 * that failed or, for a version that was out for its latency, took too long.
 *
 * <p>The base rate comes from the stable version's calls in earlier panes of the same probing, as
 * in {@link CanaryRateDetector}. A version without bad calls passes after 44 calls; the answer is
 * NO_DATA before {@value #MIN_CALLS} calls. Unlike an e-detector this test ends: it answers the one
 * question whether to close, and continuous guarding resumes afterwards.
 *
 * @param lnRatio natural logarithm of the likelihood ratio
 * @param calls probe calls
 * @param bad bad calls among them
 * @param stableCalls calls of the stable version meanwhile
 * @param stableBad bad calls among them
 */
public record ProbeTest(double lnRatio, long calls, long bad, long stableCalls, long stableBad) {
  /** Probe calls below which nothing is decided. */
  public static final long MIN_CALLS = 20;

  /** A test that has seen nothing. */
  public static final ProbeTest FRESH = new ProbeTest(0, 0, 0, 0, 0);

  private static final double LN_BOUND = Math.log(99);

  /** The test after one more pane. */
  public ProbeTest next(Tally pane) {
    double b = Math.min(0.5, Math.max(1e-4, (stableBad + 0.5) / (stableCalls + 50)));
    double a = b + 0.1 * (1 - b);
    double lnPane =
        pane.bad() * Math.log(a / b) + (pane.calls() - pane.bad()) * Math.log((1 - a) / (1 - b));
    return new ProbeTest(
        lnRatio + lnPane,
        calls + pane.calls(),
        bad + pane.bad(),
        stableCalls + pane.againstCalls(),
        stableBad + pane.againstBad());
  }

  /** PASS: may close. BREACH: still bad. NO_DATA: go on probing. */
  public Verdict verdict() {
    if (calls < MIN_CALLS || Math.abs(lnRatio) < LN_BOUND) {
      return Verdict.NO_DATA;
    }
    return lnRatio < 0 ? Verdict.PASS : Verdict.BREACH;
  }
}
