package io.breakwater.collector.intake;

import com.google.protobuf.InvalidProtocolBufferException;
import io.breakwater.signals.BucketIndex;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * One exponential histogram point while it is read: numbers, and the positions of its buckets. To
 * be used again and again by one thread.
 */
final class ExponentialPoint {
  /** Most buckets taken on one side; senders keep to 160. */
  static final int MAX_BUCKETS = 512;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long MAX_COUNT = 1L << 40;

  long start;
  long end;
  long count;
  long zeroCount;
  double sum;
  double zeroThreshold;
  int scale;
  int positiveOffset;
  int negativeOffset;
  long attributesHigh;
  long attributesLow;

  /** Where the unpacked counts begin; this and what follows is set by {@link #unpack}. */
  int positiveAt;

  int positiveSize;
  int negativeAt;
  int negativeSize;

  /** Where the unpacked counts end. */
  int lanesEnd;

  /** A number that no count exceeds. */
  int most;

  private long bucketSum;
  private int positiveFrom;
  private int positiveTo;
  private int negativeFrom;
  private int negativeTo;
  private long flags;
  private boolean direct;

  private final CountLanes counts;
  private final byte[] data;
  private final StreamHash hash;
  private final Fields fields;
  private final Fields side;

  ExponentialPoint(byte[] data, StreamHash hash) {
    this.data = data;
    this.hash = hash;
    this.counts = new CountLanes();
    this.fields = new Fields(data);
    this.side = new Fields(data);
  }

  /** Another one of the same bytes, of which one is read at a time. */
  ExponentialPoint(ExponentialPoint other) {
    this.data = other.data;
    this.hash = other.hash;
    this.counts = other.counts;
    this.fields = other.fields;
    this.side = other.side;
  }

  /** Reads a point. */
  void read(int from, int to) throws InvalidProtocolBufferException {
    start = 0;
    end = 0;
    count = 0;
    zeroCount = 0;
    sum = Double.NaN;
    zeroThreshold = 0;
    scale = 0;
    positiveFrom = 0;
    positiveTo = 0;
    positiveOffset = 0;
    negativeFrom = 0;
    negativeTo = 0;
    negativeOffset = 0;
    attributesHigh = 0;
    attributesLow = 0;
    flags = 0;
    direct = true;
    fields.over(readUsual(from, to), to);
    while (fields.next()) {
      switch (fields.tag()) {
        case (1 << 3) | 2 -> {
          hash.of(data, fields.from(), fields.to());
          attributesHigh += hash.high;
          attributesLow += hash.low;
        }
        case (2 << 3) | 1 -> start = fields.fixed64();
        case (3 << 3) | 1 -> end = fields.fixed64();
        case (4 << 3) | 1 -> count = fields.fixed64();
        case (5 << 3) | 1 -> sum = fields.float64();
        case 6 << 3 -> scale = fields.zigzag();
        case (7 << 3) | 1 -> zeroCount = fields.fixed64();
        case (8 << 3) | 2 -> positive();
        case (9 << 3) | 2 -> negative();
        case 10 << 3 -> flags = fields.varint();
        case (14 << 3) | 1 -> zeroThreshold = fields.float64();
        default -> {
          // of no use here
        }
      }
    }
    if (!(zeroThreshold > 0 && zeroThreshold <= Double.MAX_VALUE)) {
      zeroThreshold = 0;
    }
  }

  /**
   * Reads fields for as long as they are what most points begin with, each in its shortest form;
   * returns where the others begin.
   */
  private int readUsual(int from, int to) {
    int at = from;
    while (to - at > Long.BYTES) {
      int tag = data[at];
      if (tag == ((1 << 3) | 2)) {
        int length = data[at + 1];
        if (length < 0 || length > to - at - 2) {
          return at;
        }
        hash.of(data, at + 2, at + 2 + length);
        attributesHigh += hash.high;
        attributesLow += hash.low;
        at += 2 + length;
      } else if (tag == 6 << 3 && data[at + 1] >= 0) {
        int number = data[at + 1];
        scale = (number >>> 1) ^ -(number & 1);
        at += 2;
      } else {
        long number = (long) LONGS.get(data, at + 1);
        switch (tag) {
          case (2 << 3) | 1 -> start = number;
          case (3 << 3) | 1 -> end = number;
          case (4 << 3) | 1 -> count = number;
          case (5 << 3) | 1 -> sum = Double.longBitsToDouble(number);
          case (7 << 3) | 1 -> zeroCount = number;
          default -> {
            return at;
          }
        }
        at += 1 + Long.BYTES;
      }
    }
    return at;
  }

