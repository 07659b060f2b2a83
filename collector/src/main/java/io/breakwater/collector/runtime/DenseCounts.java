package io.breakwater.collector.runtime;

import io.breakwater.collector.intake.Batch;
import io.breakwater.collector.intake.CountLanes;
import io.breakwater.signals.BucketCounts;
import io.breakwater.signals.BucketIndex;
import io.breakwater.signals.HistogramSnapshot;
import java.util.Arrays;

/**
 * An exponential histogram of one scale to which points are added as they stand in a batch: no
 * object is made for a point. Counts of up to 31 bits; what they cannot hold is not taken. For use
 * by one thread.
 *
 * <p>Implementation notes. A collector has hundreds of thousands of these, and what a point costs
 * is the waits for memory on the way to its counts. So the fields stand in one object, the latest
 * counts in 16 bits each in one array a sign, and nothing else is looked at for a point that is not
 * the first since the last look. Before a count could need more than 16 bits all are moved to wider
 * ones.
 */
final class DenseCounts {
  private static final int MARGIN = 16;

  /** A scale that no point has. */
  private static final int ENDED = Integer.MIN_VALUE;

  private static final int LINE = 64;
  private static final byte[] NONE = {};
  private static final int[] NOTHING_MOVED = {};

  // what every point needs comes first
  private long count;
  private double sum;

  private long zeroCount;
  private double zeroThreshold;

  /** Values since rows were taken, less {@link #count}. */
  private long paneRows;

  private int scale;
  private int positiveOffset;

  /** How much may be added to any count before all have to be moved. */
  private int room = CountLanes.MAX_LANE;

  private int negativeOffset;
  private byte[] positive = NONE;
  private byte[] negative = NONE;
  private int[] movedPositive = NOTHING_MOVED;
  private int[] movedNegative = NOTHING_MOVED;

  DenseCounts(int scale) {
    this.scale = scale;
  }

  int scale() {
    return scale;
  }

  boolean isEmpty() {
    return count == 0;
  }

  /** Notes that nothing more may be added. */
  void end() {
    scale = ENDED;
  }

  /** Whether a point can be added as things are. */
  boolean takes(Batch batch, int i) {
    return batch.scale(i) == scale
        && count + batch.count(i) <= Integer.MAX_VALUE
        && fits(positiveOffset, positive, batch.positiveOffset(i), batch.positiveSize(i))
        && fits(negativeOffset, negative, batch.negativeOffset(i), batch.negativeSize(i));
  }

  private static boolean fits(int offset, byte[] lanes, int first, int size) {
    return size == 0 || (first >= offset && (long) first + size <= (long) offset + buckets(lanes));
  }

  private static int buckets(byte[] lanes) {
    return (lanes.length - CountLanes.SLACK) / CountLanes.BYTES;
  }

  /** Whether a point of this scale can be added; room for it is made. */
  boolean makesRoomFor(Batch batch, int i) {
    if (scale > BucketIndex.MAX_SCALE || count + batch.count(i) > Integer.MAX_VALUE) {
      return false;
    }
    int first = batch.positiveOffset(i);
    if (!fits(positiveOffset, positive, first, batch.positiveSize(i))) {
      int size = width(positiveOffset, positive, first, batch.positiveSize(i));
      if (size == 0) {
        return false;
      }
      int start = start(positiveOffset, positive, first);
      movedPositive = wider(movedPositive, positiveOffset - start, size);
      positive = wider(positive, positiveOffset - start, size);
      positiveOffset = start;
    }
    first = batch.negativeOffset(i);
    if (!fits(negativeOffset, negative, first, batch.negativeSize(i))) {
      int size = width(negativeOffset, negative, first, batch.negativeSize(i));
      if (size == 0) {
        return false;
      }
      int start = start(negativeOffset, negative, first);
      movedNegative = wider(movedNegative, negativeOffset - start, size);
      negative = wider(negative, negativeOffset - start, size);
      negativeOffset = start;
    }
    return true;
  }

  /** Buckets of a window wide enough for more; 0 where it would be too wide. */
  private static int width(int offset, byte[] lanes, int first, int size) {
    if (lanes.length == 0) {
      return size > GatheredNumbers.MAX_BUCKETS ? 0 : size;
    }
    long from = Math.min(offset, first);
    long to = Math.max((long) offset + buckets(lanes), (long) first + size);
    return to - from > GatheredNumbers.MAX_BUCKETS ? 0 : (int) (to - from) + 2 * MARGIN;
  }

  private static int start(int offset, byte[] lanes, int first) {
    return lanes.length == 0 ? first : Math.min(offset, first) - MARGIN;
  }

