package io.breakwater.collector.intake;

import io.breakwater.signals.Attributes;
import io.breakwater.signals.HistogramSnapshot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** One data point of any type, as read. */
final class DataPoint {
  static final int GAUGE = 5;
  static final int SUM = 7;
  static final int HISTOGRAM = 9;
  static final int EXPONENTIAL_HISTOGRAM = 10;
  static final int SUMMARY = 11;

  private static final long MAX_COUNT = 1L << 40;
  private static final byte[] MODEL_NAME = utf8(Attributes.MODEL_NAME);
  private static final byte[] MODEL_VERSION = utf8(Attributes.MODEL_VERSION);
  private static final byte[] ERROR_TYPE = utf8(Attributes.ERROR_TYPE);
  private static final byte[] TRAFFIC = utf8(Attributes.TRAFFIC);
  private static final byte[] OUTPUT_NAME = utf8(Attributes.OUTPUT_NAME);

  final int type;
  String model = "";
  String version = "";
  @Nullable String errorType;
  String traffic = Attributes.TRAFFIC_LIVE;
  String output = "";
  long start;
  long end;
  long count;
  long attributesHigh;
  long attributesLow;

  private long flags;
  private double sum = Double.NaN;
  private double min = Double.NaN;
  private double max = Double.NaN;
  private double zeroThreshold;
  private int scale;
  private long zeroCount;
  private BucketSide positive = BucketSide.EMPTY;
  private BucketSide negative = BucketSide.EMPTY;

  private DataPoint(int type) {
    this.type = type;
  }

  static DataPoint read(int type, byte[] data, int from, int to, StreamHash high, StreamHash low)
      throws IOException {
    DataPoint point = new DataPoint(type);
    Fields fields = Fields.of(data, from, to);
    while (fields.next()) {
      if (fields.isBytes(point.attributesField())) {
        KeyValue attribute = KeyValue.read(data, fields.from(), fields.to());
        point.attributesHigh += attribute.hash(high);
        point.attributesLow += attribute.hash(low);
        point.identify(attribute);
      } else if (fields.isVarint(point.flagsField())) {
        point.flags = fields.varint();
      } else if (fields.isFixed64(2)) {
        point.start = fields.fixed64();
      } else if (fields.isFixed64(3)) {
        point.end = fields.fixed64();
      } else if (point.isHistogram()) {
        point.histogramField(data, fields);
      }
    }
    return point;
  }

  private void identify(KeyValue attribute) throws IOException {
    if (attribute.is(MODEL_NAME)) {
      model = attribute.text();
    } else if (attribute.is(MODEL_VERSION)) {
      version = attribute.text();
    } else if (attribute.is(ERROR_TYPE)) {
      errorType = attribute.text();
    } else if (attribute.is(TRAFFIC)) {
      traffic = attribute.text();
    } else if (attribute.is(OUTPUT_NAME)) {
      output = attribute.text();
    }
  }

  private void histogramField(byte[] data, Fields fields) throws IOException {
    if (fields.isFixed64(4)) {
      count = fields.fixed64();
    } else if (fields.isFixed64(5)) {
      sum = fields.float64();
    } else if (type == EXPONENTIAL_HISTOGRAM) {
      exponentialField(data, fields);
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

  /**
   * The distribution, or null when the point has none in exponential buckets.
   *
   * @throws IllegalArgumentException when the numbers cannot be
   */
  @Nullable HistogramSnapshot histogram() {
    if (count < 0 || count > MAX_COUNT) {
      throw new IllegalArgumentException("count: " + count + " (expected: 0 to " + MAX_COUNT + ")");
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

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
