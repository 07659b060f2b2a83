package io.breakwater.engine.quantile;

import io.breakwater.signals.BucketIndex;
import io.breakwater.signals.HistogramSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * A quantile with a band that holds at all times: the probability that the true quantile is ever
 * outside, however often one looks, is at most {@value #ALPHA}. A value.
 *
 * <p>After {@code n} values the band reaches from the sample quantile at {@code p - f} to that at
 * {@code p + f} with
 *
 * <pre>f = 1.5 sqrt(p (1 - p) l) + 0.8 l,    l = (1.4 ln ln(2.1 n) + ln(10 / alpha)) / n</pre>
 *
 * <p>(Howard and Ramdas, "Sequential estimation of quantiles with applications to A/B testing and
 * best-arm identification", 2022). Both ends are moved to the outer bounds of their buckets, so
 * that binning only makes the band wider. It is about independent values with one distribution; of
 * values whose distribution changes it describes the mixture.
 *
 * @param p which quantile, in (0, 1)
 * @param value the sample quantile
 * @param low lower end of the band
 * @param high upper end of the band
 * @param n values seen
 */
public record QuantileBand(double p, double value, double low, double high, long n) {
  /** The probability that the true quantile is ever outside. */
  public static final double ALPHA = 0.05;

  /**
   * The band of a quantile; null when there is not enough data, that is, when an end of the band
   * would be beyond all values: see {@link #needed}.
   *
   * @param values none of them negative, such as durations
   * @param p in (0, 1)
   */
  public static @Nullable QuantileBand of(HistogramSnapshot values, double p) {
    requireQuantile(p);
    long n = values.count();
    if (!isBounded(p, n)) {
      return null;
    }
    double f = halfWidth(p, n);
    double above = Math.min(1, (Math.floor(n * (p + f)) + 1) / n);
    return new QuantileBand(
        p,
        values.quantile(p),
        bound(values, values.quantile(p - f), false),
        bound(values, values.quantile(above), true),
        n);
  }

  /** How many values it takes until a quantile has a band: 3,045 for 0.99. */
  public static long needed(double p) {
    requireQuantile(p);
    long enough = 1;
    while (!isBounded(p, enough)) {
      enough *= 2;
    }
    long tooFew = enough / 2;
    while (enough - tooFew > 1) {
      long middle = (enough + tooFew) / 2;
      if (isBounded(p, middle)) {
        enough = middle;
      } else {
        tooFew = middle;
      }
    }
    return enough;
  }

  /** By how much the share of values below may be off after {@code n} values, either way. */
  static double halfWidth(double p, long n) {
    double l = (1.4 * Math.log(Math.log(2.1 * n)) + Math.log(10 / ALPHA)) / n;
    return 1.5 * Math.sqrt(p * (1 - p) * l) + 0.8 * l;
  }

  private static boolean isBounded(double p, long n) {
    return n > 0 && halfWidth(p, n) < Math.min(p, 1 - p);
  }

  /** The end of the bucket in which a value lies. */
  private static double bound(HistogramSnapshot values, double value, boolean upper) {
    if (value <= values.zeroThreshold()) {
      return upper ? values.zeroThreshold() : 0;
    }
    BucketIndex buckets = BucketIndex.ofScale(values.scale());
    int index = buckets.indexOf(value);
    return upper ? buckets.upperBound(index) : buckets.lowerBound(index);
  }

  private static void requireQuantile(double p) {
    if (!(p > 0 && p < 1)) { // also rejects NaN
      throw new IllegalArgumentException("p: " + p + " (expected: above 0 and below 1)");
    }
  }
}
