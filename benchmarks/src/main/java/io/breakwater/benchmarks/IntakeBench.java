package io.breakwater.benchmarks;

import io.breakwater.collector.intake.Batch;
import io.breakwater.collector.intake.DecodingProbe;
import io.breakwater.collector.runtime.LaneProbe;
import io.breakwater.signals.Attributes;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Histogram points from received bytes to updated series: 150,000 series of 5,000 models are
 * resident, 150 requests of 1,000 points hold each series once, in random order. Beside it what
 * protobuf-java takes to parse the same bytes. Time for one point.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xmx2g", "-Xms2g", "-XX:+UseParallelGC"})
@OperationsPerInvocation(IntakeBench.POINTS)
public class IntakeBench {
  static final int POINTS = 1_000;
  private static final int REQUESTS = 150;
  private static final int FEATURES = 30;
  private static final int SHAPES = 64;

  /** Shape of the points. */
  @Param({"ONE_SIDED", "SPARSE", "TWO_SIDED"})
  public OtlpLoad.Shape shape = OtlpLoad.Shape.ONE_SIDED;

  private final List<OtlpLoad.Request> requests = new ArrayList<>();
  private final List<byte[]> compressed = new ArrayList<>();
  private final DecodingProbe decoding = new DecodingProbe();
  private final LaneProbe lanes = new LaneProbe();
  private int next;
  private long time = 2;

  /** Makes the requests and sends each once. */
  @Setup
  public void fill() throws IOException {
    Random random = new Random(1);
    List<ExponentialHistogramDataPoint> values = new ArrayList<>();
    for (int i = 0; i < SHAPES; i++) {
      values.add(shape.point(random).build());
    }
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < REQUESTS * POINTS; i++) {
      order.add(i);
    }
    Collections.shuffle(order, random);
    for (int request = 0; request < REQUESTS; request++) {
      List<ExponentialHistogramDataPoint> points = new ArrayList<>();
      for (int series : order.subList(request * POINTS, (request + 1) * POINTS)) {
        points.add(
            OtlpLoad.point(
                values.get(random.nextInt(SHAPES)),
                Attributes.MODEL_NAME,
                "model-" + series / FEATURES,
                Attributes.MODEL_VERSION,
                "3",
                Attributes.FEATURE_NAME,
                "feature-" + series % FEATURES));
      }
      requests.add(OtlpLoad.request("process-" + request, "ml.inference.feature", points));
    }
    for (OtlpLoad.Request request : requests) {
      lanes.add(decoding.decode(request.endingAt(time++)));
      compressed.add(request.gzip());
    }
    long seen = lanes.look();
    long sent = 0;
    for (OtlpLoad.Request request : requests) {
      for (var point :
          ExportMetricsServiceRequest.parseFrom(request.endingAt(time))
              .getResourceMetrics(0)
              .getScopeMetrics(0)
              .getMetrics(0)
              .getExponentialHistogram()
              .getDataPointsList()) {
        sent += point.getCount();
      }
    }
    if (seen != sent) {
      throw new IllegalStateException("values: " + seen + " (expected: " + sent + ")");
    }
  }

  private OtlpLoad.Request request() {
    next = (next + 1) % REQUESTS;
    return requests.get(next);
  }

  /** From bytes to series. */
  @Benchmark
  public int breakwater() throws IOException {
    return lanes.add(decoding.decode(request().endingAt(time++)));
  }

  /** Decoding alone: fields, hashes, series, checks, repeats. */
  @Benchmark
  public Batch breakwaterDecode() throws IOException {
    return decoding.decode(request().endingAt(time++));
  }

  /** From compressed bytes to series. */
  @Benchmark
  public int breakwaterGzip() throws IOException {
    OtlpLoad.Request request = request();
    byte[] bytes = DecodingProbe.gunzip(compressed.get(next));
    return lanes.add(decoding.decode(request.endingAt(time++, bytes)));
  }

  /** protobuf-java: message objects, nothing merged. */
  @Benchmark
  public ExportMetricsServiceRequest protobufParse() throws IOException {
    return ExportMetricsServiceRequest.parseFrom(request().endingAt(time++));
  }

  /** The same from compressed bytes. */
  @Benchmark
  public ExportMetricsServiceRequest protobufGzipParse() throws IOException {
    next = (next + 1) % REQUESTS;
    return ExportMetricsServiceRequest.parseFrom(
        new GZIPInputStream(new ByteArrayInputStream(compressed.get(next)), 8192));
  }
}
