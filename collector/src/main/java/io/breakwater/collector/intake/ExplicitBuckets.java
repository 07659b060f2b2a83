package io.breakwater.collector.intake;

import io.breakwater.signals.BucketCounts;
import io.breakwater.signals.BucketIndex;
import io.breakwater.signals.HistogramSnapshot;
import java.util.Arrays;

/**
 * An explicit-bucket histogram: bucket {@code i} holds values above bound {@code i - 1} and at most
 * bound {@code i}. Immutable.
 *
 * <p>Where within its bucket a value lies is not known. So it is taken as one of the bucket's
 * bounds, always the same one, and what is judged is the rounded value: whatever changes its
 * distribution changed that of the values. All points of a signal must have the same bounds for
 * that, which the histogram's {@linkplain HistogramSnapshot#bounds() bounds} allow to check.
 */
final class ExplicitBuckets {
  private static final int FINEST_SCALE = 5;
  private static final int MAX_SPAN = 320;

  private final double[] bounds;
  private final long[] counts;

  private ExplicitBuckets(double[] bounds, long[] counts) {
    this.bounds = bounds;
    this.counts = counts;
  }

  /**
   * A histogram.
   *
   * @throws IllegalArgumentException when bounds or counts cannot be
   */
  static ExplicitBuckets of(FixedList bounds, FixedList counts, long count) {
    return of(bounds.doubles(), counts.longs(), count);
  }

  static ExplicitBuckets of(double[] bounds, long[] counts, long count) {
    int size = bounds.length;
    boolean open = size > 0 && bounds[size - 1] == Double.POSITIVE_INFINITY;
    if (counts.length != size + 1 || (open && counts[size] != 0)) {
      throw new IllegalArgumentException(
          "buckets: " + counts.length + " (expected: one more than bounds, " + (size + 1) + ")");
    }
    int finite = open ? size - 1 : size;
    long total = 0;
    for (int i = 0; i <= size; i++) {
      total += counts[i];
      if (counts[i] < 0 || total < 0) {
        throw new IllegalArgumentException("bucket: " + counts[i] + " (expected: >= 0)");
      }
      boolean ascends = i == 0 || i >= finite || bounds[i - 1] < bounds[i];
      if (!ascends || (i < finite && !Double.isFinite(bounds[i]))) {
        throw new IllegalArgumentException("bounds: (expected: ascending)");
      }
    }
    if (total != count) {
      throw new IllegalArgumentException(
          "count: " + count + " (expected: the sum of the buckets, " + total + ")");
    }
    return new ExplicitBuckets(Arrays.copyOf(bounds, finite), Arrays.copyOf(counts, finite + 1));
  }

  /** The histogram of the rounded values, up or down; those beyond the last bound next to it. */
  HistogramSnapshot rounded(boolean up, double sum) {
    int scale = scale();
    BucketIndex index = BucketIndex.ofScale(scale);
    int[] at = new int[counts.length];
    int[] sign = new int[counts.length];
    long zero = 0;
    for (int i = 0; i < counts.length; i++) {
      boolean beyond = !up || i == bounds.length; // rounded to just above a bound
      double value = up ? bounds[Math.min(i, bounds.length - 1)] : i == 0 ? 0 : bounds[i - 1];
      sign[i] = value > 0 ? 1 : value == 0 || beyond ? 0 : -1;
      if (up && beyond && value == 0) {
        sign[i] = 1;
      } else if (sign[i] != 0) {
        at[i] = index.indexOf(Math.abs(value)) + (beyond ? 1 : 0);
      }
      zero += sign[i] == 0 ? counts[i] : 0;
    }
    return HistogramSnapshot.of(
            scale, 0, zero, sum, Double.NaN, Double.NaN, side(at, sign, 1), side(at, sign, -1))
        .withBounds(identity());
  }

  private BucketCounts side(int[] at, int[] sign, int wanted) {
    int first = Integer.MAX_VALUE;
    int last = Integer.MIN_VALUE;
    for (int i = 0; i < at.length; i++) {
      if (sign[i] == wanted && counts[i] > 0) {
        first = Math.min(first, at[i]);
        last = Math.max(last, at[i]);
      }
    }
    if (first > last) {
      return BucketCounts.EMPTY;
    }
    long[] dense = new long[last - first + 1];
    for (int i = 0; i < at.length; i++) {
      if (sign[i] == wanted && counts[i] > 0) {
        dense[at[i] - first] += counts[i];
      }
    }
    return BucketCounts.of(first, dense);
  }

  /** The finest scale at which the bounds span few enough buckets. */
  private int scale() {
    double least = Double.MAX_VALUE;
    double greatest = 0;
    for (double bound : bounds) {
      if (bound != 0) {
        least = Math.min(least, Math.abs(bound));
        greatest = Math.max(greatest, Math.abs(bound));
      }
    }
    int scale = FINEST_SCALE;
    while (scale > BucketIndex.MIN_SCALE && greatest > 0 && span(scale, least, greatest)) {
      scale--;
    }
    return scale;
  }

  private static boolean span(int scale, double least, double greatest) {
    BucketIndex index = BucketIndex.ofScale(scale);
    return index.indexOf(greatest) - index.indexOf(least) > MAX_SPAN;
  }

  /** The same for the same bounds; never 0. */
  private long identity() {
    long hash = 1;
    for (double bound : bounds) {
      hash = (hash ^ Double.doubleToLongBits(bound + 0.0)) * 0x9E3779B97F4A7C15L;
      hash ^= hash >>> 32;
    }
    return hash == 0 || hash == HistogramSnapshot.MIXED_BOUNDS ? 1 : hash;
  }
}
