package io.breakwater.signals;

import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Which bucket of a base-2 exponential histogram a value belongs to, exactly, for every positive
 * finite double.
 *
 * <p>Bucket {@code i} of scale {@code s} holds {@code (2^(i/2^s), 2^((i+1)/2^s)]}: the upper bound
 * belongs to the bucket, so a power of two lies in the bucket below it. Buckets nest: bucket {@code
 * i} lies within bucket {@code i >> k} of scale {@code s - k}.
 *
 * <p>Immutable and safe for use by many threads; one instance per scale.
 */
public final class BucketIndex {
  /*
   * A value is 2^e * (1 + m / 2^52). Its index is e * 2^s plus the number of bounds of one octave that
   * lie below it, less one. bounds[j] is floor((2^(j/2^s) - 1) * 2^52): all bounds but the first are
   * irrational, so "above the bound" is m > bounds[j], also for the first (a power of two), which is
   * not above itself.
   *
   * 1. The octave is cut into 2^(s+1) cells by the top mantissa bits. Two bounds are more than
   *    ln(2) / 2^s of the octave apart, a cell is half of 1 / 2^s wide, so a cell holds at most one.
   * 2. below[cell] counts the bounds below the cell's start; one comparison with the next settles the
   *    rest. It is made by sign-bit arithmetic, since the outcome is as good as random.
   * 3. Scales below 0 are scale 0 shifted.
   */

  /** Finest scale: 1,024 buckets an octave, each 0.07 % wide. */
  public static final int MAX_SCALE = 10;

  /** Coarsest scale: all of the doubles in three buckets. */
  public static final int MIN_SCALE = -10;

  private static final int MANTISSA_BITS = 52;
  private static final long MANTISSA_MASK = (1L << MANTISSA_BITS) - 1;
  private static final int MIN_NORMAL_EXPONENT = -1022;
  private static final int MAX_EXPONENT = 1023;
  private static final int EXPONENT_BIAS = 1023;
  private static final int HIGHEST_BIT_OF_MANTISSA = 11;

  private static final AtomicReferenceArray<BucketIndex> BY_SCALE =
      new AtomicReferenceArray<>(MAX_SCALE - MIN_SCALE + 1);

  private final int scale;
  private final int tableScale;
  private final int shift;
  private final int cellShift;
  private final short[] below;
  private final long[] bounds;

  private BucketIndex(int scale) {
    this.scale = scale;
    this.tableScale = Math.max(scale, 0);
    this.shift = tableScale - scale;
    this.cellShift = MANTISSA_BITS - (tableScale + 1);
    this.bounds = OctaveBounds.mantissas(tableScale);
    this.below = new short[1 << (tableScale + 1)];
    int bound = 0;
    for (int cell = 0; cell < below.length; cell++) {
      long start = (long) cell << cellShift;
      while (bounds[bound] < start) {
        bound++;
      }
      below[cell] = (short) bound;
    }
  }

  /**
   * The index of a scale. The first call for a scale builds its table (a millisecond or two in a
   * cold JVM for the finest), later calls return the same instance.
   *
   * @throws IllegalArgumentException if the scale is not between {@value #MIN_SCALE} and {@value
   *     #MAX_SCALE}
   */
  public static BucketIndex ofScale(int scale) {
    if (scale < MIN_SCALE || scale > MAX_SCALE) {
      throw new IllegalArgumentException(
          "scale: " + scale + " (expected: " + MIN_SCALE + " to " + MAX_SCALE + ")");
    }
    BucketIndex cached = BY_SCALE.get(scale - MIN_SCALE);
    if (cached != null) {
      return cached;
    }
    BY_SCALE.compareAndSet(scale - MIN_SCALE, null, new BucketIndex(scale));
    return BY_SCALE.get(scale - MIN_SCALE);
  }

  /** The scale: {@code 2^scale} buckets an octave. */
  public int scale() {
    return scale;
  }

  /**
   * Index of the bucket that holds the value; about 1.5 ns, no allocation.
   *
   * @param value positive and finite, which is not checked; infinity is given the index of the
   *     bucket below {@code 2^1024}, the result for other values is meaningless
   */
  public int indexOf(double value) {
    long bits = Double.doubleToRawLongBits(value);
    int exponent = (int) (bits >>> MANTISSA_BITS) - EXPONENT_BIAS;
    long mantissa = bits & MANTISSA_MASK;
    if (exponent < MIN_NORMAL_EXPONENT) {
      int up = Long.numberOfLeadingZeros(mantissa) - HIGHEST_BIT_OF_MANTISSA;
      mantissa = (mantissa << up) & MANTISSA_MASK;
      exponent = MIN_NORMAL_EXPONENT - up;
    }
    int bound = below[(int) (mantissa >>> cellShift)];
    int above = (int) ((bounds[bound] - mantissa) >>> 63);
    return ((exponent << tableScale) + bound + above - 1) >> shift;
  }

  /**
   * The greatest double in the bucket, so that {@code value <= upperBound(i)} if and only if {@code
   * indexOf(value) <= i}. Where the true bound is not a double this is the next one below it; 0
   * below the smallest double, {@link Double#MAX_VALUE} above the greatest.
   */
  public double upperBound(int index) {
    long bound = ((long) index + 1) << shift;
    long exponent = bound >> tableScale;
    if (exponent > MAX_EXPONENT) {
      return Double.MAX_VALUE;
    }
    long mantissa = bounds[(int) (bound & ((1L << tableScale) - 1))];
    if (exponent >= MIN_NORMAL_EXPONENT) {
      return Double.longBitsToDouble(((exponent + EXPONENT_BIAS) << MANTISSA_BITS) | mantissa);
    }
    long down = MIN_NORMAL_EXPONENT - exponent;
    return down > MANTISSA_BITS
        ? 0
        : Double.longBitsToDouble(((1L << MANTISSA_BITS) | mantissa) >> down);
  }

  /** The greatest double below the bucket: the {@linkplain #upperBound bound} of the one before. */
  public double lowerBound(int index) {
    return upperBound(index - 1);
  }
}
