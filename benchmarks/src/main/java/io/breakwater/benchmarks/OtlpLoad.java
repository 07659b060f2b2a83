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
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
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
import java.util.function.DoubleUnaryOperator;
import java.util.zip.GZIPOutputStream;

/** Requests as agents send them, made before anything is measured. */
public final class OtlpLoad {
  /** Most bytes of a request. */
  public static final int MAX_REQUEST = 64 << 20;

  /** What the end of an interval looks like in the bytes until it is set. */
  private static final long END_MARK = 0x0123456789ABCDEFL;

  /** What the points of a metric are like. No two points of a load are the same. */
  public enum Shape {
    /** Exponential histograms of 20,000 positive values over about 94 buckets. */
    ONE_SIDED,
    /** Exponential histograms of 20 positive values over about 45 buckets. */
    SMALL,
    /** Exponential histograms of 20,000 values of both signs over about 240 buckets. */
    TWO_SIDED,
    /** Histograms of 20,000 positive values with 63 explicit bounds. */
    EXPLICIT,
    /** Sums: how often a category came. */
    SUMS;

    private static final int VALUES = 20_000;
    private static final int BOUNDS = 63;
    private static final int FEATURES = 30;
    private static final int CATEGORIES = 10;
    private static final double SQRT_OF_TWO_PI = Math.sqrt(2 * Math.PI);

    /** A metric with one point of every series given. */
    Metric metric(List<Integer> series, Random random) {
      Metric.Builder metric =
          Metric.newBuilder()
              .setName(this == SUMS ? "ml.inference.feature.category" : "ml.inference.feature")
              .setUnit("1");
      for (int number : series) {
        switch (this) {
          case EXPLICIT -> metric.getHistogramBuilder().addDataPoints(explicit(number, random));
          case SUMS -> metric.getSumBuilder().addDataPoints(sum(number, random));
          default ->
              metric
                  .getExponentialHistogramBuilder()
                  .addDataPoints(OtlpLoad.point(exponential(random), attributes(number)));
        }
      }
      AggregationTemporality delta = AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA;
      switch (this) {
        case EXPLICIT -> metric.getHistogramBuilder().setAggregationTemporality(delta);
        case SUMS -> metric.getSumBuilder().setAggregationTemporality(delta).setIsMonotonic(true);
        default -> metric.getExponentialHistogramBuilder().setAggregationTemporality(delta);
      }
      return metric.build();
    }

    private String[] attributes(int series) {
      int feature = series % FEATURES;
      List<String> attributes =
          new ArrayList<>(
              List.of(
                  Attributes.MODEL_NAME,
                  "model-" + series / FEATURES,
                  Attributes.MODEL_VERSION,
                  "3",
                  Attributes.FEATURE_NAME,
                  "feature-" + (this == SUMS ? feature / CATEGORIES : feature)));
      if (this == SUMS) {
        attributes.addAll(List.of(Attributes.FEATURE_CATEGORY, "category-" + feature % CATEGORIES));
      }
      return attributes.toArray(new String[0]);
    }

    private ExponentialHistogramDataPoint exponential(Random random) {
      if (this == SMALL) {
        return logNormal(random, 20, 4, 0, 0.5);
      }
      if (this == ONE_SIDED) {
        long[] counts = counts(random, -47, 47, 4, x -> normal(Math.log(x) / 0.5) / 0.5);
        return withSum(exponential(4).setPositive(buckets(-47, counts)));
      }
      return withSum(
          exponential(3)
              .setPositive(buckets(-104, counts(random, -104, 17, 3, x -> normal(x) * x)))
              .setNegative(buckets(-104, counts(random, -104, 17, 3, x -> normal(x) * x))));
    }

    private static ExponentialHistogramDataPoint.Builder exponential(int scale) {
      return ExponentialHistogramDataPoint.newBuilder().setScale(scale);
    }

    private static ExponentialHistogramDataPoint withSum(
        ExponentialHistogramDataPoint.Builder point) {
      long count = 0;
      for (long each : point.getPositive().getBucketCountsList()) {
        count += each;
      }
      for (long each : point.getNegative().getBucketCountsList()) {
        count += each;
      }
      return point.setCount(count).setSum(1.1 * count).build();
    }

    private HistogramDataPoint explicit(int series, Random random) {
      HistogramDataPoint.Builder point =
          HistogramDataPoint.newBuilder().setStartTimeUnixNano(1).setTimeUnixNano(END_MARK);
      for (int i = 0; i < BOUNDS; i++) {
        point.addExplicitBounds(Math.exp(4.0 * (i + 1) / (BOUNDS + 1) - 2));
      }
      long sum = 0;
      for (int i = 0; i <= BOUNDS; i++) {
        double share = normal(2 * (4 * (i + 0.5) / (BOUNDS + 1) - 2)) * 8 / (BOUNDS + 1);
        long count = scattered(random, VALUES * share);
        point.addBucketCounts(count);
        sum += count;
      }
      String[] attributes = attributes(series);
      for (int i = 0; i < attributes.length; i += 2) {
        point.addAttributes(text(attributes[i], attributes[i + 1]));
      }
      return point.setCount(sum).setSum(1.1 * sum).build();
    }

    private NumberDataPoint sum(int series, Random random) {
      NumberDataPoint.Builder point =
          NumberDataPoint.newBuilder()
              .setStartTimeUnixNano(1)
              .setTimeUnixNano(END_MARK)
              .setAsInt(1 + random.nextInt(VALUES));
      String[] attributes = attributes(series);
      for (int i = 0; i < attributes.length; i += 2) {
        point.addAttributes(text(attributes[i], attributes[i + 1]));
      }
      return point.build();
    }

