package io.breakwater.engine.detect;

import org.jspecify.annotations.Nullable;

/**
 * Whether a canary fails more often than the stable version: Shiryaev-Roberts over two-stream
 * Bernoulli block e-values with fixed alternatives (Turner, Ly and Grünwald, 2024).
 *
 * <p>For a block with {@code nA} calls and {@code kA} failures of the canary, {@code nB} and {@code
 * kB} of the stable version: the base rate is {@code b = (K + 0.5) / (N + 50)}, clipped to [1e-4,
 * 0.5], where {@code N} and {@code K} count the stable version's calls and failures in earlier
 * blocks only; the alternatives are {@code a = b + d (1 - b)}; with {@code z = (nA a + nB b) / (nA
 * + nB)}
 *
 * <pre>ln e = kA ln(a/z) + (nA - kA) ln((1-a)/(1-z)) + kB ln(b/z) + (nB - kB) ln((1-b)/(1-z))</pre>
 *
 * <p>The expectation of {@code e} is at most 1 whenever the canary's failure rate is at most that
 * of the stable version, whatever that is, so failures that hit both alike are no evidence.
 *
 * <p>A block is a pane; a pane in which one of the two has no calls yet is judged together with the
 * following ones. The end of a block depends on the numbers of calls, never on their outcome.
 *
 * <p>Slow calls come in clumps: a pause delays many neighbours. A detector of such calls is
 * <em>tempered</em>: {@code ln e} is divided by the dispersion of the stable version's shares over
 * earlier blocks, {@code (90 + sum of (kB - nB b)^2 / (nB b (1 - b))) / (30 + blocks)}, at least 1,
 * which begins at 3 and is near 1 for independent calls; at most 3, so that a stable version with
 * long pauses does not blind the test. It is known before the block, so the expectation of {@code
 * e} stays at most 1 (Jensen).
 *
 * <p>NO_DATA until both versions have 20 calls in judged blocks since the detector started.
 *
 * @param lnThreshold natural logarithm of the value at which it breaches
 * @param stableCalls calls of the stable version in judged blocks
 * @param stableBad failed or slow calls among them
 * @param tempered whether bad calls may come in clumps
 * @param strays sum over judged blocks of how far the stable version's share was off, squared, over
 *     what independent calls vary by
 * @param open panes waiting for calls of the other version, or null
 * @param mixture the evidence so far
 */
public record CanaryRateDetector(
    double lnThreshold,
    long stableCalls,
    long stableBad,
    boolean tempered,
    double strays,
    @Nullable Block open,
    Mixture mixture)
    implements RateDetector {
  /** What the dispersion is taken for at first, and for how many blocks that counts. */
  private static final double FIRST_DISPERSION = 3;

  private static final double FIRST_BLOCKS = 30;

  /** More tempering than that would blind the test where the stable version has long pauses. */
  private static final double MAX_DISPERSION = 3;

  private static final double[] STEPS = {0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.7, 0.9};

  /** A detector that has seen nothing. */
  public static CanaryRateDetector of(double alpha) {
    return fresh(alpha, false);
  }

  /** A detector of calls that may come in clumps, which has seen nothing. */
  public static CanaryRateDetector tempered(double alpha) {
    return fresh(alpha, true);
  }

  private static CanaryRateDetector fresh(double alpha, boolean tempered) {
    return new CanaryRateDetector(
        RateDetector.lnThreshold(alpha), 0, 0, tempered, 0, null, Mixture.FRESH);
  }

  @Override
  public CanaryRateDetector next(Block pane) {
    Block block = open == null ? pane : open.plus(pane);
    Tally tally = block.tally();
    if (tally.calls() == 0 || tally.againstCalls() == 0) {
      return with(block.isEmpty() ? null : block);
    }
    return new CanaryRateDetector(
        lnThreshold,
        stableCalls + tally.againstCalls(),
        stableBad + tally.againstBad(),
        tempered,
        strays + stray(tally, baseline()),
        null,
        mixture.next(
            block, lnE(tally, baseline(), dispersion()), lnThreshold + Math.log(STEPS.length)));
  }

  private static double stray(Tally tally, double b) {
    double off = tally.againstBad() - tally.againstCalls() * b;
    return off * off / (tally.againstCalls() * b * (1 - b));
  }

  /** By how much the stable version's share varies more than that of independent calls; from 1. */
  double dispersion() {
    if (!tempered) {
      return 1;
    }
    double seen = (FIRST_BLOCKS * FIRST_DISPERSION + strays) / (FIRST_BLOCKS + mixture.looks());
    return Math.min(MAX_DISPERSION, Math.max(1, seen));
  }

  private static double[] lnE(Tally tally, double b, double dispersion) {
    double nA = tally.calls();
    double kA = tally.bad();
    double nB = tally.againstCalls();
    double kB = tally.againstBad();
    double[] lnE = new double[STEPS.length];
    for (int i = 0; i < STEPS.length; i++) {
      double a = b + STEPS[i] * (1 - b);
      double z = (nA * a + nB * b) / (nA + nB);
      lnE[i] =
          (kA * Math.log(a / z)
                  + (nA - kA) * Math.log((1 - a) / (1 - z))
                  + kB * Math.log(b / z)
                  + (nB - kB) * Math.log((1 - b) / (1 - z)))
              / dispersion;
    }
    return lnE;
  }

  /** The stable version's error share as known before the present block. */
  @Override
  public double baseline() {
    return Math.min(0.5, Math.max(1e-4, (stableBad + 0.5) / (stableCalls + 50)));
  }

  @Override
  public boolean judgeable() {
    return mixture.total().calls() >= MIN_CALLS && mixture.total().againstCalls() >= MIN_CALLS;
  }

  @Override
  public CanaryRateDetector interrupted() {
    return with(null);
  }

  private CanaryRateDetector with(@Nullable Block newOpen) {
    return new CanaryRateDetector(
        lnThreshold, stableCalls, stableBad, tempered, strays, newOpen, mixture);
  }
}