  private void positive() throws InvalidProtocolBufferException {
    direct &= positiveTo == 0;
    side.over(fields.from(), fields.to());
    while (side.next()) {
      if (side.isVarint(1)) {
        positiveOffset = side.zigzag();
      } else if (side.isBytes(2)) {
        direct &= positiveTo == 0;
        positiveFrom = side.from();
        positiveTo = side.to();
      } else {
        direct = false;
      }
    }
  }

  private void negative() throws InvalidProtocolBufferException {
    direct &= negativeTo == 0;
    side.over(fields.from(), fields.to());
    while (side.next()) {
      if (side.isVarint(1)) {
        negativeOffset = side.zigzag();
      } else if (side.isBytes(2)) {
        direct &= negativeTo == 0;
        negativeFrom = side.from();
        negativeTo = side.to();
      } else {
        direct = false;
      }
    }
  }

  /** Whether the sender says that it has no value for this interval. */
  boolean isUnrecorded() {
    return (flags & 1) != 0;
  }

  /**
   * Unpacks the counts to the end of those of {@code batch}; false when the point is to be read in
   * another way: its buckets are not in one piece a side, their counts too high, or not well
   * formed.
   */
  boolean unpack(Batch batch) {
    if (!direct) {
      return false;
    }
    int positives = positiveTo - positiveFrom;
    int negatives = negativeTo - negativeFrom;
    byte[] lanes = batch.lanes(CountLanes.room(positives) + CountLanes.room(negatives));
    positiveAt = batch.lanesEnd();
    negativeAt = positiveAt;
    positiveSize = 0;
    negativeSize = 0;
    lanesEnd = positiveAt;
    bucketSum = 0;
    most = 0;
    if (positives > 0) {
      if (!counts.unpack(data, positiveFrom, positiveTo, lanes, positiveAt)) {
        return false;
      }
      positiveSize = counts.size;
      bucketSum = counts.sum;
      most = counts.most;
      lanesEnd = CountLanes.next(positiveAt, positiveSize);
    }
    if (negatives > 0) {
      negativeAt = lanesEnd;
      if (!counts.unpack(data, negativeFrom, negativeTo, lanes, negativeAt)) {
        return false;
      }
      negativeSize = counts.size;
      bucketSum += counts.sum;
      most = Math.max(most, counts.most);
      lanesEnd = CountLanes.next(negativeAt, negativeSize);
    }
    return Math.max(positiveSize, negativeSize) <= MAX_BUCKETS;
  }

  /** Whether its numbers can be: counts that add up, of buckets within the range of a double. */
  boolean isPossible() {
    return count >= 0
        && count <= MAX_COUNT
        && zeroCount >= 0
        && zeroCount <= MAX_COUNT
        && bucketSum + zeroCount == count
        && scale >= BucketIndex.MIN_SCALE
        && isWithin(positiveOffset, positiveSize)
        && isWithin(negativeOffset, negativeSize);
  }

  private boolean isWithin(int offset, int size) {
    int steps = Math.min(Math.max(0, scale - BucketIndex.MAX_SCALE), Integer.SIZE - 1);
    int taken = Math.min(scale, BucketIndex.MAX_SCALE);
    return size == 0
        || ((offset >> steps) >= lowestIndex(taken)
            && (long) offset + size - 1 <= Integer.MAX_VALUE
            && ((offset + size - 1) >> steps) <= highestIndex(taken));
  }

  /** Index of the bucket of the smallest double. */
  static int lowestIndex(int scale) {
    return indexOfPower(Double.MIN_EXPONENT - 52, scale);
  }

  /** Index of the bucket of the greatest double. */
  static int highestIndex(int scale) {
    return indexOfPower(Double.MAX_EXPONENT + 1, scale);
  }

  /** Index of the bucket of a power of two, whose upper bound it is. */
  private static int indexOfPower(int exponent, int scale) {
    return scale >= 0 ? (exponent << scale) - 1 : (exponent - 1) >> -scale;
  }
}
