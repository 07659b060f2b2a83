package io.breakwater.agent.core.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.agent.core.config.AgentConfig;
import io.breakwater.agent.core.config.ConfigSources;
import io.breakwater.agent.core.record.Drops;
import io.breakwater.agent.core.record.Labels;
import io.breakwater.signals.ExponentialHistogram;
import io.breakwater.signals.Metrics;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OtlpExportTest {
  private final Drops drops = new Drops();
  private final List<String> messages = new CopyOnWriteArrayList<>();
  private final List<OtlpExport> exports = new ArrayList<>();
  private final Map<String, String> properties = new HashMap<>();
  private OtlpReceiver receiver;

  @BeforeEach
  void listen() throws IOException {
    receiver = new OtlpReceiver();
  }

  @AfterEach
  void end() throws InterruptedException {
    for (OtlpExport export : exports) {
      export.close(0);
    }
    receiver.close();
  }

  private OtlpExport export(String address) throws IOException {
    properties.put("breakwater.endpoint", address);
    AgentConfig config = AgentConfig.load(ConfigSources.of(properties, Map.of(), null));
    assertThat(config.warnings()).isEmpty();
    OtlpExport export =
        new OtlpExport(
            config.endpoint(),
            Map.of("service.name", "scoring"),
            drops,
            OtlpExportTest::start,
            messages::add);
    exports.add(export);
    return export;
  }

  private static void start(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  private static MetricBatch batch(int calls) {
    return batch(calls, 2_000);
  }

  private static MetricBatch batch(int calls, long end) {
    ExponentialHistogram durations = ExponentialHistogram.ofScale(5);
    for (int i = 0; i < calls; i++) {
      durations.record(0.004);
    }
    MetricBatch batch = new MetricBatch(end);
    batch.histogram(
        Metrics.INFERENCE_DURATION,
        Labels.NONE.with("ml.model.name", "credit").with("bound", 1.5),
        durations.snapshot(),
        1_000);
    return batch;
  }

  @Test
  void points_arriveAsTheyWere() throws Exception {
    OtlpExport export = export(receiver.address());
    MetricBatch batch = batch(7);
    batch.sum(Metrics.INFERENCE_PREDICTIONS, Labels.NONE, 3, 5_000);
    batch.time(Metrics.AGENT_OVERHEAD, Labels.NONE, 0.25, 1_000);
    batch.gauge(Metrics.AGENT_HEARTBEAT, 1);
    export.send(batch);
    OtlpReceiver.await("a request", () -> !receiver.taken().isEmpty());

    assertThat(receiver.resource()).containsExactly(Map.entry("service.name", "scoring"));
    assertThat(
            receiver.taken().get(0).getResourceMetrics(0).getScopeMetrics(0).getScope().getName())
        .isEqualTo("io.breakwater.agent");
    Metric duration = receiver.metrics("ml.inference.duration").get(0);
    assertThat(duration.getUnit()).isEqualTo("s");
    assertThat(duration.getExponentialHistogram().getAggregationTemporality())
        .isEqualTo(AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA);
    ExponentialHistogramDataPoint point = duration.getExponentialHistogram().getDataPoints(0);
    assertThat(point.getCount()).isEqualTo(7);
    assertThat(point.getScale()).isEqualTo(5);
    assertThat(point.getSum()).isEqualTo(7 * 0.004);
    assertThat(point.getPositive().getBucketCountsList()).containsExactly(7L);
    assertThat(point.getStartTimeUnixNano()).isEqualTo(1_000);
    assertThat(point.getTimeUnixNano()).isEqualTo(2_000);
    assertThat(point.getAttributesList())
        .extracting(attribute -> attribute.getKey())
        .containsExactlyInAnyOrder("ml.model.name", "bound");
    Metric predictions = receiver.metrics("ml.inference.predictions").get(0);
    assertThat(predictions.getSum().getIsMonotonic()).isTrue();
    assertThat(predictions.getSum().getDataPoints(0).getAsInt()).isEqualTo(3);
    assertThat(predictions.getSum().getDataPoints(0).getStartTimeUnixNano())
        .as("an interval never ends before it starts")
        .isEqualTo(2_000);
    assertThat(
            receiver
                .metrics("breakwater.agent.overhead")
                .get(0)
                .getSum()
                .getDataPoints(0)
                .getAsDouble())
        .isEqualTo(0.25);
    assertThat(
            receiver
                .metrics("breakwater.agent.heartbeat")
                .get(0)
                .getGauge()
                .getDataPoints(0)
                .getAsInt())
        .isEqualTo(1);
    assertThat(messages).isEmpty();
  }

  @Test
  void headersTokenAndCompression_areHonoured() throws Exception {
    properties.put("otel.exporter.otlp.compression", "gzip");
    properties.put("otel.exporter.otlp.headers", "api-key=one");
    properties.put("breakwater.token", "secret");
    export(receiver.address()).send(batch(1));
    OtlpReceiver.await("a request", () -> !receiver.taken().isEmpty());

    assertThat(receiver.headers().get(0).getFirst("Authorization")).isEqualTo("Bearer secret");
    assertThat(receiver.headers().get(0).getFirst("Api-key")).isEqualTo("one");
    assertThat(receiver.headers().get(0).getFirst("Content-Type"))
        .isEqualTo("application/x-protobuf");
    assertThat(receiver.headers().get(0).getFirst("Content-Encoding")).isEqualTo("gzip");
  }

  @Test
  void busyEndpoint_isTriedAgainUntilItTakes() throws Exception {
    receiver.refuseNext(503, 429, 502, 504);
    export(receiver.address()).send(batch(1));
    OtlpReceiver.await("the request", () -> receiver.taken().size() == 1);
    OtlpReceiver.await("both messages", () -> messages.size() == 2);

    assertThat(messages.get(0)).contains("cannot be delivered", receiver.address());
    assertThat(messages.get(1)).contains("again");
    for (Drops.Reason reason : Drops.Reason.values()) {
      assertThat(drops.count(reason)).isZero();
    }
  }

  @Test
  void refusal_isFinalAndCounted() throws Exception {
    receiver.refuseNext(400);
    OtlpExport export = export(receiver.address());
    export.send(batch(1));
    export.send(batch(2));
    OtlpReceiver.await("the second", () -> receiver.taken().size() == 1);

    assertThat(receiver.histogramCount("ml.inference.duration")).isEqualTo(2);
    assertThat(drops.count(Drops.Reason.REFUSED)).isEqualTo(1);
    assertThat(messages.get(0)).contains("status 400");
  }

  @Test
  void endpointThatComesUpLater_getsWhatWaited() throws Exception {
    int port = freePort();
    OtlpExport export = export("http://127.0.0.1:" + port);
    for (int i = 0; i < 5; i++) {
      export.send(batch(1));
    }
    OtlpReceiver.await("the message", () -> messages.size() == 1);
    assertThat(messages.get(0)).contains("cannot be delivered").contains("ConnectException");

    List<String> lines = new CopyOnWriteArrayList<>();
    try (ServerSocket late = new ServerSocket(port, 50, InetAddress.getLoopbackAddress())) {
      start("late", () -> answer(late, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", lines));
      OtlpReceiver.await("all requests", () -> lines.size() == 5);
      OtlpReceiver.await("the message", () -> messages.size() == 2);
    }
    assertThat(drops.count(Drops.Reason.QUEUE_FULL)).isZero();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Answers each request on each connection with the same bytes. */
  private static void answer(ServerSocket server, String answer, List<String> requests) {
    try {
      while (true) {
        Socket socket = server.accept();
        start("connection", () -> answerAll(socket, answer, requests));
      }
    } catch (IOException e) {
      // the test is over
    }
  }

  private static void answerAll(Socket socket, String answer, List<String> requests) {
    try (Socket open = socket;
        InputStream in = open.getInputStream()) {
      int length = readHead(in);
      while (length >= 0) {
        in.readNBytes(length);
        requests.add("request");
        open.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
        open.getOutputStream().flush();
        length = readHead(in);
      }
    } catch (IOException e) {
      // the other side went away
    }
  }

  /** Reads up to the body; returns its length, -1 at the end. */
  private static int readHead(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        return -1;
      }
      head.append((char) next);
    }
    for (String line : head.toString().split("\r\n")) {
      if (line.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:")) {
        return Integer.parseInt(line.substring(15).trim());
      }
    }
    return 0;
  }

  @Test
  void senselessAnswers_areGivenUpAfterAFewAttemptsAndCounted() throws Exception {
    List<String> requests = new CopyOnWriteArrayList<>();
    try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      start("garbage", () -> answer(server, "SSH-2.0-OpenSSH_9.2\r\n\r\n\r\n", requests));
      OtlpExport export = export("http://127.0.0.1:" + server.getLocalPort());
      export.send(batch(1));
      OtlpReceiver.await("giving up", () -> drops.count(Drops.Reason.UNDELIVERED) == 1);
    }
    assertThat(messages).hasSize(1);
  }

  @Test
  void hangingEndpoint_holdsUpNobodyAndMemoryStaysBounded() throws Exception {
    properties.put("otel.exporter.otlp.timeout", "600000");
    try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      OtlpExport export = export("http://127.0.0.1:" + server.getLocalPort()); // never accepts
      int sent = 3 * OtlpExport.MAX_QUEUE_REQUESTS;
      for (int i = 0; i < sent; i++) {
        export.send(batch(1, 2_000 + i));
      }
      assertThat(export.waiting()).isEqualTo(OtlpExport.MAX_QUEUE_REQUESTS);
      assertThat(drops.count(Drops.Reason.QUEUE_FULL))
          .isEqualTo(sent - OtlpExport.MAX_QUEUE_REQUESTS);
    }
  }

  private static MetricBatch large(int points, long end) {
    MetricBatch large = new MetricBatch(end);
    for (int i = 0; i < points; i++) {
      large.sum(Metrics.INFERENCE_PREDICTIONS, Labels.NONE.with("c", "class " + i), 1, 1_000);
    }
    return large;
  }

  @Test
  void endpointThatReadsNothing_isAbortedAndTriedAgain() throws Exception {
    properties.put("otel.exporter.otlp.timeout", "100");
    try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      OtlpExport export = export("http://127.0.0.1:" + server.getLocalPort());
      export.send(large(300_000, 2_000)); // more than the system's buffers hold
      List<Socket> deaf = new CopyOnWriteArrayList<>();
      start("deaf", () -> acceptAll(server, deaf));
      OtlpReceiver.await(
          "the second attempt",
          () -> {
            export.watch();
            return deaf.size() == 2;
          });
      for (Socket socket : deaf) {
        socket.close();
      }
    }
  }

  private static void acceptAll(ServerSocket server, List<Socket> accepted) {
    try {
      while (true) {
        accepted.add(server.accept());
      }
    } catch (IOException e) {
      // the test is over
    }
  }

  @Test
  void endpointThatNeverStopsItsHeader_isAbortedAndTriedAgain() throws Exception {
    properties.put("otel.exporter.otlp.timeout", "200");
    try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      List<Socket> talked = new CopyOnWriteArrayList<>();
      start("talker", () -> talkToAll(server, talked));
      OtlpExport export = export("http://127.0.0.1:" + server.getLocalPort());
      export.send(batch(1));
      OtlpReceiver.await(
          "the second attempt",
          () -> {
            export.watch();
            return talked.size() == 2;
          });
    }
  }

  /** Answers with the first letters of a header, one every 100 ms. */
  private static void talkToAll(ServerSocket server, List<Socket> talked) {
    try {
      while (true) {
        Socket socket = server.accept();
        talked.add(socket);
        start("talk", () -> talk(socket));
      }
    } catch (IOException e) {
      // the test is over
    }
  }

  private static void talk(Socket socket) {
    try (Socket open = socket) {
      open.getOutputStream().write("HTTP/1.1 200 OK\r\nX: ".getBytes(StandardCharsets.US_ASCII));
      while (true) {
        open.getOutputStream().write('a');
        Thread.sleep(100);
      }
    } catch (IOException | InterruptedException e) {
      // the other side went away
    }
  }

  @Test
  void addressWithUserAndQuery_isShownWithout() throws Exception {
    export("http://user:secret@127.0.0.1:" + freePort() + "/?key=secret").send(batch(1));
    OtlpReceiver.await("the message", () -> messages.size() == 1);

    assertThat(messages.get(0)).contains("http://127.0.0.1:").doesNotContain("secret");
  }

  @Test
  void interruptedDelivery_goesOn() throws Exception {
    List<Thread> threads = new CopyOnWriteArrayList<>();
    AgentConfig config =
        AgentConfig.load(
            ConfigSources.of(Map.of("breakwater.endpoint", receiver.address()), Map.of(), null));
    OtlpExport export =
        new OtlpExport(
            config.endpoint(),
            Map.of(),
            drops,
            (name, work) -> {
              Thread thread = new Thread(work, name);
              thread.setDaemon(true);
              threads.add(thread);
              thread.start();
            },
            messages::add);
    exports.add(export);
    for (int i = 1; i <= 3; i++) {
      threads.get(0).interrupt();
      export.send(batch(1));
      int sent = i;
      OtlpReceiver.await("request " + i, () -> receiver.taken().size() == sent);
    }
  }

  @Test
  void largeRequests_areBoundedByTheirBytes() throws Exception {
    OtlpExport export = export("http://127.0.0.1:" + freePort());
    for (int i = 0; i < 200; i++) {
      export.send(large(2_000, 2_000 + i));
    }
    assertThat(export.waitingBytes()).isLessThanOrEqualTo(OtlpExport.MAX_QUEUE_BYTES);
    assertThat(drops.count(Drops.Reason.QUEUE_FULL)).isPositive();
  }

  @Test
  void close_deliversWhatWaits() throws Exception {
    OtlpExport export = export(receiver.address());
    for (int i = 0; i < 20; i++) {
      export.send(batch(1));
    }
    export.close(30_000);

    assertThat(receiver.histogramCount("ml.inference.duration")).isEqualTo(20);
  }

  @Test
  void close_givesUpOnADeadEndpoint() throws Exception {
    OtlpExport export = export("http://127.0.0.1:" + freePort());
    export.send(batch(1));
    export.close(600_000); // the test would not end if it waited

    OtlpReceiver.await("the count", () -> drops.count(Drops.Reason.UNDELIVERED) == 1);
  }
}
