package io.breakwater.signals;

import static java.util.Objects.requireNonNull;

import java.util.Objects;

/**
 * What an exponential histogram held at one moment. Immutable.
 *
 * <p>Bucket {@code i} of the positive side holds {@code (2^(i/2^scale), 2^((i+1)/2^scale)]}, of the
 * negative side the same magnitudes; see {@link BucketIndex}. The zero count holds values whose
 * magnitude is at most the zero threshold. Relative error of a value read back from its bucket is
 * at most {@code 2^(2^-scale / 2) - 1}: 1.1 % at scale 5, 0.03 % at scale 10. Merging keeps that
 * bound for the coarser scale of the two.
 */
public final class HistogramSnapshot {
  /** {@link #bounds()} of values that were rounded in more than one way, or only some of them. */
  public static final long MIXED_BOUNDS = -1;

  /** Buckets a merge may need on a side before it coarsens its result. */
  static final int MAX_MERGED_BUCKETS = 4_096;

  private final int scale;
  private final double zeroThreshold;
  private final long zeroCount;
  private final double sum;
  private final double min;
  private final double max;
  private final BucketCounts positive;
  private final BucketCounts negative;
  private final long count;
  private final long bounds;

  private HistogramSnapshot(
      int scale,
      double zeroThreshold,
      long zeroCount,
      double sum,
      double min,
      double max,
      BucketCounts positive,
      BucketCounts negative,
      long bounds) {
    this.scale = scale;
    this.zeroThreshold = zeroThreshold;
    this.zeroCount = zeroCount;
    this.sum = sum;
    this.min = min;
    this.max = max;
    this.positive = positive;
    this.negative = negative;
    this.count = Math.addExact(Math.addExact(positive.total(), negative.total()), zeroCount);
    this.bounds = bounds;
  }

  /**
   * A histogram from its parts, for example from a point off the wire. A scale finer than {@value
   * BucketIndex#MAX_SCALE} is coarsened to it, which is exact.
   *
   * @param scale at least {@value BucketIndex#MIN_SCALE}
   * @param sum sum of the values, NaN if unknown
   * @param min least value, NaN if unknown
   * @param max greatest value, NaN if unknown
   * @throws IllegalArgumentException if the scale is too coarse, the zero threshold is negative or
   *     not finite, the zero count is negative, a bucket is beyond the range of a double, or the
   *     counts together exceed a long
   */
  public static HistogramSnapshot of(
      int scale,
      double zeroThreshold,
      long zeroCount,
      double sum,
      double min,
      double max,
      BucketCounts positive,
      BucketCounts negative) {
    requireNonNull(positive, "positive");
    requireNonNull(negative, "negative");
    if (scale < BucketIndex.MIN_SCALE) {
      throw new IllegalArgumentException(
          "scale: " + scale + " (expected: >= " + BucketIndex.MIN_SCALE + ")");
    }
    if (!(zeroThreshold >= 0 && zeroThreshold <= Double.MAX_VALUE)) { // also rejects NaN
      throw new IllegalArgumentException(
          "zeroThreshold: " + zeroThreshold + " (expected: >= 0 and finite)");
    }
    if (zeroCount < 0) {
      throw new IllegalArgumentException("zeroCount: " + zeroCount + " (expected: >= 0)");
    }
    int kept = Math.min(scale, BucketIndex.MAX_SCALE);
    int steps = Math.min(scale - kept, Integer.SIZE - 1);
    try {
      return new HistogramSnapshot(
          kept,
          zeroThreshold,
          zeroCount,
          sum,
          min,
          max,
          requireDoubles(kept, positive.coarser(steps)),
          requireDoubles(kept, negative.coarser(steps)),
          0);
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("counts: over 2^63 - 1 in all (expected: fewer)", e);
    }
  }