  private static byte[] wider(byte[] lanes, int shift, int size) {
    byte[] wider = new byte[size * CountLanes.BYTES + CountLanes.SLACK];
    if (lanes.length > 0) {
      int bytes = buckets(lanes) * CountLanes.BYTES;
      System.arraycopy(lanes, 0, wider, shift * CountLanes.BYTES, bytes);
    }
    return wider;
  }

  private static int[] wider(int[] moved, int shift, int size) {
    if (moved.length == 0) {
      return moved;
    }
    int[] wider = new int[size];
    System.arraycopy(moved, 0, wider, shift, moved.length);
    return wider;
  }

  /** Adds a point that it takes; whether it is the first since it was cleared. */
  boolean add(Batch batch, int i) {
    boolean first = count == 0;
    long more = batch.count(i);
    count += more;
    sum += batch.sum(i);
    if (batch.zeroCount(i) > 0) {
      zeroCount += batch.zeroCount(i);
    }
    if (batch.zeroThreshold(i) > 0) {
      zeroThreshold = Math.max(zeroThreshold, batch.zeroThreshold(i));
    }
    int most = batch.most(i);
    if (most > room) {
      movedPositive = move(positive, movedPositive);
      movedNegative = move(negative, movedNegative);
      room = CountLanes.MAX_LANE;
    }
    room -= most;
    int size = batch.positiveSize(i);
    if (size > 0) {
      int at = (batch.positiveOffset(i) - positiveOffset) * CountLanes.BYTES;
      CountLanes.add(positive, at, batch.lanes(), batch.positiveAt(i), size);
    }
    size = batch.negativeSize(i);
    if (size > 0) {
      int at = (batch.negativeOffset(i) - negativeOffset) * CountLanes.BYTES;
      CountLanes.add(negative, at, batch.lanes(), batch.negativeAt(i), size);
    }
    return first;
  }

  /** Moves counts to wider ones; returns those. */
  private static int[] move(byte[] lanes, int[] moved) {
    if (lanes.length == 0) {
      return moved;
    }
    int[] to = moved.length == 0 ? new int[buckets(lanes)] : moved;
    for (int bucket = 0; bucket < to.length; bucket++) {
      to[bucket] += CountLanes.get(lanes, bucket * CountLanes.BYTES);
    }
    Arrays.fill(lanes, (byte) 0);
    return to;
  }

  /** Reads what says where the counts are. */
  int touch() {
    return scale + (positive == NONE ? 1 : 0) + (int) count;
  }

  /** Reads the counts that adding will write. */
  int touch(Batch batch, int i) {
    return touch(positive, batch.positiveOffset(i) - positiveOffset, batch.positiveSize(i))
        + touch(negative, batch.negativeOffset(i) - negativeOffset, batch.negativeSize(i));
  }

  private static int touch(byte[] lanes, int first, int size) {
    int touched = 0;
    int to = Math.min(lanes.length, (first + size) * CountLanes.BYTES);
    for (int at = Math.max(0, first * CountLanes.BYTES); at < to; at += LINE) {
      touched += lanes[at];
    }
    return touched;
  }

  /** Values since the last call. */
  long takePaneRows() {
    long rows = paneRows + count;
    paneRows = -count;
    return rows;
  }

  HistogramSnapshot snapshot() {
    return HistogramSnapshot.of(
        scale,
        zeroThreshold,
        zeroCount,
        sum,
        Double.NaN,
        Double.NaN,
        counts(positiveOffset, positive, movedPositive),
        counts(negativeOffset, negative, movedNegative));
  }

  private static BucketCounts counts(int offset, byte[] lanes, int[] moved) {
    int last = lanes.length == 0 ? 0 : buckets(lanes);
    while (last > 0 && count(lanes, moved, last - 1) == 0) {
      last--;
    }
    int first = 0;
    while (first < last && count(lanes, moved, first) == 0) {
      first++;
    }
    long[] used = new long[last - first];
    for (int bucket = first; bucket < last; bucket++) {
      used[bucket - first] = count(lanes, moved, bucket);
    }
    return BucketCounts.of(offset + first, used);
  }

  private static long count(byte[] lanes, int[] moved, int bucket) {
    int count = CountLanes.get(lanes, bucket * CountLanes.BYTES);
    return moved.length == 0 ? count : (long) moved[bucket] + count;
  }

  /** Begins anew, with the memory there is. */
  void clear() {
    paneRows += count;
    count = 0;
    zeroCount = 0;
    sum = 0;
    zeroThreshold = 0;
    room = CountLanes.MAX_LANE;
    Arrays.fill(positive, (byte) 0);
    Arrays.fill(negative, (byte) 0);
    Arrays.fill(movedPositive, 0);
    Arrays.fill(movedNegative, 0);
  }

  /** Memory in use, in numbers of 8 bytes. */
  long cells() {
    return 12L
        + (positive.length + negative.length) / 8
        + (movedPositive.length + movedNegative.length) / 2;
  }
}
