package io.breakwater.signals;

/**
 * An exponential histogram that finds its scale: it starts at a given one and halves its resolution
 * whenever the values span more buckets than it may keep.
 *
 * <p>Relative error and merging as in {@link HistogramSnapshot}. At most 8 bytes a bucket and side:
 * 2.6 kB with the default of {@value #DEFAULT_MAX_BUCKETS}; the negative side takes memory only
 * once used. Recording takes 3 to 5 ns and allocates nothing. One outlier of 1e30 costs the other
 * values most of their resolution for that interval; where this matters use {@link
 * PinnedHistogram}.
 *
 * <p>Not thread-safe: one writer.
 */
public final class ExponentialHistogram {
  /** Buckets kept on each side of zero unless told otherwise. */
  public static final int DEFAULT_MAX_BUCKETS = 160;

  /** Scale above which durations are not resolved: 2.2 % a bucket. */
  public static final int DURATION_SCALE = 5;

  private final int initialScale;
  private final ScaledCounts positive;
  private final ScaledCounts negative;
  private BucketIndex buckets;
  private long count;
  private long zeroCount;
  private double zeroThreshold;
  private double sum;
  private double min;
  private double max;
  private boolean extremesKnown;

  private ExponentialHistogram(int initialScale, int maxBuckets) {
    this.initialScale = initialScale;
    this.positive = new ScaledCounts(maxBuckets);
    this.negative = new ScaledCounts(maxBuckets);
    this.buckets = BucketIndex.ofScale(initialScale);
    reset();
  }

  /** A histogram of at most {@value #DEFAULT_MAX_BUCKETS} buckets a side. */
  public static ExponentialHistogram ofScale(int initialScale) {
    return of(initialScale, DEFAULT_MAX_BUCKETS);
  }

  /**
   * A histogram that starts at a scale, which is also its finest.
   *
   * @param initialScale {@value BucketIndex#MIN_SCALE} to {@value BucketIndex#MAX_SCALE}
   * @param maxBuckets at most this many buckets on each side of zero, 4 or more
   */
  public static ExponentialHistogram of(int initialScale, int maxBuckets) {
    if (maxBuckets < 4) { // the coarsest scale needs three
      throw new IllegalArgumentException("maxBuckets: " + maxBuckets + " (expected: >= 4)");
    }
    return new ExponentialHistogram(initialScale, maxBuckets);
  }

  /**
   * Records one value.
   *
   * @return false, with nothing recorded, if the value is NaN or infinite
   */
  public boolean record(double value) {
    return record(value, 1);
  }

  /**
   * Records a value seen {@code times}.
   *
   * @param times not negative, which is not checked
   * @return false, with nothing recorded, if the value is NaN or infinite
   */
  public boolean record(double value, long times) {
    double magnitude = Math.abs(value);
    if (!(magnitude <= Double.MAX_VALUE)) { // also NaN
      return false;
    }
    count += times;
    sum += value * times;
    if (value < min) {
      min = value;
    }
    if (value > max) {
      max = value;
    }
    if (magnitude == 0) {
      zeroCount += times;
    } else {
      add(value > 0 ? positive : negative, buckets.indexOf(magnitude), times);
    }
    return true;
  }

  private void add(ScaledCounts side, int index, long times) {
    if (!side.add(index, times)) {
      int steps = side.stepsToFit(index, index);
      coarsen(steps);
      side.makeRoom(index >> steps, index >> steps);
      side.add(index >> steps, times);
    }
  }

  private void coarsen(int steps) {
    if (steps > 0) {
      positive.coarsen(steps);
      negative.coarsen(steps);
      buckets = BucketIndex.ofScale(buckets.scale() - steps);
    }
  }

  /**
   * Adds what another histogram held; counts are exact and the order of merges does not matter (but
   * for the rounding of the sum). The result's scale is the coarser of the two, or coarser still
   * where the buckets do not fit.
   */
  public void merge(HistogramSnapshot other) {
    if (other.isEmpty()) {
      return;
    }
    count = Math.addExact(count, other.count());
    coarsen(Math.max(0, scale() - other.scale()));
    add(positive, other.positive(), other.scale());
    add(negative, other.negative(), other.scale());
    zeroCount += other.zeroCount();
    zeroThreshold = Math.max(zeroThreshold, other.zeroThreshold());
    extremesKnown &= !Double.isNaN(other.min()) && !Double.isNaN(other.max());
    min = Math.min(min, other.min());
    max = Math.max(max, other.max());
    sum += other.sum();
  }

  private void add(ScaledCounts side, BucketCounts other, int otherScale) {
    if (other.isEmpty()) {
      return;
    }
    int steps = otherScale - scale();
    int more = side.stepsToFit(other.offset() >> steps, other.lastIndex() >> steps);
    coarsen(more);
    int shift = steps + more;
    side.makeRoom(other.offset() >> shift, other.lastIndex() >> shift);
    for (int slot = 0; slot < other.size(); slot++) {
      side.add((other.offset() + slot) >> shift, other.count(slot));
    }
  }

  /** Scale now. */
  public int scale() {
    return buckets.scale();
  }

  /** Values recorded since the last reset. */
  public long count() {
    return count;
  }

  /** What was recorded since the last reset. */
  public HistogramSnapshot snapshot() {
    boolean known = extremesKnown && count > 0;
    return HistogramSnapshot.of(
        scale(),
        zeroThreshold,
        zeroCount,
        sum,
        known ? min : Double.NaN,
        known ? max : Double.NaN,
        positive.toBucketCounts(),
        negative.toBucketCounts());
  }

  /** What was recorded since the last reset; the histogram is then empty and at its first scale. */
  public HistogramSnapshot snapshotAndReset() {
    HistogramSnapshot snapshot = snapshot();
    reset();
    return snapshot;
  }

  private void reset() {
    positive.clear();
    negative.clear();
    buckets = BucketIndex.ofScale(initialScale);
    count = 0;
    zeroCount = 0;
    zeroThreshold = 0;
    sum = 0;
    min = Double.POSITIVE_INFINITY;
    max = Double.NEGATIVE_INFINITY;
    extremesKnown = true;
  }
}