  private static BucketCounts requireDoubles(int scale, BucketCounts side) {
    BucketIndex buckets = BucketIndex.ofScale(scale);
    int first = buckets.indexOf(Double.MIN_VALUE);
    int last = buckets.indexOf(Double.MAX_VALUE);
    if (!side.isEmpty() && (side.offset() < first || side.lastIndex() > last)) {
      throw new IllegalArgumentException(
          "buckets: "
              + side.offset()
              + " to "
              + side.lastIndex()
              + " (expected: "
              + first
              + " to "
              + last
              + ", the range of a double at scale "
              + scale
              + ")");
    }
    return side;
  }

  /** A histogram without values. */
  public static HistogramSnapshot empty(int scale) {
    return of(scale, 0, 0, 0, Double.NaN, Double.NaN, BucketCounts.EMPTY, BucketCounts.EMPTY);
  }

  /** Scale of the buckets: {@code 2^scale} an octave. */
  public int scale() {
    return scale;
  }

  /** Magnitude up to which values may be in the {@linkplain #zeroCount() zero count}. */
  public double zeroThreshold() {
    return zeroThreshold;
  }

  /** Values whose magnitude is at most the zero threshold. */
  public long zeroCount() {
    return zeroCount;
  }

  /** Values in all. */
  public long count() {
    return count;
  }

  /** Sum of the values; NaN if unknown. */
  public double sum() {
    return sum;
  }

  /** Least value; NaN if unknown or empty. */
  public double min() {
    return min;
  }

  /** Greatest value; NaN if unknown or empty. */
  public double max() {
    return max;
  }

  /** Buckets of the positive values. */
  public BucketCounts positive() {
    return positive;
  }

  /** Buckets of the negative values, by magnitude. */
  public BucketCounts negative() {
    return negative;
  }

  /**
   * What the values were rounded to before they were filed: 0 for values as they were, else an
   * identity of the bounds, the same for the same bounds; {@link #MIXED_BOUNDS} when not all were
   * rounded alike. Shares of values rounded differently cannot be compared.
   */
  public long bounds() {
    return bounds;
  }

  /** The same histogram, of values that were rounded to these bounds. */
  public HistogramSnapshot withBounds(long newBounds) {
    return new HistogramSnapshot(
        scale, zeroThreshold, zeroCount, sum, min, max, positive, negative, newBounds);
  }

  /** The same histogram without its least and greatest value. */
  public HistogramSnapshot withoutExtremes() {
    return new HistogramSnapshot(
        scale, zeroThreshold, zeroCount, sum, Double.NaN, Double.NaN, positive, negative, bounds);
  }

  /**
   * What was added since an earlier state of the same histogram, at the coarser of both scales;
   * exact, since buckets nest. Extremes are unknown.
   *
   * @throws IllegalArgumentException if this is no later state of it: a count went down, the zero
   *     threshold did, or values were rounded differently
   */
  public HistogramSnapshot minus(HistogramSnapshot earlier) {
    if (bounds != earlier.bounds || zeroThreshold < earlier.zeroThreshold) {
      throw new IllegalArgumentException("earlier: " + earlier + " (expected: an earlier state)");
    }
    int common = Math.min(scale, earlier.scale);
    HistogramSnapshot now = atScale(common);
    HistogramSnapshot before = earlier.atScale(common);
    BucketIndex buckets = BucketIndex.ofScale(common);
    int zeros = zeroThreshold > 0 ? buckets.indexOf(zeroThreshold) : Integer.MIN_VALUE;
    boolean grown = zeroThreshold > earlier.zeroThreshold;
    long moved = grown ? before.positive.totalBelow(zeros) + before.negative.totalBelow(zeros) : 0;
    if (grown && buckets.upperBound(zeros) == zeroThreshold) {
      moved += before.positive.countAt(zeros) + before.negative.countAt(zeros);
      zeros++;
    }
    long zero = zeroCount - before.zeroCount - moved;
    if (zero < 0) {
      throw new IllegalArgumentException("earlier: " + earlier + " (expected: an earlier state)");
    }
    return new HistogramSnapshot(
        common,
        zeroThreshold,
        zero,
        sum - earlier.sum,
        Double.NaN,
        Double.NaN,
        now.positive.minus(grown ? before.positive.from(zeros) : before.positive),
        now.negative.minus(grown ? before.negative.from(zeros) : before.negative),
        bounds);
  }

