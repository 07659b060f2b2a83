package io.breakwater.collector.intake;

import io.breakwater.signals.HistogramSnapshot;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** One data point of any type, as read. */
final class DataPoint {
  static final int GAUGE = 5;
  static final int SUM = 7;
  static final int HISTOGRAM = 9;
  static final int EXPONENTIAL_HISTOGRAM = 10;
  static final int SUMMARY = 11;

  private static final long MAX_COUNT = 1L << 40;
  final int type;
  final Identity identity = new Identity();
  long start;
  long end;
  long count;
  long attributesHigh;
  long attributesLow;

  private long flags;
  private double number = Double.NaN;
  private double sum = Double.NaN;
  private double min = Double.NaN;
  private double max = Double.NaN;
  private double zeroThreshold;
  private int scale;
  private long zeroCount;
  private final FixedList bucketCounts = new FixedList();
  private final FixedList bounds = new FixedList();
  private @Nullable HistogramSnapshot difference;
  private BucketSide positive = BucketSide.EMPTY;
  private BucketSide negative = BucketSide.EMPTY;

  private DataPoint(int type) {
    this.type = type;
  }

  static DataPoint read(int type, byte[] data, int from, int to, StreamHash hash)
      throws IOException {
    DataPoint point = new DataPoint(type);
    Fields fields = Fields.of(data, from, to);
    while (fields.next()) {
      if (fields.isBytes(point.attributesField())) {
        KeyValue attribute = KeyValue.read(data, fields.from(), fields.to());
        hash.of(data, fields.from(), fields.to());
        point.attributesHigh += hash.high;
        point.attributesLow += hash.low;
        point.identity.take(attribute);
      } else if (fields.isVarint(point.flagsField())) {
        point.flags = fields.varint();
      } else if (fields.isFixed64(2)) {
        point.start = fields.fixed64();
      } else if (fields.isFixed64(3)) {
        point.end = fields.fixed64();
      } else if (point.isHistogram()) {
        point.histogramField(data, fields);
      } else if (fields.isFixed64(4)) {
        point.number = fields.float64();
      } else if (fields.isFixed64(6)) {
        point.number = fields.fixed64();
      }
    }
    return point;
  }

  private void histogramField(byte[] data, Fields fields) throws IOException {
    if (fields.isFixed64(4)) {
      count = fields.fixed64();
    } else if (fields.isFixed64(5)) {
      sum = fields.float64();
    } else if (type == EXPONENTIAL_HISTOGRAM) {
      exponentialField(data, fields);
    } else if (fields.isBytes(6)) {
      bucketCounts.addAll(data, fields.from(), fields.to());
    } else if (fields.isFixed64(6)) {
      bucketCounts.add(fields.fixed64());
    } else if (fields.isBytes(7)) {
      bounds.addAll(data, fields.from(), fields.to());
    } else if (fields.isFixed64(7)) {
      bounds.add(fields.fixed64());
    } else if (fields.isFixed64(11)) {
      min = fields.float64();
    } else if (fields.isFixed64(12)) {
      max = fields.float64();
    }
  }

  private void exponentialField(byte[] data, Fields fields) throws IOException {
    if (fields.isVarint(6)) {
      scale = fields.zigzag();
    } else if (fields.isFixed64(7)) {
      zeroCount = fields.fixed64();
    } else if (fields.isFixed64(12)) {
      min = fields.float64();
    } else if (fields.isFixed64(13)) {
      max = fields.float64();
    } else if (fields.isFixed64(14)) {
      zeroThreshold = fields.float64();
    } else if (fields.isBytes(8)) {
      positive = BucketSide.read(data, fields.from(), fields.to());
    } else if (fields.isBytes(9)) {
      negative = BucketSide.read(data, fields.from(), fields.to());
    }
  }

  boolean isHistogram() {
    return type == HISTOGRAM || type == EXPONENTIAL_HISTOGRAM;
  }

  /** Whether the sender says that it has no value for this interval. */
  boolean isUnrecorded() {
    return (flags & 1) != 0;
  }

  /** Says what came in since the point before, in place of what is in the point. */
  void replace(long newCount, double newNumber, @Nullable HistogramSnapshot since) {
    count = newCount;
    number = newNumber;
    difference = since;
  }

  /** The number of a sum or gauge. */
  double number() {
    return number;
  }

  /** Whether it is an explicit-bucket histogram without buckets: a count and a sum alone. */
  boolean hasNoBuckets() {
    return type == HISTOGRAM && bounds.size() == 0;
  }

  /**
   * The distribution, or null when the point has none.
   *
   * @param up whether a value in an explicit bucket is taken as the bucket's upper bound; else as
   *     just above its lower one
   * @throws IllegalArgumentException when the numbers cannot be
   */
  @Nullable HistogramSnapshot histogram(boolean up) {
    if (count < 0 || count > MAX_COUNT) {
      throw new IllegalArgumentException("count: " + count + " (expected: 0 to " + MAX_COUNT + ")");
    }
    if (difference != null) {
      return difference;
    }
    if (type == HISTOGRAM && !hasNoBuckets()) {
      return ExplicitBuckets.of(bounds, bucketCounts, count).rounded(up, sum);
    }
    if (type != EXPONENTIAL_HISTOGRAM) {
      return null;
    }
    HistogramSnapshot histogram =
        HistogramSnapshot.of(
            scale,
            Double.isFinite(zeroThreshold) && zeroThreshold > 0 ? zeroThreshold : 0,
            zeroCount,
            sum,
            min,
            max,
            positive.counts(),
            negative.counts());
    if (histogram.count() != count) {
      throw new IllegalArgumentException(
          "count: " + count + " (expected: the sum of the buckets, " + histogram.count() + ")");
    }
    return histogram;
  }

  /**
   * The count that a sum says, whether it came as an integer or not.
   *
   * @throws IllegalArgumentException when it is none
   */
  long sum() {
    if (!(number >= 0 && number <= MAX_COUNT && Math.rint(number) == number)) {
      throw new IllegalArgumentException(
          "value: " + number + " (expected: a whole number from 0 to " + MAX_COUNT + ")");
    }
    return (long) number;
  }

  private int attributesField() {
    return switch (type) {
      case EXPONENTIAL_HISTOGRAM -> 1;
      case HISTOGRAM -> 9;
      default -> 7;
    };
  }

  private int flagsField() {
    return type == HISTOGRAM || type == EXPONENTIAL_HISTOGRAM ? 10 : 8;
  }
}