    private static double normal(double z) {
      return Math.exp(-z * z / 2) / SQRT_OF_TWO_PI;
    }

    /** Counts of buckets where the values have this density over their logarithm. */
    private static long[] counts(
        Random random, int first, int last, int scale, DoubleUnaryOperator density) {
      double width = Math.log(2) / (1 << scale);
      long[] counts = new long[last - first];
      for (int i = first; i < last; i++) {
        double share = density.applyAsDouble(Math.exp((i + 0.5) * width)) * width;
        counts[i - first] = scattered(random, VALUES * share);
      }
      return counts;
    }

    /** About Poisson. */
    private static long scattered(Random random, double expected) {
      if (expected > 20) {
        double count = expected + Math.sqrt(expected) * random.nextGaussian();
        return Math.max(0, Math.round(count));
      }
      long count = -1;
      for (double left = expected; left >= 0; count++) {
        left += Math.log(1 - random.nextDouble());
      }
      return count;
    }

    private static ExponentialHistogramDataPoint.Buckets buckets(int first, long[] counts) {
      int from = 0;
      int to = counts.length;
      while (from < to && counts[from] == 0) {
        from++;
      }
      while (to > from && counts[to - 1] == 0) {
        to--;
      }
      ExponentialHistogramDataPoint.Buckets.Builder buckets =
          ExponentialHistogramDataPoint.Buckets.newBuilder().setOffset(first + from);
      for (int i = from; i < to; i++) {
        buckets.addBucketCounts(counts[i]);
      }
      return buckets.build();
    }

    private static ExponentialHistogramDataPoint.Builder point(HistogramSnapshot values) {
      return ExponentialHistogramDataPoint.newBuilder()
          .setScale(values.scale())
          .setCount(values.count())
          .setZeroCount(values.zeroCount())
          .setSum(values.sum())
          .setPositive(buckets(values.positive().offset(), values.positive().toArray()));
    }
  }

  /** A request and where the ends of its intervals stand. */
  public static final class Request {
    private final byte[] bytes;
    private final int[] ends;
    private int nameAt = -1;

    Request(byte[] bytes) {
      this.bytes = bytes;
      byte[] mark = new byte[Long.BYTES];
      ByteBuffer.wrap(mark).order(ByteOrder.LITTLE_ENDIAN).putLong(END_MARK);
      ends = occurrences(bytes, mark);
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

    /** The bytes as they were at first. */
    byte[] marked() {
      return endingAt(END_MARK);
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

  /** A request in JSON and where the ends of its intervals stand. */
  static final class JsonRequest {
    private static final long FIRST_TIME = 10_000_000_000_000_000L; // as many digits as the mark

    private final byte[] bytes;
    private final int[] ends;

    JsonRequest(ExportMetricsServiceRequest request) {
      bytes = OtlpJsonText.of(request).getBytes(StandardCharsets.US_ASCII);
      ends = occurrences(bytes, String.valueOf(END_MARK).getBytes(StandardCharsets.US_ASCII));
    }

    /** The bytes, with all intervals ending at another time than ever before. */
    byte[] endingAt(long time) {
      byte[] digits = String.valueOf(FIRST_TIME + time).getBytes(StandardCharsets.US_ASCII);
      for (int end : ends) {
        System.arraycopy(digits, 0, bytes, end, digits.length);
      }
      return bytes;
    }
  }

  private static int[] occurrences(byte[] bytes, byte[] mark) {
    List<Integer> found = new ArrayList<>();
    for (int at = 0; at + mark.length <= bytes.length; at++) {
      if (bytes[at] == mark[0]
          && Arrays.equals(bytes, at, at + mark.length, mark, 0, mark.length)) {
        found.add(at);
      }
    }
    return found.stream().mapToInt(Integer::intValue).toArray();
  }

  private OtlpLoad() {}

  /** A request of one process with several metrics. */
  public static Request request(
      String instance, Map<String, List<ExponentialHistogramDataPoint>> metrics) {
    List<Metric> built = new ArrayList<>();
    metrics.forEach((name, points) -> built.add(metric(name, points)));
    return new Request(message(instance, built).toByteArray());
  }

  /** A request of one process. */
  static ExportMetricsServiceRequest message(String instance, List<Metric> metrics) {
    ExportMetricsServiceRequest.Builder request = ExportMetricsServiceRequest.newBuilder();
    ScopeMetrics.Builder scope =
        request
            .addResourceMetricsBuilder()
            .setResource(
                Resource.newBuilder()
                    .addAttributes(text(Attributes.SERVICE_NAME, "scoring"))
                    .addAttributes(text(Attributes.SERVICE_INSTANCE_ID, instance)))
            .addScopeMetricsBuilder();
    scope.addAllMetrics(metrics);
    return request.build();
  }

  /** Log-normal values in a point without attributes and times. */
  public static ExponentialHistogramDataPoint logNormal(
      Random random, int count, int scale, double mean, double deviation) {
    return Shape.point(values(random, count, scale, mean, deviation)).build();
  }

  static HistogramSnapshot values(
      Random random, int count, int scale, double mean, double deviation) {
    ExponentialHistogram histogram = ExponentialHistogram.ofScale(scale);
    for (int i = 0; i < count; i++) {
      histogram.record(Math.exp(mean + deviation * random.nextGaussian()));
    }
    return histogram.snapshot();
  }

  private static Metric metric(String name, List<ExponentialHistogramDataPoint> points) {
    Metric.Builder metric = Metric.newBuilder().setName(name).setUnit("1");
    metric
        .getExponentialHistogramBuilder()
        .setAggregationTemporality(AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA)
        .addAllDataPoints(points);
    return metric.build();
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
