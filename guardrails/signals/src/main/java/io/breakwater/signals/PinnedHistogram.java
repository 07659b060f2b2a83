package io.breakwater.signals;

import java.util.Arrays;

/**
 * A histogram of a score or feature whose scale and window do not move, so that intervals compare
 * bucket by bucket and one outlier cannot blur the rest.
 *
 * <p>Until it has seen {@value #VALUES_TO_PIN} values it is an ordinary {@link
 * ExponentialHistogram}. Then, from the next {@link #snapshotAndReset} on, scale and window are
 * fixed: from the 0.1 % to the 99.9 % quantile of these values and a quarter more to either side on
 * the log scale, at the finest scale at which this takes at most 160 buckets, widened to 160. Where
 * values on both sides of zero, or zero itself, lie between these quantiles, a zero bucket reaches
 * up to 2^-12 of the top and the buckets begin above it. A constant column gets 80 buckets of the
 * finest scale to either side. Values outside are counted by side and are not in the histogram.
 * Once over 1 % of at least {@value #VALUES_TO_JUDGE} values fell outside, the series learns its
 * window anew, from the next interval on.
 *
 * <p>NaN counts as missing, infinities as outside the window. Relative error within the window as
 * in {@link HistogramSnapshot}. At most 2.6 kB, and 8 kB more while it learns. Recording allocates
 * nothing.
 *
 * <p>Not thread-safe: one writer, which also takes the snapshots.
 */
public final class PinnedHistogram {
  /** Values a window is made from. */
  public static final int VALUES_TO_PIN = 1_000;

  /** Values after which the share outside the window is believed. */
  public static final int VALUES_TO_JUDGE = 1_000;

  private Phase phase = new Learning();
  private long low;
  private long high;
  private long missing;

  /** Records one value; any double. */
  public void record(double value) {
    if (Double.isNaN(value)) {
      missing++;
      return;
    }
    int side = phase.record(value);
    if (side < 0) {
      low++;
    } else if (side > 0) {
      high++;
    }
  }

  /**
   * What was recorded since the last call. The series is pinned, or set free to learn again, here
   * and nowhere else.
   */
  public PinnedSnapshot snapshotAndReset() {
    PinnedSnapshot snapshot =
        new PinnedSnapshot(
            phase.snapshotAndReset().withoutExtremes(),
            phase.isPinned(),
            low,
            phase.lowBound(),
            high,
            phase.highBound(),
            missing);
    phase = phase.afterInterval(snapshot.count(), low + high);
    low = 0;
    high = 0;
    missing = 0;
    return snapshot;
  }

  /** How values are held: before and after the pin. */
  private interface Phase {
    /** Records a number; -1 if it is below, 1 if it is above what can be held, else 0. */
    int record(double value);

    HistogramSnapshot snapshotAndReset();

    boolean isPinned();

    double lowBound();

    double highBound();

    Phase afterInterval(long values, long outside);
  }

  /** An auto-scaled histogram, and the first values as they came. */
  private static final class Learning implements Phase {
    private final ExponentialHistogram histogram =
        ExponentialHistogram.of(BucketIndex.MAX_SCALE, PinnedWindow.MAX_BUCKETS);
    private final double[] first = new double[VALUES_TO_PIN];
    private int learnt;

    @Override
    public int record(double value) {
      if (!histogram.record(value)) {
        return value > 0 ? 1 : -1;
      }
      if (learnt < first.length) {
        first[learnt] = value;
        learnt++;
      }
      return 0;
    }

    @Override
    public HistogramSnapshot snapshotAndReset() {
      return histogram.snapshotAndReset();
    }

    @Override
    public boolean isPinned() {
      return false;
    }

    @Override
    public double lowBound() {
      return Double.NEGATIVE_INFINITY;
    }

    @Override
    public double highBound() {
      return Double.MAX_VALUE;
    }

    @Override
    public Phase afterInterval(long values, long outside) {
      return learnt < first.length ? this : new Pinned(PinnedWindow.fit(first));
    }
  }

  /** Counts of the buckets of a fixed window. */
  private static final class Pinned implements Phase {
    private static final double MAX_SHARE_OUTSIDE = 0.01;

    private final PinnedWindow window;
    private final BucketIndex buckets;
    private final double zeroThreshold;
    private final int positiveOffset;
    private final int negativeOffset;
    private final long[] positive;
    private final long[] negative;
    private long zeroCount;
    private double sum;
    private long valuesSeen;
    private long outsideSeen;

    Pinned(PinnedWindow window) {
      this.window = window;
      this.buckets = window.buckets;
      this.zeroThreshold = window.zeroThreshold;
      this.positiveOffset = window.positiveOffset;
      this.negativeOffset = window.negativeOffset;
      this.positive = new long[window.positiveSize];
      this.negative = new long[window.negativeSize];
    }

    @Override
    public int record(double value) {
      double magnitude = Math.abs(value);
      if (magnitude <= zeroThreshold) {
        zeroCount++;
        sum += value;
        return 0;
      }
      if (magnitude == 0) { // the window does not hold zero
        return window.isAboveZero() ? -1 : 1;
      }
      if (magnitude == Double.POSITIVE_INFINITY) {
        return value > 0 ? 1 : -1;
      }
      return value > 0
          ? add(positive, buckets.indexOf(magnitude) - positiveOffset, value, 1)
          : add(negative, buckets.indexOf(magnitude) - negativeOffset, value, -1);
    }

    /** Side is the sign of the values of these buckets: a smaller magnitude lies the other way. */
    private int add(long[] counts, int slot, double value, int side) {
      if (slot < 0) {
        return -side;
      }
      if (slot >= counts.length) {
        return side;
      }
      counts[slot]++;
      sum += value;
      return 0;
    }

    @Override
    public HistogramSnapshot snapshotAndReset() {
      HistogramSnapshot snapshot =
          HistogramSnapshot.of(
              buckets.scale(),
              Math.max(0, zeroThreshold),
              zeroCount,
              sum,
              Double.NaN,
              Double.NaN,
              BucketCounts.of(positiveOffset, positive),
              BucketCounts.of(negativeOffset, negative));
      Arrays.fill(positive, 0);
      Arrays.fill(negative, 0);
      zeroCount = 0;
      sum = 0;
      return snapshot;
    }

    @Override
    public boolean isPinned() {
      return true;
    }

    @Override
    public double lowBound() {
      return window.lowBound();
    }

    @Override
    public double highBound() {
      return window.highBound();
    }

    @Override
    public Phase afterInterval(long values, long outside) {
      valuesSeen += values;
      outsideSeen += outside;
      if (valuesSeen < VALUES_TO_JUDGE) {
        return this;
      }
      if (outsideSeen > MAX_SHARE_OUTSIDE * valuesSeen) {
        return new Learning();
      }
      valuesSeen = 0;
      outsideSeen = 0;
      return this;
    }
  }
}
