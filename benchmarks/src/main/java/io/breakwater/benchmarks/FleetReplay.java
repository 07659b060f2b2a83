package io.breakwater.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import io.breakwater.collector.Collector;
import io.breakwater.collector.config.CollectorConfig;
import io.breakwater.collector.config.GuardrailFile;
import io.breakwater.collector.intake.Batch;
import io.breakwater.collector.intake.DecodingProbe;
import io.breakwater.collector.reference.ReferenceFile;
import io.breakwater.collector.runtime.LaneProbe;
import io.breakwater.engine.Distribution;
import io.breakwater.engine.reference.Reference;
import io.breakwater.engine.reference.ReferenceGatherer;
import io.breakwater.signals.Attributes;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * A fleet of the size of Uber's published peak against a collector in this process: 10 million
 * predictions a second over 5,000 models. Assumed: 1,000 processes of 250 models each, 30 features;
 * durations and scores leave every second, features every 10 s. Requests are made beforehand and
 * sent over HTTP on loopback.
 *
 * <p>Arguments: seconds (default 60), share of the fleet in percent (default 100), and {@code all}
 * or {@code none}: whether all models are guarded or none (default). Prints the processor time of
 * the collector's threads in cores, memory, and what was taken and dropped.
 *
 * <p>With {@code guarded}, seconds, a number of models and processes a model as arguments, only so
 * many models are fed, each by so many processes, and all are guarded against a reference that was
 * built beforehand.
 *
 * <p>With {@code intake} and seconds as arguments the same requests go through the intake alone, on
 * one thread and as fast as it can: decoding, repeats, and merging into open panes. Prints the
 * processor time for one second of the whole fleet.
 */
public final class FleetReplay {
  private static final int PROCESSES = 1_000;
  private static final int MODELS = 5_000;
  private static final int MODELS_EACH = 250;
  private static final int FEATURES = 30;
  private static final int FLUSH = 10;
  private static final int CALLS_A_SECOND = 40; // 10 million over 1,000 processes of 250 models
  private static final int WARM_UP = 30;
  private static final int VARIANTS = 6;
  private static final int REFERENCE_PANES = 100;
  private static final String NAME_PREFIX = "process-";
  private static final String GUARDRAILS =
      """
      listen: {otlp-grpc-port: 0, otlp-http-port: 0, http-port: 0}
      models:
        - name: "%s"
          stable: "3"
          guardrails:
            - {signal: errors, max: 5%%}
            - {signal: duration, quantile: 0.99, max: 1s}
            - {signal: score, drift: native}
            - {signal: "feature:*", drift: native}
      """;

  private final Random random = new Random(1);
  private final int templates;

  /** Requests of a process that take turns: values that always were the same would drift. */
  private final int variants;

  private final List<OtlpLoad.Request> outcomes = new ArrayList<>();
  private final List<OtlpLoad.Request> features = new ArrayList<>();
  private long sentPoints;
  private long sentBytes;
  private long refusedRequests;

  private FleetReplay() {
    this(MODELS / MODELS_EACH, 1);
  }

  private FleetReplay(int templates, int variants) {
    this.templates = templates;
    this.variants = variants;
  }

  /** Replays. */
  public static void main(String[] args) throws Exception {
    if (args.length > 0 && args[0].equals("intake")) {
      new FleetReplay().intake(args.length > 1 ? Integer.parseInt(args[1]) : 20);
    } else if (args.length > 0 && args[0].equals("guarded")) {
      int templates = Integer.parseInt(args[2]) / MODELS_EACH;
      FleetReplay fleet = new FleetReplay(templates, VARIANTS);
      fleet.run(
          Integer.parseInt(args[1]),
          WARM_UP,
          templates * Integer.parseInt(args[3]),
          fleet.guardrails(Files.createTempFile("fleet", ".json")));
    } else {
      int seconds = args.length > 0 ? Integer.parseInt(args[0]) : 60;
      int percent = args.length > 1 ? Integer.parseInt(args[1]) : 100;
      boolean guarded = args.length > 2 && args[2].equals("all");
      new FleetReplay()
          .run(
              seconds,
              Math.min(20, seconds),
              PROCESSES * percent / 100,
              GUARDRAILS.formatted(guarded ? "*" : "another"));
    }
    System.exit(0);
  }

