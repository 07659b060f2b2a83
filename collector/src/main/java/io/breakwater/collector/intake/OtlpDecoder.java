package io.breakwater.collector.intake;

import com.google.protobuf.InvalidProtocolBufferException;
import io.breakwater.signals.Attributes;
import io.breakwater.signals.Metrics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads an OTLP {@code ExportMetricsServiceRequest} field by field, without message objects.
 *
 * <p>Implementation notes. Messages whose early fields may come late (resource after scopes,
 * temporality after points) are walked twice; a walk skips what it does not need by its length.
 * Attribute values that are lists or maps are never entered, so nesting has no depth here. Field
 * numbers are those of opentelemetry/proto/metrics/v1/metrics.proto. A stream's identity is the sum
 * of its attributes' hashes, so their order does not matter.
 *
 * <p>Not safe for use by more than one thread; one instance per request.
 */
final class OtlpDecoder {
  private static final int CUMULATIVE = 2;
  private static final byte[] INSTANCE_ID =
      Attributes.SERVICE_INSTANCE_ID.getBytes(StandardCharsets.UTF_8);

  private final byte[] data;
  private final IntakeLimits limits;
  private final StreamHash high;
  private final StreamHash low;
  private final Batch batch = new Batch();

  private String instance = "";
  private long resourceHigh;
  private long resourceLow;
  private long scopeHigh;
  private long scopeLow;

  OtlpDecoder(byte[] data, IntakeLimits limits, StreamHash high, StreamHash low) {
    this.data = data;
    this.limits = limits;
    this.high = high;
    this.low = low;
  }

  /**
   * The points of the request.
   *
   * @throws InvalidProtocolBufferException when the bytes are no such request
   * @throws OversizedException when it holds more points than allowed
   */
  Batch decode() throws IOException {
    Fields request = Fields.of(data, 0, data.length);
    while (request.next()) {
      if (request.isBytes(1)) {
        resourceMetrics(request.from(), request.to());
      }
    }
    return batch;
  }

  private void resourceMetrics(int from, int to) throws IOException {
    instance = "";
    resourceHigh = 0;
    resourceLow = 0;
    Fields fields = Fields.of(data, from, to);
    while (fields.next()) {
      if (fields.isBytes(1)) {
        resource(fields.from(), fields.to());
      }
    }
    fields = Fields.of(data, from, to);
    while (fields.next()) {
      if (fields.isBytes(2)) {
        scopeMetrics(fields.from(), fields.to());
      }
    }
  }

  private void resource(int from, int to) throws IOException {
    Fields fields = Fields.of(data, from, to);
    while (fields.next()) {
      if (fields.isBytes(1)) {
        KeyValue attribute = KeyValue.read(data, fields.from(), fields.to());
        resourceHigh += attribute.hash(high);
        resourceLow += attribute.hash(low);
        if (attribute.is(INSTANCE_ID)) {
          instance = attribute.text();
        }
      }
    }
  }

  private void scopeMetrics(int from, int to) throws IOException {
    scopeHigh = resourceHigh;
    scopeLow = resourceLow;
    Fields fields = Fields.of(data, from, to);
    while (fields.next()) {
      if (fields.isBytes(1)) {
        scopeHigh = high.combine(scopeHigh, high.of(data, fields.from(), fields.to()));
        scopeLow = low.combine(scopeLow, low.of(data, fields.from(), fields.to()));
      }
    }
    fields = Fields.of(data, from, to);
    while (fields.next()) {
      if (fields.isBytes(2)) {
        metric(fields.from(), fields.to());
      }
    }
  }

  private void metric(int from, int to) throws IOException {
    int nameFrom = from;
    int nameTo = from;
    Fields fields = Fields.of(data, from, to);
    while (fields.next()) {
      if (fields.isBytes(1)) {
        nameFrom = fields.from();
        nameTo = fields.to();
      }
    }
    Series series =
        new Series(
            new String(data, nameFrom, nameTo - nameFrom, StandardCharsets.UTF_8),
            high.combine(scopeHigh, high.of(data, nameFrom, nameTo)),
            low.combine(scopeLow, low.of(data, nameFrom, nameTo)));
    fields = Fields.of(data, from, to);
    while (fields.next()) {
      int type = fields.number();
      if (type >= DataPoint.GAUGE && type <= DataPoint.SUMMARY && fields.isBytes(type)) {
        points(series, type, fields.from(), fields.to());
      }
    }
  }

  private void points(Series series, int type, int from, int to) throws IOException {
    boolean cumulative = false;
    Fields fields = Fields.of(data, from, to);
    while (fields.next()) {
      if (fields.isVarint(2)) {
        cumulative = fields.varint() == CUMULATIVE;
      }
    }
    fields = Fields.of(data, from, to);
    while (fields.next()) {
      if (fields.isBytes(1)) {
        if (batch.meet() > limits.pointsPerRequest()) {
          throw OversizedException.points(limits.pointsPerRequest());
        }
        take(series, DataPoint.read(type, data, fields.from(), fields.to(), high, low), cumulative);
      }
    }
  }

  private void take(Series series, DataPoint read, boolean cumulative) {
    if (read.isUnrecorded()) {
      return;
    }
    Drop drop = objection(series.name, read, cumulative);
    if (drop != null) {
      batch.refuse(drop);
      return;
    }
    try {
      take(series, read, PointReader.point(series.name, instance, read));
    } catch (IllegalArgumentException e) {
      batch.refuse(Drop.BAD_POINT);
    }
  }

  private void take(Series series, DataPoint read, Point point) {
    if (read.start == 0 && read.end == 0) {
      batch.add(point, 0, 0);
    } else {
      batch.add(
          point,
          key(high, series.high, read.attributesHigh, read),
          key(low, series.low, read.attributesLow, read));
    }
  }

  private static long key(StreamHash hash, long series, long attributes, DataPoint read) {
    return hash.combine(hash.combine(series, attributes), hash.combine(read.start, read.end));
  }

  /** Why the point cannot be used, or null. */
  private @Nullable Drop objection(String name, DataPoint read, boolean cumulative) {
    if (Metrics.byName(name) == null) {
      return Drop.UNKNOWN_METRIC;
    }
    if (Identity.tooLong(instance, limits.attributeChars())) {
      return Drop.ATTRIBUTE_TOO_LONG;
    }
    return name.startsWith("ml.") ? objectionToModelPoint(name, read, cumulative) : null;
  }

  private @Nullable Drop objectionToModelPoint(String name, DataPoint read, boolean cumulative) {
    Identity who = read.identity;
    if (who.model.isEmpty() || who.version.isEmpty()) {
      return Drop.NO_IDENTITY;
    }
    if (who.isLongerThan(limits.attributeChars())) {
      return Drop.ATTRIBUTE_TOO_LONG;
    }
    if (cumulative) {
      return Drop.CUMULATIVE;
    }
    return PointReader.isWrongType(name, read) ? Drop.WRONG_TYPE : null;
  }

  /** One metric within one resource and scope; the hashes cover all three. */
  private record Series(String name, long high, long low) {}
}
