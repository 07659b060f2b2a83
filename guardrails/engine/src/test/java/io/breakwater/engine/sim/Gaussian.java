package io.breakwater.engine.sim;

import java.util.SplittableRandom;

/** The normal distribution. */
final class Gaussian {
  private static final double[] COEFFICIENTS = {
    0.319381530, -0.356563782, 1.781477937, -1.821255978, 1.330274429
  };

  private Gaussian() {}

  /**
   * Probability of a standard normal value at most {@code x}; error below 7.5e-8 (Abramowitz and
   * Stegun 26.2.17).
   */
  static double cdf(double x) {
    double t = 1 / (1 + 0.2316419 * Math.abs(x));
    double sum = 0;
    for (int i = COEFFICIENTS.length - 1; i >= 0; i--) {
      sum = t * (COEFFICIENTS[i] + sum);
    }
    double tail = Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI) * sum;
    return x > 0 ? 1 - tail : tail;
  }

  /** A standard normal value. */
  static double next(SplittableRandom random) {
    // Marsaglia's polar method; the second value is not used.
    while (true) {
      double u = 2 * random.nextDouble() - 1;
      double v = 2 * random.nextDouble() - 1;
      double s = u * u + v * v;
      if (s < 1 && s > 0) {
        return u * Math.sqrt(-2 * Math.log(s) / s);
      }
    }
  }
}
