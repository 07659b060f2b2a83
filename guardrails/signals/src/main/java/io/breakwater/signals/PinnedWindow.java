package io.breakwater.signals;

import java.util.Arrays;

/** Scale and buckets a series is pinned to. Immutable. */
final class PinnedWindow {
  /*
   * Sides: buckets [positiveOffset, positiveOffset + positiveSize) and the same for negative
   * magnitudes; a side without buckets begins at the least double, so that every value is beyond it.
   * If the window holds zero, magnitudes up to zeroThreshold are in the zero bucket and both sides
   * begin right above it; if not, zeroThreshold is NO_ZERO and only one side has buckets.
   */

  /** Buckets on each side at most. */
  static final int MAX_BUCKETS = 160;

  /** Zero threshold of a window that does not hold zero: no magnitude is that small. */
  static final double NO_ZERO = -1;

  private static final double TAIL = 0.001;
  private static final double WIDE_TAIL = 0.01;

  /** Times the middle 98 % that the middle 99.8 % may span; 1.3 for a normal column. */
  private static final double MAX_TAILS = 4;

  private static final double MARGIN = 0.25;
  private static final int OCTAVES_AROUND_ZERO = 12;

  final BucketIndex buckets;
  final double zeroThreshold;
  final int positiveOffset;
  final int positiveSize;
  final int negativeOffset;
  final int negativeSize;

  private PinnedWindow(
      BucketIndex buckets,
      double zeroThreshold,
      int positiveOffset,
      int positiveSize,
      int negativeOffset,
      int negativeSize) {
    this.buckets = buckets;
    this.zeroThreshold = zeroThreshold;
    this.positiveOffset = positiveOffset;
    this.positiveSize = positiveSize;
    this.negativeOffset = negativeOffset;
    this.negativeSize = negativeSize;
  }

  /**
   * The window for a series that began with these values.
   *
   * @param values at least one, all finite; left as they are
   */
  static PinnedWindow fit(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    double low = quantile(sorted, TAIL);
    double high = quantile(sorted, 1 - TAIL);
    double innerLow = quantile(sorted, WIDE_TAIL);
    double innerHigh = quantile(sorted, 1 - WIDE_TAIL);
    return areStrays(low, high, innerLow, innerHigh)
        ? around(innerLow, innerHigh)
        : around(low, high);
  }

  /**
   * Whether what lies between the two pairs of quantiles is so far out that a window over it could
   * not resolve the other 98 %: two values of 1e30 among the first thousand.
   */
  private static boolean areStrays(double low, double high, double innerLow, double innerHigh) {
    if (low > 0) {
      return octaves(low, high) > MAX_TAILS * octaves(innerLow, innerHigh);
    }
    if (high < 0) {
      return octaves(-high, -low) > MAX_TAILS * octaves(-innerHigh, -innerLow);
    }
    double innerTop = Math.max(-innerLow, innerHigh);
    return innerTop > 0 && octaves(innerTop, Math.max(-low, high)) > OCTAVES_AROUND_ZERO;
  }

  private static double octaves(double from, double to) {
    return (Math.log(to) - Math.log(from)) / Math.log(2);
  }

  private static PinnedWindow around(double low, double high) {
    if (low > 0) {
      return oneSided(low, high, false);
    }
    if (high < 0) {
      return oneSided(-high, -low, true);
    }
    return aroundZero(low, high);
  }

  private static double quantile(double[] sorted, double q) {
    int rank = (int) Math.ceil(q * sorted.length);
    return sorted[Math.max(0, Math.min(sorted.length, rank) - 1)];
  }

  private static PinnedWindow oneSided(double low, double high, boolean negative) {
    double margin = Math.pow(high / low, MARGIN);
    double from = Math.max(Double.MIN_VALUE, low / margin);
    double to = Math.min(Double.MAX_VALUE, high * margin);
    BucketIndex buckets = finestThatFits(from, to);
    int first = buckets.indexOf(from);
    int size = buckets.indexOf(to) - first + 1;
    int offset = first - (MAX_BUCKETS - size) / 2;
    int unused = buckets.indexOf(Double.MIN_VALUE);
    return negative
        ? new PinnedWindow(buckets, NO_ZERO, unused, 0, offset, MAX_BUCKETS)
        : new PinnedWindow(buckets, NO_ZERO, offset, MAX_BUCKETS, unused, 0);
  }

  private static PinnedWindow aroundZero(double low, double high) {
    double top = Math.max(high, -low);
    if (top == 0) {
      BucketIndex finest = BucketIndex.ofScale(BucketIndex.MAX_SCALE);
      int unused = finest.indexOf(Double.MIN_VALUE);
      return new PinnedWindow(finest, 0, unused, 0, unused, 0);
    }
    double from = Math.max(Double.MIN_VALUE, Math.scalb(top, -OCTAVES_AROUND_ZERO));
    int marginOctaves = (int) (OCTAVES_AROUND_ZERO * MARGIN);
    double to = Math.min(Double.MAX_VALUE, Math.scalb(top, marginOctaves));
    BucketIndex buckets = finestThatFits(from, to);
    int below = buckets.indexOf(from);
    return new PinnedWindow(
        buckets,
        buckets.upperBound(below),
        below + 1,
        high > 0 ? MAX_BUCKETS : 0,
        below + 1,
        low < 0 ? MAX_BUCKETS : 0);
  }

  private static BucketIndex finestThatFits(double from, double to) {
    int scale = BucketIndex.MAX_SCALE;
    while (true) {
      BucketIndex buckets = BucketIndex.ofScale(scale);
      if (buckets.indexOf(to) - buckets.indexOf(from) < MAX_BUCKETS) {
        return buckets;
      }
      scale--;
    }
  }

  boolean holdsZero() {
    return zeroThreshold >= 0;
  }

  /** Whether zero, where the window does not hold it, lies below it. */
  boolean isAboveZero() {
    return !holdsZero() && positiveSize > 0;
  }

  /** Lower end: values at or below it are out of range. */
  double lowBound() {
    if (negativeSize > 0) {
      return -Math.nextUp(buckets.upperBound(negativeOffset + negativeSize - 1));
    }
    return holdsZero() ? -Math.nextUp(zeroThreshold) : buckets.lowerBound(positiveOffset);
  }

  /** Upper end: values above it are out of range. */
  double highBound() {
    if (positiveSize > 0) {
      return buckets.upperBound(positiveOffset + positiveSize - 1);
    }
    return holdsZero() ? zeroThreshold : -Math.nextUp(buckets.lowerBound(negativeOffset));
  }
}
