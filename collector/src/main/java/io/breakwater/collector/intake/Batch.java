package io.breakwater.collector.intake;

import static java.util.Objects.requireNonNull;

import io.breakwater.signals.BucketCounts;
import io.breakwater.signals.HistogramSnapshot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What one request held: points to use, keys to know them again by, and what was refused.
 *
 * <p>Exponential histograms of values are kept as numbers and unpacked counts, everything else as a
 * {@link Point}. Filled by one thread, then read by many.
 */
public final class Batch {
  private static final int INTS = 8;
  private static final int LONGS = 4;
  private static final int MIN_SIZE = 64;

  /** Most points, and bytes of counts, whose memory is kept for another batch. */
  private static final int MOST_KEPT = 8_192;

  private static final int MOST_LANES_KEPT = 2 << 20;
  private static final Room NO_ROOM = new Room(0);

  private final int expectedLanes;
  private final @Nullable BatchRooms rooms;
  private final AtomicInteger users = new AtomicInteger(1);
  private final Map<Drop, Long> refused = new EnumMap<>(Drop.class);
  private @Nullable Series[] series;
  private @Nullable Object[] points;

  /** Lane and home of the series as they were when the point was read: at hand later. */
  private @Nullable Object[] attached;

  private int[] ints;
  private long[] longs;
  private long[] keys;
  private byte[] lanes;
  private int lanesEnd;
  private int size;
  private long seen;

  /**
   * The batch of a request of so many bytes.
   *
   * @param rooms where memory comes from and goes to, or null
   */
  Batch(int bytes, @Nullable BatchRooms rooms) {
    this.expectedLanes = bytes - bytes / 4;
    this.rooms = rooms;
    Room room = rooms == null ? null : rooms.poll();
    if (room == null) {
      room = new Room(MIN_SIZE);
    }
    series = room.series;
    points = room.points;
    attached = room.attached;
    ints = room.ints;
    longs = room.longs;
    keys = room.keys;
    lanes = room.lanes;
  }

  /** Notes that another reads it, who will {@link #release} it. */
  public void share() {
    users.incrementAndGet();
  }

  /** Notes that one of its readers is done with it; the last one ends it. */
  public void release() {
    if (users.decrementAndGet() > 0 || rooms == null) {
      return;
    }
    if (series.length <= MOST_KEPT && lanes.length <= MOST_LANES_KEPT) {
      rooms.offer(new Room(this));
    }
    size = 0;
    series = NO_ROOM.series;
    points = NO_ROOM.points;
    attached = NO_ROOM.attached;
    ints = NO_ROOM.ints;
    longs = NO_ROOM.longs;
    keys = NO_ROOM.keys;
    lanes = NO_ROOM.lanes;
  }

  /** Adds a point under its 128-bit key; (0, 0) when it cannot be known again. */
  void add(Point point, long high, long low) {
    reserve(1);
    points[size] = point;
    key(high, low);
  }

  /**
   * Adds an exponential histogram of a series, whose counts were unpacked from {@link #lanesEnd}
   * on.
   */
  void add(Series about, String instance, ExponentialPoint read, long high, long low) {
    reserve(1);
    series[size] = about;
    points[size] = instance;
    attached[2 * size] = about.lane();
    attached[2 * size + 1] = about.home();
    int i = size * INTS;
    ints[i] = read.positiveAt;
    ints[i + 1] = read.positiveOffset;
    ints[i + 2] = read.positiveSize;
    ints[i + 3] = read.negativeAt;
    ints[i + 4] = read.negativeOffset;
    ints[i + 5] = read.negativeSize;
    ints[i + 6] = read.scale;
    ints[i + 7] = read.most;
    int l = size * LONGS;
    longs[l] = read.count;
    longs[l + 1] = read.zeroCount;
    longs[l + 2] = Double.doubleToRawLongBits(read.sum);
    longs[l + 3] = Double.doubleToRawLongBits(read.zeroThreshold);
    lanesEnd = read.lanesEnd;
    key(high, low);
  }

