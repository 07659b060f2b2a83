package io.breakwater.collector.intake;

import static java.util.Objects.requireNonNull;

import io.breakwater.signals.BucketCounts;
import io.breakwater.signals.HistogramSnapshot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one request held: points to use, keys to know them again by, and what was refused.
 *
 * <p>Exponential histograms of values are kept as positions in the request's bytes, everything else
 * as a {@link Point}. Filled by one thread, then read by many.
 */
public final class Batch {
  private static final int INTS = 8;
  private static final int LONGS = 4;
  private static final int MIN_SIZE = 64;

  private final byte[] data;
  private final Map<Drop, Long> refused = new EnumMap<>(Drop.class);
  private @Nullable Series[] series = new Series[MIN_SIZE];
  private @Nullable Object[] points = new Object[MIN_SIZE];
  private int[] ints = new int[MIN_SIZE * INTS];
  private long[] longs = new long[MIN_SIZE * LONGS];
  private long[] keys = new long[MIN_SIZE * 2];
  private int size;
  private long seen;

  Batch(byte[] data) {
    this.data = data;
  }

  /** Adds a point under its 128-bit key; (0, 0) when it cannot be known again. */
  void add(Point point, long high, long low) {
    reserve(1);
    points[size] = point;
    key(high, low);
  }

  /** Adds an exponential histogram of a series. */
  void add(Series about, String instance, ExponentialPoint read, long high, long low) {
    reserve(1);
    series[size] = about;
    points[size] = instance;
    int i = size * INTS;
    ints[i] = read.positiveFrom;
    ints[i + 1] = read.positiveTo;
    ints[i + 2] = read.positiveOffset;
    ints[i + 3] = read.negativeFrom;
    ints[i + 4] = read.negativeTo;
    ints[i + 5] = read.negativeOffset;
    ints[i + 6] = read.scale;
    ints[i + 7] = (read.positiveSize << 16) | read.negativeSize;
    int l = size * LONGS;
    longs[l] = read.count;
    longs[l + 1] = read.zeroCount;
    longs[l + 2] = Double.doubleToRawLongBits(read.sum);
    longs[l + 3] = Double.doubleToRawLongBits(read.zeroThreshold);
    key(high, low);
  }

  /** Makes room for so many points more. */
  void reserve(int more) {
    int wanted = size + more;
    if (wanted > series.length) {
      int room = Math.max(2 * series.length, wanted);
      series = Arrays.copyOf(series, room);
      points = Arrays.copyOf(points, room);
      ints = Arrays.copyOf(ints, room * INTS);
      longs = Arrays.copyOf(longs, room * LONGS);
      keys = Arrays.copyOf(keys, room * 2);
    }
  }

  private void key(long high, long low) {
    keys[2 * size] = high;
    keys[2 * size + 1] = low;
    size++;
  }

  void refuse(Drop drop) {
    refused.merge(drop, 1L, Long::sum);
  }

  /** Counts a point met; returns how many there were. */
  long meet() {
    return ++seen;
  }

  /** Points that were refused while the request was read, by reason. */
  Map<Drop, Long> refused() {
    return refused;
  }

  /** Points to use. */
  public int size() {
    return size;
  }

  /** Leaves out the points that {@code filter} knows already; returns how many. */
  int dropRepeats(RepeatFilter filter) {
    int kept = 0;
    boolean[] fresh = filter.add(keys, size);
    for (int i = 0; i < size; i++) {
      if (fresh[i]) {
        move(i, kept++);
      }
    }
    int repeated = size - kept;
    size = kept;
    return repeated;
  }

  private void move(int from, int to) {
    if (from != to) {
      series[to] = series[from];
      points[to] = points[from];
      System.arraycopy(ints, from * INTS, ints, to * INTS, INTS);
      System.arraycopy(longs, from * LONGS, longs, to * LONGS, LONGS);
    }
  }

  /** The points that {@code filter} does not know yet. */
  List<Point> fresh(RepeatFilter filter) {
    dropRepeats(filter);
    List<Point> all = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      all.add(point(i));
    }
    return all;
  }

  /** The series of a point that is an exponential histogram of values; null for others. */
  public @Nullable Series series(int i) {
    return series[i];
  }

  /** {@code service.instance.id} of a point's sender. */
  public String instance(int i) {
    Object point = points[i];
    return point instanceof Point other ? other.instance() : point == null ? "" : (String) point;
  }

  /** A point. */
  public Point point(int i) {
    Series about = series[i];
    Object point = points[i];
    return about == null && point instanceof Point other ? other : values(i, requireNonNull(about));
  }

  private Point values(int i, Series about) {
    return new Point.Values(
        instance(i),
        about.model(),
        about.version(),
        about.signal(),
        about.complement(),
        histogram(i));
  }

  /** The bytes that positions refer to. */
  public byte[] data() {
    return data;
  }

  /** Where the packed counts of the positive buckets begin. */
  public int positiveFrom(int i) {
    return ints[i * INTS];
  }

  /** Where they end. */
  public int positiveTo(int i) {
    return ints[i * INTS + 1];
  }

  /** Index of the first positive bucket. */
  public int positiveOffset(int i) {
    return ints[i * INTS + 2];
  }

  /** How many positive buckets there are. */
  public int positiveSize(int i) {
    return ints[i * INTS + 7] >>> 16;
  }

  /** How many negative buckets there are. */
  public int negativeSize(int i) {
    return ints[i * INTS + 7] & 0xffff;
  }

  /** Where the packed counts of the negative buckets begin. */
  public int negativeFrom(int i) {
    return ints[i * INTS + 3];
  }

  /** Where they end. */
  public int negativeTo(int i) {
    return ints[i * INTS + 4];
  }

  /** Index of the first negative bucket. */
  public int negativeOffset(int i) {
    return ints[i * INTS + 5];
  }

  /** Scale of an exponential histogram. */
  public int scale(int i) {
    return ints[i * INTS + 6];
  }

  /** Values of an exponential histogram. */
  public long count(int i) {
    return longs[i * LONGS];
  }

  /** Values in the zero bucket. */
  public long zeroCount(int i) {
    return longs[i * LONGS + 1];
  }

  /** Sum of the values; NaN if unknown. */
  public double sum(int i) {
    return Double.longBitsToDouble(longs[i * LONGS + 2]);
  }

  /** Magnitude up to which values may be in the zero bucket. */
  public double zeroThreshold(int i) {
    return Double.longBitsToDouble(longs[i * LONGS + 3]);
  }

  /** An exponential histogram as a value. */
  public HistogramSnapshot histogram(int i) {
    return HistogramSnapshot.of(
        scale(i),
        zeroThreshold(i),
        zeroCount(i),
        sum(i),
        Double.NaN,
        Double.NaN,
        BucketCounts.of(
            positiveOffset(i), PackedCounts.toArray(data, positiveFrom(i), positiveTo(i))),
        BucketCounts.of(
            negativeOffset(i), PackedCounts.toArray(data, negativeFrom(i), negativeTo(i))));
  }

  /** The batch of a request that is none of a sender's: for tests and benchmarks. */
  static Batch of(List<Point> points) {
    Batch batch = new Batch(new byte[0]);
    points.forEach(point -> batch.add(point, 0, 0));
    return batch;
  }
}
