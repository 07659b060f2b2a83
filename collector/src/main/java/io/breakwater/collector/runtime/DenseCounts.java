package io.breakwater.collector.runtime;

import io.breakwater.collector.intake.Batch;
import io.breakwater.collector.intake.PackedCounts;
import io.breakwater.signals.BucketCounts;
import io.breakwater.signals.BucketIndex;
import io.breakwater.signals.HistogramSnapshot;
import java.util.Arrays;

/**
 * An exponential histogram of one scale to which points are added as they stand in a request's
 * bytes: no object is made for a point. Counts are ints; what they cannot hold is not taken. For
 * use by one thread.
 *
 * <p>Implementation notes. A collector has hundreds of thousands of these, and what a point costs
 * is the waits for memory on the way to its counts. So the fields stand in one object, the counts
 * in one array a sign, and nothing else is looked at for a point that is not the first since the
 * last look.
 */
final class DenseCounts {
  private static final int SLACK = 16;
  private static final int LINE = 16;
  private static final int[] NONE = {};

  private final int scale;
  private int positiveOffset;
  private int[] positive = NONE;
  private long count;
  private long zeroCount;
  private double sum;
  private double zeroThreshold;
  private long paneRows;
  private int negativeOffset;
  private int[] negative = NONE;
  private boolean live = true;

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
    live = false;
  }

  /** Whether a point can be added as things are. */
  boolean takes(Batch batch, int i) {
    return live
        && batch.scale(i) == scale
        && count + batch.count(i) <= Integer.MAX_VALUE
        && fits(positiveOffset, positive, batch.positiveOffset(i), batch.positiveSize(i))
        && fits(negativeOffset, negative, batch.negativeOffset(i), batch.negativeSize(i));
  }

  private static boolean fits(int offset, int[] counts, int first, int size) {
    return size == 0 || (first >= offset && (long) first + size <= (long) offset + counts.length);
  }

  /** Whether a point of this scale can be added; room for it is made. */
  boolean makesRoomFor(Batch batch, int i) {
    if (scale > BucketIndex.MAX_SCALE || count + batch.count(i) > Integer.MAX_VALUE) {
      return false;
    }
    int first = batch.positiveOffset(i);
    if (!fits(positiveOffset, positive, first, batch.positiveSize(i))) {
      int[] wider = wider(positiveOffset, positive, first, batch.positiveSize(i));
      if (wider.length == 0) {
        return false;
      }
      positiveOffset = start(positiveOffset, positive, first);
      positive = wider;
    }
    first = batch.negativeOffset(i);
    if (!fits(negativeOffset, negative, first, batch.negativeSize(i))) {
      int[] wider = wider(negativeOffset, negative, first, batch.negativeSize(i));
      if (wider.length == 0) {
        return false;
      }
      negativeOffset = start(negativeOffset, negative, first);
      negative = wider;
    }
    return true;
  }

  /** The counts in a window wide enough for more; none where it would be too wide. */
  private static int[] wider(int offset, int[] counts, int first, int size) {
    boolean begins = counts.length == 0;
    long from = begins ? first : Math.min(offset, first);
    long end = (long) first + size;
    long to = begins ? end : Math.max((long) offset + counts.length, end);
    if (to - from > GatheredNumbers.MAX_BUCKETS) {
      return NONE;
    }
    int start = start(offset, counts, first);
    int[] wider = new int[(int) (to - start) + (begins ? 0 : SLACK)];
    if (!begins) {
      System.arraycopy(counts, 0, wider, offset - start, counts.length);
    }
    return wider;
  }

  private static int start(int offset, int[] counts, int first) {
    return counts.length == 0 ? first : Math.min(offset, first) - SLACK;
  }

  /** Adds a point that it takes; whether it is the first since it was cleared. */
  boolean add(Batch batch, int i) {
    boolean first = count == 0;
    count += batch.count(i);
    paneRows += batch.count(i);
    zeroCount += batch.zeroCount(i);
    sum += batch.sum(i);
    zeroThreshold = Math.max(zeroThreshold, batch.zeroThreshold(i));
    if (batch.positiveSize(i) > 0) {
      PackedCounts.addTo(
          positive,
          batch.positiveOffset(i) - positiveOffset,
          batch.data(),
          batch.positiveFrom(i),
          batch.positiveTo(i));
    }
    if (batch.negativeSize(i) > 0) {
      PackedCounts.addTo(
          negative,
          batch.negativeOffset(i) - negativeOffset,
          batch.data(),
          batch.negativeFrom(i),
          batch.negativeTo(i));
    }
    return first;
  }

  /** Reads what says where the counts are. */
  int touch() {
    return scale + positiveOffset + (positive == negative ? 1 : 0) + (int) count;
  }

  /** Reads the counts that adding will write. */
  int touch(Batch batch, int i) {
    return touch(positive, batch.positiveOffset(i) - positiveOffset, batch.positiveSize(i))
        + touch(negative, batch.negativeOffset(i) - negativeOffset, batch.negativeSize(i));
  }

  private static int touch(int[] counts, int first, int size) {
    int touched = 0;
    int to = Math.min(counts.length, first + size);
    for (int slot = Math.max(0, first); slot < to; slot += LINE) {
      touched += counts[slot];
    }
    return touched;
  }

  /** Values since the last call. */
  long takePaneRows() {
    long rows = paneRows;
    paneRows = 0;
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
        counts(positiveOffset, positive),
        counts(negativeOffset, negative));
  }

  private static BucketCounts counts(int offset, int[] counts) {
    int last = counts.length;
    while (last > 0 && counts[last - 1] == 0) {
      last--;
    }
    int first = 0;
    while (first < last && counts[first] == 0) {
      first++;
    }
    long[] used = new long[last - first];
    for (int slot = first; slot < last; slot++) {
      used[slot - first] = counts[slot];
    }
    return BucketCounts.of(offset + first, used);
  }

  /** Begins anew, with the memory there is. */
  void clear() {
    count = 0;
    zeroCount = 0;
    sum = 0;
    zeroThreshold = 0;
    Arrays.fill(positive, 0);
    Arrays.fill(negative, 0);
  }

  /** Memory in use, in numbers of 8 bytes. */
  long cells() {
    return 12L + (positive.length + negative.length) / 2;
  }
}