  private void make() {
    for (int i = 0; i < variants * templates; i++) {
      outcomes.add(outcome(i % templates));
      features.add(features(i % templates));
    }
  }

  private void intake(int seconds) throws IOException {
    make();
    DecodingProbe decoding = new DecodingProbe();
    LaneProbe lanes = new LaneProbe();
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long decode = 0;
    long merge = 0;
    long cut = 0;
    for (int second = -seconds; second < seconds; second++) {
      if (second == 0) { // the first half is for series and code
        decode = 0;
        merge = 0;
        cut = 0;
        sentPoints = 0;
        sentBytes = 0;
      }
      for (int process = 0; process < PROCESSES; process++) {
        boolean flush = process % FLUSH == Math.floorMod(second, FLUSH);
        for (int kind = 0; kind < (flush ? 2 : 1); kind++) {
          OtlpLoad.Request request = (kind == 0 ? outcomes : features).get(process % templates);
          byte[] body = request.endingAt((seconds + second + 2L) * 1_000_000_000L, name(process));
          long start = threads.getCurrentThreadCpuTime();
          Batch batch = decoding.decode(body);
          long decoded = threads.getCurrentThreadCpuTime();
          sentPoints += batch.size();
          lanes.add(batch);
          merge += threads.getCurrentThreadCpuTime() - decoded;
          decode += decoded - start;
          sentBytes += body.length;
        }
      }
      long start = threads.getCurrentThreadCpuTime();
      lanes.cutSecond();
      cut += threads.getCurrentThreadCpuTime() - start;
    }
    System.out.printf(
        Locale.ROOT,
        "%,d points and %,d MB a second: decoding %.3f cores, merging %.3f, %.0f ns a point;"
            + " cutting panes without guardrails %.3f cores%n",
        sentPoints / seconds,
        sentBytes / seconds / 1_000_000,
        decode / 1e9 / seconds,
        merge / 1e9 / seconds,
        (decode + merge) / (double) sentPoints,
        cut / 1e9 / seconds);
    memory();
  }

  /** A realistic set, with a reference of what all models get. */
  private String guardrails(Path reference) throws IOException {
    Map<String, Reference> signals = new TreeMap<>();
    signals.put("score", reference(CALLS_A_SECOND, 5, -1, 0.4));
    for (int feature = 0; feature < FEATURES; feature++) {
      signals.put("feature:feature-" + feature, reference(CALLS_A_SECOND * FLUSH, 4, 0, 0.5));
    }
    Files.write(reference, ReferenceFile.write(null, ReferenceFile.set("the fleet", signals)));
    return """
        listen: {otlp-grpc-port: 0, otlp-http-port: 0, http-port: 0}
        models:
          - name: "*"
            stable: "3"
            reference: {file: %s}
            warmup: {calls: 1, time: 1s}
            guardrails:
              - {signal: errors, against: stable}
              - {signal: errors, max: 5%%}
              - {signal: duration, quantile: 0.99, max: 2s}
              - {signal: duration, slower-than: p99, against: stable}
              - {signal: score, drift: native, tolerance: 0.03}
              - {signal: "feature:*", drift: native, tolerance: 0.05, then: alert}
        """
        .formatted(reference);
  }

  private Reference reference(int rows, int scale, double mean, double deviation) {
    ReferenceGatherer gatherer = ReferenceGatherer.of((long) REFERENCE_PANES * rows);
    for (int pane = 0; pane < REFERENCE_PANES; pane++) {
      gatherer =
          gatherer.add(
              new Distribution.Numbers(
                  new Distribution.Sketch(
                      List.of(OtlpLoad.values(random, rows, scale, mean, deviation)), List.of()),
                  null,
                  0));
    }
    return gatherer.result();
  }