  /**
   * The same values at a coarser scale; exact, since buckets nest.
   *
   * @throws IllegalArgumentException if {@code coarser} is finer than this scale, or too coarse
   */
  public HistogramSnapshot atScale(int coarser) {
    if (coarser > scale || coarser < BucketIndex.MIN_SCALE) {
      throw new IllegalArgumentException(
          "coarser: " + coarser + " (expected: " + BucketIndex.MIN_SCALE + " to " + scale + ")");
    }
    int steps = scale - coarser;
    return steps == 0
        ? this
        : new HistogramSnapshot(
            coarser,
            zeroThreshold,
            zeroCount,
            sum,
            min,
            max,
            positive.coarser(steps),
            negative.coarser(steps),
            bounds);
  }

  /**
   * Both histograms together, at the coarser of their scales; coarser still only when a side would
   * span over 4,096 buckets. Counts are exact and the order of merges does not matter (but for the
   * rounding of the sum).
   *
   * <p>The greater zero threshold holds for the result; buckets below it stay as they are, so
   * {@link #countAtOrBelow} stays true. Extremes are known only if both know theirs.
   *
   * @throws ArithmeticException if a count exceeds a long
   */
  public HistogramSnapshot merge(HistogramSnapshot other) {
    int common = Math.min(scale, other.scale);
    HistogramSnapshot a = atScale(common);
    HistogramSnapshot b = other.atScale(common);
    while (a.span(b) > MAX_MERGED_BUCKETS) {
      common--;
      a = a.atScale(common);
      b = b.atScale(common);
    }
    return new HistogramSnapshot(
        common,
        Math.max(zeroThreshold, other.zeroThreshold),
        Math.addExact(zeroCount, other.zeroCount),
        sum + other.sum,
        isEmpty() ? other.min : other.isEmpty() ? min : Math.min(min, other.min),
        isEmpty() ? other.max : other.isEmpty() ? max : Math.max(max, other.max),
        a.positive.plus(b.positive),
        a.negative.plus(b.negative),
        isEmpty() || bounds == other.bounds
            ? other.bounds
            : other.isEmpty() ? bounds : MIXED_BOUNDS);
  }

  private long span(HistogramSnapshot other) {
    return Math.max(positive.span(other.positive), negative.span(other.negative));
  }

  /** Whether no value was recorded. */
  public boolean isEmpty() {
    return count == 0;
  }

  /**
   * The value of rank {@code ceil(q * count)}, counted from the least; NaN if empty.
   *
   * <p>The answer is the geometric middle of the bucket that holds this rank, or 0 in the zero
   * bucket, and never outside the least and greatest value where these are known. Its relative
   * error is at most {@code 2^(2^-scale / 2) - 1}.
   *
   * @param q 0 to 1
   */
  public double quantile(double q) {
    if (!(q >= 0 && q <= 1)) { // also rejects NaN
      throw new IllegalArgumentException("q: " + q + " (expected: 0 to 1)");
    }
    if (isEmpty()) {
      return Double.NaN;
    }
    long rank = Math.min(count, Math.max(1, (long) Math.ceil(q * count)));
    double value = valueOfRank(rank);
    double atLeast = value < min ? min : value;
    return atLeast > max ? max : atLeast;
  }

