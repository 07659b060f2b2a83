package io.breakwater.benchmarks;

import io.breakwater.collector.intake.Batch;
import io.breakwater.collector.intake.DecodingProbe;
import io.breakwater.collector.runtime.LaneProbe;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
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
 * Points from received bytes to updated series: 150,000 series of 5,000 models are resident, 150
 * requests of 1,000 points hold each series once, in random order, no two points alike. Beside it
 * what protobuf-java takes to parse the same bytes. Time for one point.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xmx3g", "-Xms3g", "-Xmn1g", "-XX:+UseParallelGC"})
@OperationsPerInvocation(IntakeBench.POINTS)
public class IntakeBench {
  static final int POINTS = 1_000;
  private static final int REQUESTS = 150;

  /** Shape of the points. */
  @Param({"ONE_SIDED"})
  public OtlpLoad.Shape shape = OtlpLoad.Shape.ONE_SIDED;

  private final List<OtlpLoad.Request> requests = new ArrayList<>();
  private final DecodingProbe decoding = new DecodingProbe();
  private final LaneProbe lanes = new LaneProbe();
  private int next;
  private long time = 2;

  /** The requests once more, compressed. */
  @State(Scope.Thread)
  public static class Compressed {
    private final List<byte[]> requests = new ArrayList<>();

    /** Compresses. */
    @Setup
    public void fill(IntakeBench bench) {
      bench.requests.forEach(request -> requests.add(request.gzip()));
    }
  }

  /** The requests once more, in JSON; of exponential histograms only. */
  @State(Scope.Thread)
  public static class Json {
    private final List<OtlpLoad.JsonRequest> requests = new ArrayList<>();

    /** Writes. */
    @Setup
    public void fill(IntakeBench bench) throws IOException {
      for (OtlpLoad.Request request : bench.requests) {
        requests.add(
            new OtlpLoad.JsonRequest(ExportMetricsServiceRequest.parseFrom(request.marked())));
      }
    }
  }

  /** Makes the requests, sends each once, and checks that what was sent arrived. */
  @Setup
  public void fill() throws IOException {
    Random random = new Random(1);
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < REQUESTS * POINTS; i++) {
      order.add(i);
    }
    Collections.shuffle(order, random);
    long sent = 0;
    for (int request = 0; request < REQUESTS; request++) {
      List<Integer> series = order.subList(request * POINTS, (request + 1) * POINTS);
      Metric metric = shape.metric(series, random);
      sent += values(metric);
      requests.add(
          new OtlpLoad.Request(
              OtlpLoad.message("process-" + request, List.of(metric)).toByteArray()));
    }
    for (OtlpLoad.Request request : requests) {
      lanes.add(decoding.decode(request.endingAt(time++)));
    }
    long seen = lanes.look();
    if (seen != sent) {
      throw new IllegalStateException("values: " + seen + " (expected: " + sent + ")");
    }
  }

  private static long values(Metric metric) {
    long values = 0;
    for (ExponentialHistogramDataPoint point :
        metric.getExponentialHistogram().getDataPointsList()) {
      values += point.getCount();
    }
    for (HistogramDataPoint point : metric.getHistogram().getDataPointsList()) {
      values += point.getCount();
    }
    for (NumberDataPoint point : metric.getSum().getDataPointsList()) {
      values += point.getAsInt();
    }
    return values;
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
    Batch batch = decoding.decode(request().endingAt(time++));
    batch.release();
    return batch;
  }

  /** From compressed bytes to series. */
  @Benchmark
  public int breakwaterGzip(Compressed compressed) throws IOException {
    OtlpLoad.Request request = request();
    byte[] bytes = DecodingProbe.gunzip(compressed.requests.get(next));
    return lanes.add(decoding.decode(request.endingAt(time++, bytes)));
  }

  /** From JSON to series. */
  @Benchmark
  public int breakwaterJson(Json json) throws IOException {
    next = (next + 1) % REQUESTS;
    byte[] text = json.requests.get(next).endingAt(time++);
    return lanes.add(decoding.decode(DecodingProbe.toProtobuf(text)));
  }

  /** protobuf-java: message objects, nothing merged. */
  @Benchmark
  public ExportMetricsServiceRequest protobufParse() throws IOException {
    return ExportMetricsServiceRequest.parseFrom(request().endingAt(time++));
  }

  /** The same from compressed bytes. */
  @Benchmark
  public ExportMetricsServiceRequest protobufGzipParse(Compressed compressed) throws IOException {
    next = (next + 1) % REQUESTS;
    return ExportMetricsServiceRequest.parseFrom(
        new GZIPInputStream(new ByteArrayInputStream(compressed.requests.get(next)), 8192));
  }
}