  private void run(int seconds, int warmUp, int processes, String guardrails) throws Exception {
    Path folder = Files.createTempDirectory("fleet");
    Path file = folder.resolve("breakwater.yaml");
    Files.writeString(file, guardrails);
    CollectorConfig config = GuardrailFile.reader().read(file);
    make();
    try (Collector collector = Collector.start(config, folder.resolve("data"));
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), collector.otlpHttpPort())) {
      send(socket, warmUp, processes, 0); // series and code
      Map<String, Long> before = cpu();
      long points = sentPoints;
      long bytes = sentBytes;
      long used = othersCpu();
      long start = System.nanoTime();
      send(socket, seconds, processes, warmUp);
      double took = (System.nanoTime() - start) / 1e9;
      System.out.printf(
          Locale.ROOT,
          "%-22s %6.3f cores, collection of garbage and compilation included%n",
          "all but the load",
          (othersCpu() - used) / took / 1e9);
      report(before, took, sentPoints - points, sentBytes - bytes, collector);
    }
  }

  private OtlpLoad.Request outcome(int template) {
    List<ExponentialHistogramDataPoint> durations = new ArrayList<>();
    List<ExponentialHistogramDataPoint> scores = new ArrayList<>();
    for (int i = 0; i < MODELS_EACH; i++) {
      String model = "model-" + (template * MODELS_EACH + i);
      durations.add(values(CALLS_A_SECOND, 5, -6, 0.3, model));
      scores.add(values(CALLS_A_SECOND, 5, -1, 0.4, model));
    }
    return OtlpLoad.request(
        name(0), Map.of("ml.inference.duration", durations, "ml.inference.score", scores));
  }

  private OtlpLoad.Request features(int template) {
    List<ExponentialHistogramDataPoint> points = new ArrayList<>();
    for (int i = 0; i < MODELS_EACH; i++) {
      for (int feature = 0; feature < FEATURES; feature++) {
        points.add(
            values(
                CALLS_A_SECOND * FLUSH,
                4,
                0,
                0.5,
                "model-" + (template * MODELS_EACH + i),
                Attributes.FEATURE_NAME,
                "feature-" + feature));
      }
    }
    return OtlpLoad.request(name(0), Map.of("ml.inference.feature", points));
  }

  private ExponentialHistogramDataPoint values(
      int count, int scale, double mean, double deviation, String model, String... more) {
    List<String> attributes =
        new ArrayList<>(List.of(Attributes.MODEL_NAME, model, Attributes.MODEL_VERSION, "3"));
    attributes.addAll(List.of(more));
    return OtlpLoad.point(
        OtlpLoad.logNormal(random, count, scale, mean, deviation),
        attributes.toArray(new String[0]));
  }

  private static String name(int process) {
    return NAME_PREFIX + String.format(Locale.ROOT, "%06d", process);
  }

  private void send(Socket socket, int seconds, int processes, int from) throws Exception {
    long start = System.nanoTime();
    long sent = 0;
    for (int second = 0; second < seconds; second++) {
      for (int process = 0; process < processes; process++) {
        long time = (from + second + 2L) * 1_000_000_000L;
        post(socket, outcomes.get(request(process, second)), process, time);
        if (process % FLUSH == second % FLUSH) {
          post(socket, features.get(request(process, second / FLUSH)), process, time);
        }
        sent++;
        long due = start + sent * 1_000_000_000L / processes;
        long early = due - System.nanoTime();
        if (early > 1_000_000) {
          Thread.sleep(early / 1_000_000);
        }
      }
    }
  }

  private int request(int process, int turn) {
    return (process / templates + turn) % variants * templates + process % templates;
  }

  private void post(Socket socket, OtlpLoad.Request request, int process, long time)
      throws IOException {
    byte[] body = request.endingAt(time, name(process));
    OutputStream out = socket.getOutputStream();
    out.write(
        ("POST /v1/metrics HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-protobuf\r\n"
                + "Content-Length: "
                + body.length
                + "\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII));
    out.write(body);
    sentBytes += body.length;
    if (answer(socket.getInputStream()).startsWith("HTTP/1.1 200")) {
      sentPoints += request.points();
    } else {
      refusedRequests++;
    }
  }

  /** Reads one answer; returns its first line. */
  private static String answer(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int b = in.read();
      if (b < 0) {
        throw new IOException("the collector hung up");
      }
      head.append((char) b);
    }
    String text = head.toString().toLowerCase(Locale.ROOT);
    int at = text.indexOf("content-length:");
    int length =
        at < 0
            ? 0
            : Integer.parseInt(
                text.substring(at + "content-length:".length(), text.indexOf("\r\n", at)).trim());
    in.skipNBytes(length);
    return head.substring(0, head.indexOf("\r\n"));
  }

  /** Processor time of this process but for this thread, which makes the load. */
  private static long othersCpu() {
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    return system.getProcessCpuTime()
        - ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static Map<String, Long> cpu() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    Map<String, Long> cpu = new TreeMap<>();
    for (long id : threads.getAllThreadIds()) {
      ThreadInfo info = threads.getThreadInfo(id);
      if (info != null && info.getThreadName().startsWith("breakwater-")) {
        String group = info.getThreadName().replaceAll("-[0-9].*", "");
        cpu.merge(group, threads.getThreadCpuTime(id), Long::sum);
      }
    }
    return cpu;
  }

  private void report(
      Map<String, Long> before, double took, long points, long bytes, Collector collector)
      throws IOException {
    double all = 0;
    for (Map.Entry<String, Long> entry : cpu().entrySet()) {
      double cores = (entry.getValue() - before.getOrDefault(entry.getKey(), 0L)) / took / 1e9;
      all += cores;
      System.out.printf(Locale.ROOT, "%-22s %6.3f cores%n", entry.getKey(), cores);
    }
    System.out.printf(Locale.ROOT, "%-22s %6.3f cores%n", "all threads", all);
    System.out.printf(
        Locale.ROOT,
        "%,.0f points/s, %.0f MB/s, %d requests refused, over %.1f s%n",
        points / took,
        bytes / took / 1e6,
        refusedRequests,
        took);
    memory();
    collector
        .registry()
        .scrape()
        .forEach(
            metric -> {
              if (metric.getMetadata().getName().startsWith("breakwater_ingest")) {
                metric
                    .getDataPoints()
                    .forEach(
                        point -> {
                          if (point
                                  instanceof
                                  io.prometheus.metrics.model.snapshots.CounterSnapshot
                                          .CounterDataPointSnapshot
                                      counter
                              && counter.getValue() > 0) {
                            System.out.printf(
                                Locale.ROOT,
                                "%s%s %,.0f%n",
                                metric.getMetadata().getName(),
                                counter.getLabels(),
                                counter.getValue());
                          }
                        });
              }
            });
  }

  private static void memory() throws IOException {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    System.out.printf(
        Locale.ROOT,
        "heap after collection %,d MB, this load's requests included; %s%n",
        (runtime.totalMemory() - runtime.freeMemory()) >> 20,
        Files.readAllLines(Path.of("/proc/self/status")).stream()
            .filter(line -> line.startsWith("VmHWM"))
            .findFirst()
            .orElse(""));
    ManagementFactory.getGarbageCollectorMXBeans()
        .forEach(
            gc ->
                System.out.printf(
                    Locale.ROOT,
                    "%s: %d collections, %d ms%n",
                    gc.getName(),
                    gc.getCollectionCount(),
                    gc.getCollectionTime()));
  }
}