  private double valueOfRank(long rank) {
    long left = rank;
    for (int slot = negative.size() - 1; slot >= 0; slot--) {
      left -= negative.count(slot);
      if (left <= 0) {
        return -middle(negative.offset() + slot);
      }
    }
    left -= zeroCount;
    if (left <= 0) {
      return 0;
    }
    int slot = 0;
    while (left > positive.count(slot)) {
      left -= positive.count(slot);
      slot++;
    }
    return middle(positive.offset() + slot);
  }

  private double middle(int index) {
    BucketIndex buckets = BucketIndex.ofScale(scale);
    double upper = buckets.upperBound(index);
    double middle = Math.sqrt(buckets.lowerBound(index)) * Math.sqrt(upper);
    return middle > 0 ? middle : upper;
  }

  /**
   * How many values are at most {@code edge}.
   *
   * <p>Exact where the edge parts two buckets of this scale: for a positive edge the greatest
   * double of a bucket, {@link BucketIndex#upperBound}; for a negative edge the double just below
   * the negative of one, since a negative bucket holds its end of greater magnitude; 0, unless
   * values near 0 are in the zero bucket. Elsewhere the values of the bucket that holds the edge
   * are in doubt, and counted by the upper end of the answer only.
   *
   * @param edge may be infinite, not NaN
   */
  public CountRange countAtOrBelow(double edge) {
    if (Double.isNaN(edge)) {
      throw new IllegalArgumentException("edge: NaN (expected: a number)");
    }
    if (Double.isInfinite(edge)) {
      long all = edge > 0 ? count : 0;
      return new CountRange(all, all);
    }
    boolean zerosBelow = edge >= zeroThreshold;
    boolean zerosInDoubt = !zerosBelow && edge >= -zeroThreshold;
    long zerosLower = zerosBelow ? zeroCount : 0;
    long zerosUpper = zerosBelow || zerosInDoubt ? zeroCount : 0;
    CountRange buckets = edge < 0 ? negativeAtOrBelow(edge) : positiveAtOrBelow(edge);
    return new CountRange(buckets.lower() + zerosLower, buckets.upper() + zerosUpper);
  }

  private CountRange positiveAtOrBelow(double edge) {
    long negatives = negative.total();
    if (edge == 0) {
      return new CountRange(negatives, negatives);
    }
    BucketIndex buckets = BucketIndex.ofScale(scale);
    int index = buckets.indexOf(edge);
    long below = negatives + positive.totalBelow(index);
    long within = positive.countAt(index);
    boolean whole = buckets.upperBound(index) == edge;
    return new CountRange(whole ? below + within : below, below + within);
  }

  private CountRange negativeAtOrBelow(double edge) {
    BucketIndex buckets = BucketIndex.ofScale(scale);
    int index = buckets.indexOf(-edge);
    long below = negative.total() - negative.totalBelow(index + 1L);
    long within = negative.countAt(index);
    boolean whole = Math.nextUp(buckets.lowerBound(index)) == -edge;
    return new CountRange(whole ? below + within : below, below + within);
  }

  @Override
  public boolean equals(Object other) {
    if (!(other instanceof HistogramSnapshot)) {
      return false;
    }
    HistogramSnapshot that = (HistogramSnapshot) other;
    return scale == that.scale
        && zeroCount == that.zeroCount
        && Double.compare(zeroThreshold, that.zeroThreshold) == 0
        && Double.compare(sum, that.sum) == 0
        && Double.compare(min, that.min) == 0
        && Double.compare(max, that.max) == 0
        && positive.equals(that.positive)
        && negative.equals(that.negative)
        && bounds == that.bounds;
  }

  @Override
  public int hashCode() {
    return Objects.hash(scale, zeroCount, zeroThreshold, sum, min, max, positive, negative);
  }

  @Override
  public String toString() {
    return "HistogramSnapshot{scale="
        + scale
        + ", count="
        + count
        + ", sum="
        + sum
        + ", zero="
        + zeroCount
        + " up to "
        + zeroThreshold
        + ", positive="
        + positive
        + ", negative="
        + negative
        + "}";
  }
}