  /** Makes room for so many points more. */
  void reserve(int more) {
    int wanted = size + more;
    if (wanted > series.length) {
      int room = Math.max(2 * series.length, wanted);
      series = Arrays.copyOf(series, room);
      points = Arrays.copyOf(points, room);
      attached = Arrays.copyOf(attached, 2 * room);
      ints = Arrays.copyOf(ints, room * INTS);
      longs = Arrays.copyOf(longs, room * LONGS);
      keys = Arrays.copyOf(keys, room * 2);
    }
  }

  /** Where counts are unpacked to, with room for so many bytes from {@link #lanesEnd} on. */
  byte[] lanes(int more) {
    if (lanesEnd + more > lanes.length) {
      lanes = Arrays.copyOf(lanes, Math.max(expectedLanes, 2 * lanes.length) + more);
    }
    return lanes;
  }

  /** Where the counts of the next point go. */
  int lanesEnd() {
    return lanesEnd;
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
    boolean[] repeated = filter.add(keys, size);
    if (repeated == null) {
      return 0;
    }
    int kept = 0;
    for (int i = 0; i < size; i++) {
      if (!repeated[i]) {
        move(i, kept++);
      }
    }
    int left = size - kept;
    size = kept;
    return left;
  }

  private void move(int from, int to) {
    if (from != to) {
      series[to] = series[from];
      points[to] = points[from];
      attached[2 * to] = attached[2 * from];
      attached[2 * to + 1] = attached[2 * from + 1];
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

  /** What {@link Series#lane} of a point's series was when it was read. */
  public @Nullable Object lane(int i) {
    return attached[2 * i];
  }

  /** What {@link Series#home} of a point's series was when it was read. */
  public @Nullable Object home(int i) {
    return attached[2 * i + 1];
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

  /** Unpacked counts, see {@link CountLanes}. */
  public byte[] lanes() {
    return lanes;
  }

  /** Where the counts of the positive buckets begin. */
  public int positiveAt(int i) {
    return ints[i * INTS];
  }

  /** Index of the first positive bucket. */
  public int positiveOffset(int i) {
    return ints[i * INTS + 1];
  }

  /** How many positive buckets there are. */
  public int positiveSize(int i) {
    return ints[i * INTS + 2];
  }

  /** Where the counts of the negative buckets begin. */
  public int negativeAt(int i) {
    return ints[i * INTS + 3];
  }

  /** Index of the first negative bucket. */
  public int negativeOffset(int i) {
    return ints[i * INTS + 4];
  }

  /** How many negative buckets there are. */
  public int negativeSize(int i) {
    return ints[i * INTS + 5];
  }

  /** Scale of an exponential histogram. */
  public int scale(int i) {
    return ints[i * INTS + 6];
  }

  /** A number that no count of a bucket exceeds. */
  public int most(int i) {
    return ints[i * INTS + 7];
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
            positiveOffset(i), CountLanes.toArray(lanes, positiveAt(i), positiveSize(i))),
        BucketCounts.of(
            negativeOffset(i), CountLanes.toArray(lanes, negativeAt(i), negativeSize(i))));
  }

  /** The batch of a request that is none of a sender's: for tests and benchmarks. */
  static Batch of(List<Point> points) {
    Batch batch = new Batch(0, null);
    points.forEach(point -> batch.add(point, 0, 0));
    return batch;
  }

  /** The memory of a batch. */
  static final class Room {
    private final @Nullable Series[] series;
    private final @Nullable Object[] points;
    private final @Nullable Object[] attached;
    private final int[] ints;
    private final long[] longs;
    private final long[] keys;
    private final byte[] lanes;

    private Room(int size) {
      series = new Series[size];
      points = new Object[size];
      attached = new Object[2 * size];
      ints = new int[size * INTS];
      longs = new long[size * LONGS];
      keys = new long[size * 2];
      lanes = new byte[0];
    }

    /** Of a batch that is done with. */
    private Room(Batch batch) {
      series = batch.series;
      points = batch.points;
      attached = batch.attached;
      ints = batch.ints;
      longs = batch.longs;
      keys = batch.keys;
      lanes = batch.lanes;
      Arrays.fill(series, null);
      Arrays.fill(points, null);
      Arrays.fill(attached, null);
    }
  }
}
