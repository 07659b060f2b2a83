package io.breakwater.benchmarks;

import com.google.protobuf.ByteString;
import io.breakwater.signals.Attributes;
import io.breakwater.signals.ExponentialHistogram;
import io.breakwater.signals.HistogramSnapshot;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import io.opentelemetry.proto.resource.v1.Resource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPOutputStream;

/** Requests as agents send them, made before anything is measured. */
public final class OtlpLoad {
  /** Most bytes of a request. */
  public static final int MAX_REQUEST = 64 << 20;

  /** What the end of an interval looks like in the bytes until it is set. */
  private static final long END_MARK = 0x0123456789ABCDEFL;

  /** What the values of a point are like. */
  public enum Shape {
    /** 20,000 positive values over about 94 buckets. */
    ONE_SIDED(20_000, false),
    /** 20 positive values. */
    SPARSE(20, false),
    /** 20,000 values of both signs. */
    TWO_SIDED(20_000, true);

    private final int values;
    private final boolean signed;

    Shape(int values, boolean signed) {
      this.values = values;
      this.signed = signed;
    }

    ExponentialHistogramDataPoint.Builder point(Random random) {
      ExponentialHistogram histogram = ExponentialHistogram.ofScale(signed ? 3 : 4);
      for (int i = 0; i < values; i++) {
        double normal = random.nextGaussian();
        histogram.record(signed ? normal : Math.exp(0.5 * normal));
      }
      return point(histogram.snapshot());
    }

    private static ExponentialHistogramDataPoint.Builder point(HistogramSnapshot values) {
      ExponentialHistogramDataPoint.Builder point =
          ExponentialHistogramDataPoint.newBuilder()
              .setScale(values.scale())
              .setCount(values.count())
              .setZeroCount(values.zeroCount())
              .setSum(values.sum());
      for (long count : values.positive().toArray()) {
        point.getPositiveBuilder().addBucketCounts(count);
      }
      point.getPositiveBuilder().setOffset(values.positive().offset());
      if (!values.negative().isEmpty()) {
        for (long count : values.negative().toArray()) {
          point.getNegativeBuilder().addBucketCounts(count);
        }
        point.getNegativeBuilder().setOffset(values.negative().offset());
      }
      return point;
    }
  }

  /** A request and where the ends of its intervals stand. */
  public static final class Request {
    private final byte[] bytes;
    private final int[] ends;
    private int nameAt = -1;

    Request(byte[] bytes) {
      this.bytes = bytes;
      List<Integer> found = new ArrayList<>();
      ByteBuffer view = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      for (int at = 0; at + Long.BYTES <= bytes.length; at++) {
        if (view.getLong(at) == END_MARK) {
          found.add(at);
        }
      }
      ends = found.stream().mapToInt(Integer::intValue).toArray();
    }

    /** The bytes, with all intervals ending at another time than ever before. */
    public byte[] endingAt(long time) {
      return endingAt(time, bytes);
    }

    /** The same of a copy of the bytes. */
    public byte[] endingAt(long time, byte[] copy) {
      ByteBuffer view = ByteBuffer.wrap(copy).order(ByteOrder.LITTLE_ENDIAN);
      for (int end : ends) {
        view.putLong(end, time);
      }
      return copy;
    }

    /** The bytes, of another process with a name as long, in intervals that end then. */
    public byte[] endingAt(long time, String instance) {
      byte[] name = instance.getBytes(StandardCharsets.UTF_8);
      if (nameAt < 0) {
        byte[] prefix =
            instance.substring(0, instance.indexOf('-')).getBytes(StandardCharsets.UTF_8);
        nameAt = indexOf(prefix);
      }
      System.arraycopy(name, 0, bytes, nameAt, name.length);
      return endingAt(time);
    }

    private int indexOf(byte[] wanted) {
      for (int at = 0; at + wanted.length <= bytes.length; at++) {
        if (Arrays.equals(bytes, at, at + wanted.length, wanted, 0, wanted.length)) {
          return at;
        }
      }
      throw new IllegalStateException("no name");
    }

    /** Data points. */
    public int points() {
      return ends.length;
    }

    /** The bytes, compressed. */
    public byte[] gzip() {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
        gzip.write(bytes);
      } catch (IOException e) {
        throw new UncheckedIOException("writing to memory", e);
      }
      return out.toByteArray();
    }
  }

  private OtlpLoad() {}

  /** A request of one process with one metric. */
  public static Request request(
      String instance, String metric, List<ExponentialHistogramDataPoint> points) {
    return request(instance, Map.of(metric, points));
  }

  /** A request of one process with several metrics. */
  public static Request request(
      String instance, Map<String, List<ExponentialHistogramDataPoint>> metrics) {
    ExportMetricsServiceRequest.Builder request = ExportMetricsServiceRequest.newBuilder();
    ScopeMetrics.Builder scope =
        request
            .addResourceMetricsBuilder()
            .setResource(
                Resource.newBuilder()
                    .addAttributes(text(Attributes.SERVICE_NAME, "scoring"))
                    .addAttributes(text(Attributes.SERVICE_INSTANCE_ID, instance)))
            .addScopeMetricsBuilder();
    metrics.forEach((name, points) -> scope.addMetrics(metric(name, points)));
    return new Request(request.build().toByteArray());
  }

  /** Log-normal values in a point without attributes and times. */
  public static ExponentialHistogramDataPoint logNormal(
      Random random, int count, int scale, double mean, double deviation) {
    ExponentialHistogram histogram = ExponentialHistogram.ofScale(scale);
    for (int i = 0; i < count; i++) {
      histogram.record(Math.exp(mean + deviation * random.nextGaussian()));
    }
    return Shape.point(histogram.snapshot()).build();
  }

  private static Metric.Builder metric(String name, List<ExponentialHistogramDataPoint> points) {
    Metric.Builder metric = Metric.newBuilder().setName(name).setUnit("1");
    metric
        .getExponentialHistogramBuilder()
        .setAggregationTemporality(AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA)
        .addAllDataPoints(points);
    return metric;
  }

  /** A point of one series in an interval whose end is yet to be set. */
  public static ExponentialHistogramDataPoint point(
      ExponentialHistogramDataPoint values, String... attributes) {
    ExponentialHistogramDataPoint.Builder point =
        values.toBuilder().setStartTimeUnixNano(1).setTimeUnixNano(END_MARK);
    for (int i = 0; i < attributes.length; i += 2) {
      point.addAttributes(text(attributes[i], attributes[i + 1]));
    }
    return point.build();
  }

  private static KeyValue text(String key, String value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setStringValueBytes(ByteString.copyFromUtf8(value)))
        .build();
  }
}
