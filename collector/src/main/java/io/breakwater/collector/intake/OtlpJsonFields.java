package io.breakwater.collector.intake;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The messages of an OTLP metrics request as JSON names them, with the numbers of
 * opentelemetry/proto/metrics/v1/metrics.proto. What is of no use here is left out, and so skipped.
 */
final class OtlpJsonFields {
  /** How a field is written. */
  enum Kind {
    MESSAGE,
    MESSAGES,
    TEXT,
    BYTES,
    BOOLEAN,
    VARINT,
    ZIGZAG,
    FIXED64,
    DOUBLE,
    TEMPORALITY,
    /** Packed. */
    VARINTS,
    /** Packed. */
    FIXED64S,
    /** Packed. */
    DOUBLES
  }

  /** One field; {@code message} is meaningless where it has no fields of its own. */
  record Field(int number, Kind kind, Message message) {}

  /** The fields of a message by name. */
  static final class Message {
    private final Map<String, Field> fields = new HashMap<>();

    @Nullable Field field(String name) {
      return fields.get(name);
    }

    private Message with(String name, int number, Kind kind) {
      return with(name, number, kind, this);
    }

    private Message with(String name, int number, Kind kind, Message message) {
      fields.put(name, new Field(number, kind, message));
      return this;
    }
  }

  private static final Message ANY_VALUE = anyValue();

  private static final Message KEY_VALUE =
      new Message().with("key", 1, Kind.TEXT).with("value", 2, Kind.MESSAGE, ANY_VALUE);

  static {
    ANY_VALUE.with(
        "kvlistValue", 6, Kind.MESSAGE, new Message().with("values", 1, Kind.MESSAGES, KEY_VALUE));
  }

  private static final Message RESOURCE =
      new Message().with("attributes", 1, Kind.MESSAGES, KEY_VALUE);

  private static final Message SCOPE =
      new Message()
          .with("name", 1, Kind.TEXT)
          .with("version", 2, Kind.TEXT)
          .with("attributes", 3, Kind.MESSAGES, KEY_VALUE);

  private static final Message NUMBER_POINT =
      times(new Message().with("attributes", 7, Kind.MESSAGES, KEY_VALUE))
          .with("asDouble", 4, Kind.DOUBLE)
          .with("asInt", 6, Kind.FIXED64)
          .with("flags", 8, Kind.VARINT);

  private static final Message HISTOGRAM_POINT =
      times(new Message().with("attributes", 9, Kind.MESSAGES, KEY_VALUE))
          .with("count", 4, Kind.FIXED64)
          .with("sum", 5, Kind.DOUBLE)
          .with("bucketCounts", 6, Kind.FIXED64S)
          .with("explicitBounds", 7, Kind.DOUBLES)
          .with("flags", 10, Kind.VARINT)
          .with("min", 11, Kind.DOUBLE)
          .with("max", 12, Kind.DOUBLE);

  private static final Message BUCKETS =
      new Message().with("offset", 1, Kind.ZIGZAG).with("bucketCounts", 2, Kind.VARINTS);

  private static final Message EXPONENTIAL_POINT =
      times(new Message().with("attributes", 1, Kind.MESSAGES, KEY_VALUE))
          .with("count", 4, Kind.FIXED64)
          .with("sum", 5, Kind.DOUBLE)
          .with("scale", 6, Kind.ZIGZAG)
          .with("zeroCount", 7, Kind.FIXED64)
          .with("positive", 8, Kind.MESSAGE, BUCKETS)
          .with("negative", 9, Kind.MESSAGE, BUCKETS)
          .with("flags", 10, Kind.VARINT)
          .with("min", 12, Kind.DOUBLE)
          .with("max", 13, Kind.DOUBLE)
          .with("zeroThreshold", 14, Kind.DOUBLE);

  private static final Message SUMMARY_POINT =
      times(new Message().with("attributes", 7, Kind.MESSAGES, KEY_VALUE))
          .with("flags", 8, Kind.VARINT);

  private static final Message METRIC =
      new Message()
          .with("name", 1, Kind.TEXT)
          .with("unit", 3, Kind.TEXT)
          .with("gauge", DataPoint.GAUGE, Kind.MESSAGE, points(NUMBER_POINT))
          .with("sum", DataPoint.SUM, Kind.MESSAGE, points(NUMBER_POINT))
          .with("histogram", DataPoint.HISTOGRAM, Kind.MESSAGE, points(HISTOGRAM_POINT))
          .with(
              "exponentialHistogram",
              DataPoint.EXPONENTIAL_HISTOGRAM,
              Kind.MESSAGE,
              points(EXPONENTIAL_POINT))
          .with("summary", DataPoint.SUMMARY, Kind.MESSAGE, points(SUMMARY_POINT));

  /** {@code ExportMetricsServiceRequest}. */
  static final Message REQUEST =
      new Message()
          .with(
              "resourceMetrics",
              1,
              Kind.MESSAGES,
              new Message()
                  .with("resource", 1, Kind.MESSAGE, RESOURCE)
                  .with(
                      "scopeMetrics",
                      2,
                      Kind.MESSAGES,
                      new Message()
                          .with("scope", 1, Kind.MESSAGE, SCOPE)
                          .with("metrics", 2, Kind.MESSAGES, METRIC)));

  private OtlpJsonFields() {}

  private static Message anyValue() {
    Message any = new Message();
    return any.with("stringValue", 1, Kind.TEXT)
        .with("boolValue", 2, Kind.BOOLEAN)
        .with("intValue", 3, Kind.VARINT)
        .with("doubleValue", 4, Kind.DOUBLE)
        .with("arrayValue", 5, Kind.MESSAGE, new Message().with("values", 1, Kind.MESSAGES, any))
        .with("bytesValue", 7, Kind.BYTES);
  }

  private static Message times(Message point) {
    return point.with("startTimeUnixNano", 2, Kind.FIXED64).with("timeUnixNano", 3, Kind.FIXED64);
  }

  private static Message points(Message point) {
    return new Message()
        .with("dataPoints", 1, Kind.MESSAGES, point)
        .with("aggregationTemporality", 2, Kind.TEMPORALITY)
        .with("isMonotonic", 3, Kind.BOOLEAN);
  }
}
