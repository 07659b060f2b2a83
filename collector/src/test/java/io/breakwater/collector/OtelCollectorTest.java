package io.breakwater.collector;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.collector.config.GuardrailFile;
import io.breakwater.engine.ModelState;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A real OpenTelemetry Collector between three serving processes and the collector, configured as
 * docs/emitters.md shows: {@code -Dotelcol=/path/to/binary}.
 */
@EnabledIfSystemProperty(
    named = "otelcol",
    matches = ".+",
    disabledReason = "needs an OpenTelemetry Collector: -Dotelcol=/path/to/binary")
class OtelCollectorTest {
  private static final Path DOCS = Path.of("../docs/emitters.md");
  private static final List<String> INSTANCES = List.of("i-1", "i-2", "i-3");
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @TempDir Path folder;
  private final String targetName = UUID.randomUUID().toString();
  private final FakeTarget target = FakeTarget.named(targetName).with("1", 0.8).with("2", 0.2);
  private final Map<String, Long> sent = new TreeMap<>();
  private long clock = System.currentTimeMillis() * 1_000_000L;
  private int receiver;
  private Process between;
  private Collector collector;

  @AfterEach
  void stop() throws InterruptedException {
    if (between != null) {
      between.destroy();
      if (!between.waitFor(10, TimeUnit.SECONDS)) {
        between.destroyForcibly();
      }
    }
    if (collector != null) {
      collector.close();
    }
  }

  @ParameterizedTest
  @CsvSource({"otlp, gzip", "otlp, none", "otlphttp, gzip", "otlphttp, none"})
  void whatPassesThrough_isJudgedAsIfItHadNot(String exporter, String compression)
      throws Exception {
    start(0, 0);
    startBetween(exporter, compression, collector.otlpGrpcPort(), collector.otlpHttpPort());

    drive(false, () -> counted("1") > 1_000);
    allIsCounted();
    assertThat(breaker("2")).isEqualTo("CLOSED");
    drive(true, () -> breaker("2").equals("OPEN"));

    assertThat(target.share("2")).isZero();
    assertThat(breaker("1")).isEqualTo("CLOSED");
    allIsCounted();
    assertThat(state().instances()).containsOnlyKeys(INSTANCES);
  }

  @Test
  void whatWasSentWhileTheCollectorWasDown_comesLater() throws Exception {
    int port = freePort();
    startBetween("otlphttp", "gzip", port, port);
    for (int i = 0; i < 20; i++) {
      send(false);
    }
    Await.until("it tried", () -> log().contains("Exporting failed. Will retry"));

    start(0, port);
    allIsCounted();
    assertThat(sent.get("1")).isEqualTo(20L * INSTANCES.size() * 20);
    drive(true, () -> breaker("2").equals("OPEN"));
    allIsCounted();
  }

  /** Everything that was sent, and nothing of it twice. */
  private void allIsCounted() throws InterruptedException {
    Await.until(
        "all calls of " + sent,
        () -> sent.entrySet().stream().allMatch(e -> counted(e.getKey()) >= e.getValue()));
    sent.forEach((version, calls) -> assertThat(counted(version)).isEqualTo(calls));
  }

  private void start(int grpcPort, int httpPort) throws Exception {
    Path file = folder.resolve("b.yaml");
    Files.writeString(
        file,
        """
        models:
          - name: credit
            stable: "1"
            mode: enforce
            guardrails: [{signal: errors, against: stable}]
            breaker: {cooldown: 1h, drain: 200ms}
            backend: {type: fake, target: TARGET}
        listen: {otlp-grpc-port: GRPC, otlp-http-port: HTTP, http-port: 0}
        """
            .replace("TARGET", targetName)
            .replace("GRPC", String.valueOf(grpcPort))
            .replace("HTTP", String.valueOf(httpPort)));
    collector = Collector.start(GuardrailFile.reader().read(file), folder.resolve("data"));
  }

  private void startBetween(String exporter, String compression, int grpcPort, int httpPort)
      throws Exception {
    receiver = freePort();
    Matcher block =
        Pattern.compile("```yaml\n(receivers:.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(DOCS));
    assertThat(block.find()).isTrue();
    String config =
        block
            .group(1)
            .replace("0.0.0.0:4317", "127.0.0.1:" + freePort())
            .replace("0.0.0.0:4318", "127.0.0.1:" + receiver)
            .replace("breakwater.example:4317", "127.0.0.1:" + grpcPort)
            .replace("breakwater.example:4318", "127.0.0.1:" + httpPort)
            .replace("compression: gzip", "compression: " + compression)
            .replace("exporters: [otlphttp]", "exporters: [" + exporter + "]");
    assertThat(config).contains("exporters: [" + exporter + "]", "compression: " + compression);
    config += "  telemetry: {metrics: {level: none}}\n"; // else it takes port 8888
    Path file = Files.writeString(folder.resolve("otelcol.yaml"), config);
    ProcessBuilder process =
        new ProcessBuilder(System.getProperty("otelcol"), "--config", "file:" + file)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile());
    process.environment().put("BREAKWATER_TOKEN", "none");
    between = process.start();
    Await.until(
        "ready: " + log(), () -> log().contains("Everything is ready") || !between.isAlive());
    assertThat(between.isAlive()).as(log()).isTrue();
  }

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }

  private String log() {
    try {
      Path log = folder.resolve("log");
      return Files.exists(log) ? Files.readString(log) : "";
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void drive(boolean failing, BooleanSupplier until) throws InterruptedException {
    Await.until(
        "what the calls lead to; " + sent,
        () -> {
          send(failing);
          return until.getAsBoolean();
        });
  }

  /** One interval of every process. */
  private void send(boolean failing) {
    long start = clock;
    clock += 100_000_000L;
    for (String instance : INSTANCES) {
      OtlpRequests request =
          OtlpRequests.from(instance).calls("credit", "1", null, 20, start, clock);
      sent.merge("1", 20L, Long::sum);
      if (target.share("2") > 0) {
        request.calls("credit", "2", failing ? "boom" : null, 5, start, clock);
        sent.merge("2", 5L, Long::sum);
      }
      post(request.bytes());
    }
  }

  private void post(byte[] body) {
    try {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + receiver + "/v1/metrics"))
              .header("Content-Type", "application/x-protobuf")
              .POST(BodyPublishers.ofByteArray(body))
              .build();
      assertThat(HTTP.send(request, BodyHandlers.discarding()).statusCode()).isEqualTo(200);
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private long counted(String version) {
    return collector.totals().stream()
        .flatMap(model -> model.read().stream())
        .filter(totals -> totals.version().equals(version))
        .mapToLong(totals -> totals.calls())
        .sum();
  }

  private ModelState state() {
    return collector.models().state("credit");
  }

  private String breaker(String version) {
    var known = state().versions().get(version);
    return known == null ? "none" : known.breaker().name();
  }
}
