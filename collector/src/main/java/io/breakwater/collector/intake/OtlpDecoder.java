package io.breakwater.collector.intake;

import com.google.protobuf.InvalidProtocolBufferException;
import io.breakwater.signals.Attributes;
import io.breakwater.signals.Metrics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
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
 * <p>Exponential histograms of values with delta temporality, which are most of what comes, are not
 * turned into objects: their attributes are hashed and the series looked up, their counts checked
 * and left where they are. The look-ups of {@value #GROUP} points are made together, so that their
 * waits for memory overlap.
 *
 * <p>Not safe for use by more than one thread; one instance per request.
 */
final class OtlpDecoder {
  private static final int CUMULATIVE = 2;
  private static final int GROUP = 32;

  /** Points ahead that are read before they are needed. */
  private static final int AHEAD = 8;

  private static final byte[] INSTANCE_ID =
      Attributes.SERVICE_INSTANCE_ID.getBytes(StandardCharsets.UTF_8);

  private final byte[] data;
  private final IntakeLimits limits;
  private final StreamHash hash;
  private final SeriesTable table;
  private final CumulativeStreams cumulatives;
  private final Batch batch;
  private final ExponentialPoint[] group = new ExponentialPoint[GROUP];
  private final long[] groupLow = new long[GROUP];
  private final int[] groupFrom = new int[GROUP];
  private final int[] groupTo = new int[GROUP];
  private final Fields metricFields;
  private final Fields pointFields;

  private String instance = "";
  private long resourceHigh;
  private long resourceLow;
  private long scopeHigh;
  private long scopeLow;
  private long touched;

  OtlpDecoder(
      byte[] data,
      IntakeLimits limits,
      StreamHash hash,
      SeriesTable table,
      CumulativeStreams cumulatives) {
    this(data, limits, hash, table, cumulatives, null);
  }

  /** A decoder whose batch takes its memory from {@code rooms} and gives it back. */
  OtlpDecoder(
      byte[] data,
      IntakeLimits limits,
      StreamHash hash,
      SeriesTable table,
      CumulativeStreams cumulatives,
      @Nullable BatchRooms rooms) {
    this.data = data;
    this.limits = limits;
    this.hash = hash.copy();
    this.table = table;
    this.cumulatives = cumulatives;
    this.batch = new Batch(data.length, rooms);
    this.metricFields = new Fields(data);
    this.pointFields = new Fields(data);
    ExponentialPoint first = new ExponentialPoint(data, this.hash);
    Arrays.setAll(group, i -> new ExponentialPoint(first));
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

  /** Of no use but that it is the outcome of reads that nothing else uses. */
  long touched() {
    return touched;
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
        hash.of(data, fields.from(), fields.to());
        resourceHigh += hash.high;
        resourceLow += hash.low;
        KeyValue attribute = KeyValue.read(data, fields.from(), fields.to());
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
        hash.of(data, fields.from(), fields.to());
        hash.combine(scopeHigh, scopeLow, hash.high, hash.low);
        scopeHigh = hash.high;
        scopeLow = hash.low;
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
    Fields fields = metricFields.over(from, to);
    while (fields.next()) {
      if (fields.isBytes(1)) {
        nameFrom = fields.from();
        nameTo = fields.to();
      }
    }
    hash.of(data, nameFrom, nameTo);
    long nameHigh = hash.high;
    long nameLow = hash.low;
    hash.combine(scopeHigh, scopeLow, nameHigh, nameLow);
    MetricOf metric =
        new MetricOf(
            new String(data, nameFrom, nameTo - nameFrom, StandardCharsets.UTF_8),
            nameHigh,
            nameLow,
            hash.high,
            hash.low);
    fields.over(from, to);
    while (fields.next()) {
      int type = fields.number();
      if (type >= DataPoint.GAUGE && type <= DataPoint.SUMMARY && fields.isBytes(type)) {
        points(metric, type, fields.from(), fields.to());
      }
    }
  }

  private void points(MetricOf metric, int type, int from, int to) throws IOException {
    boolean cumulative = false;
    int size = 0;
    Fields fields = pointFields.over(from, to);
    while (fields.next()) {
      if (fields.isVarint(2)) {
        cumulative = fields.varint() == CUMULATIVE;
      } else if (fields.isBytes(1)) {
        size++;
        int ahead = fields.to() + AHEAD * (fields.to() - fields.from());
        touched += data[Math.min(ahead, to - 1)]; // which else would be waited for one by one
      }
    }
    batch.reserve(Math.min(size, limits.pointsPerRequest()));
    boolean direct =
        type == DataPoint.EXPONENTIAL_HISTOGRAM && !cumulative && PointReader.isValues(metric.name);
    int waiting = 0;
    fields.over(from, to);
    while (fields.next()) {
      if (fields.isBytes(1)) {
        if (batch.meet() > limits.pointsPerRequest()) {
          throw OversizedException.points(limits.pointsPerRequest());
        }
        if (direct) {
          groupFrom[waiting] = fields.from();
          groupTo[waiting] = fields.to();
          group[waiting++].read(fields.from(), fields.to());
          if (waiting == GROUP) {
            direct(metric, waiting);
            waiting = 0;
          }
        } else {
          point(metric, type, fields.from(), fields.to(), cumulative);
        }
      }
    }
    direct(metric, waiting);
  }

  /** Takes the points of the group. */
  private void direct(MetricOf metric, int size) throws IOException {
    for (int i = 0; i < size; i++) {
      groupLow[i] = metric.low + group[i].attributesLow;
    }
    touched += table.touch(groupLow, size);
    for (int i = 0; i < size; i++) {
      ExponentialPoint read = group[i];
      if (read.isUnrecorded()) {
        continue;
      }
      Series series = series(metric, read, groupFrom[i], groupTo[i]);
      if (series.objection != null) {
        batch.refuse(series.objection);
      } else if (Identity.tooLong(instance, limits.attributeChars())) {
        batch.refuse(Drop.ATTRIBUTE_TOO_LONG);
      } else if (!series.direct || !read.unpack(batch)) {
        point(metric, DataPoint.EXPONENTIAL_HISTOGRAM, groupFrom[i], groupTo[i], false);
      } else if (read.isPossible()) {
        key(metric, read.attributesHigh, read.attributesLow, read.start, read.end);
        batch.add(series, instance, read, hash.high, hash.low);
      } else {
        batch.refuse(Drop.BAD_POINT);
      }
    }
  }

  private Series series(MetricOf metric, ExponentialPoint read, int from, int to)
      throws IOException {
    long high = metric.high + read.attributesHigh;
    long low = metric.low + read.attributesLow;
    Series known = table.find(high, low);
    if (known != null) {
      return known;
    }
    DataPoint point = DataPoint.read(DataPoint.EXPONENTIAL_HISTOGRAM, data, from, to, hash);
    Drop objection = objectionToModelPoint(metric.name, point);
    return table.add(Series.of(high, low, metric.name, point.identity, objection));
  }

  private void point(MetricOf metric, int type, int from, int to, boolean cumulative)
      throws IOException {
    DataPoint read = DataPoint.read(type, data, from, to, hash);
    if (read.isUnrecorded()) {
      return;
    }
    Drop drop = objection(metric.name, read);
    if (drop == null && cumulative && metric.name.startsWith("ml.")) {
      hash.combine(metric.streamHigh, metric.streamLow, read.attributesHigh, read.attributesLow);
      drop = cumulatives.subtract(hash.high, hash.low, metric.name, read);
    }
    if (drop != null) {
      batch.refuse(drop);
      return;
    }
    try {
      Point point = PointReader.point(metric.name, instance, read);
      if (cumulative || (read.start == 0 && read.end == 0)) {
        batch.add(point, 0, 0);
      } else {
        key(metric, read.attributesHigh, read.attributesLow, read.start, read.end);
        batch.add(point, hash.high, hash.low);
      }
    } catch (IllegalArgumentException e) {
      batch.refuse(Drop.BAD_POINT);
    }
  }

  /** The key of a stream and interval, as the hash's result; (0, 0) without an interval. */
  private void key(MetricOf metric, long high, long low, long start, long end) {
    if (start == 0 && end == 0) {
      hash.high = 0;
      hash.low = 0;
      return;
    }
    hash.interval(metric.streamHigh + high, metric.streamLow + low, start, end);
  }

  /** Why the point cannot be used, or null. */
  private @Nullable Drop objection(String name, DataPoint read) {
    if (Metrics.byName(name) == null) {
      return Drop.UNKNOWN_METRIC;
    }
    if (Identity.tooLong(instance, limits.attributeChars())) {
      return Drop.ATTRIBUTE_TOO_LONG;
    }
    return name.startsWith("ml.") ? objectionToModelPoint(name, read) : null;
  }

  private @Nullable Drop objectionToModelPoint(String name, DataPoint read) {
    Identity who = read.identity;
    if (who.model.isEmpty() || who.version.isEmpty()) {
      return Drop.NO_IDENTITY;
    }
    if (who.isLongerThan(limits.attributeChars())) {
      return Drop.ATTRIBUTE_TOO_LONG;
    }
    return PointReader.isWrongType(name, read) ? Drop.WRONG_TYPE : null;
  }

  /**
   * One metric.
   *
   * @param high hash of its name
   * @param low hash of its name
   * @param streamHigh hash of name, resource and scope
   * @param streamLow hash of name, resource and scope
   */
  private record MetricOf(String name, long high, long low, long streamHigh, long streamLow) {}
}
