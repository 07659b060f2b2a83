package io.breakwater.collector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.breakwater.collector.config.ConfigDiff;
import io.breakwater.collector.config.ConfigException;
import io.breakwater.collector.config.GuardrailFile;
import io.breakwater.collector.store.AuditChain;
import io.breakwater.collector.store.Replay;
import io.breakwater.engine.Event;
import io.breakwater.engine.ModelState;
import io.breakwater.engine.ModelState.VersionState;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceResponse;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The guardrail file of a running collector changes. */
class ReloadTest {
  private static final String FILE =
      """
      models:
        - name: credit
          stable: "1"
          mode: enforce
          guardrails:
            - {signal: errors, against: stable}
            - {signal: errors, max: 30%}
          breaker: {cooldown: 1h, drain: 200ms}
          backend: {type: fake, target: TARGET}
      listen: {otlp-grpc-port: 0, otlp-http-port: 0, http-port: 0}
      """;

  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @TempDir Path folder;
  private final String targetName = UUID.randomUUID().toString();
  private FakeTarget target;
  private Path file;
  private Collector collector;
  private long clock = System.currentTimeMillis() * 1_000_000L;

  @BeforeEach
  void start() throws Exception {
    target = FakeTarget.named(targetName).with("1", 0.8).with("2", 0.2);
    file = folder.resolve("b.yaml");
    write(FILE);
    collector = Collector.start(GuardrailFile.reader().read(file), folder.resolve("data"));
  }

  @AfterEach
  void stop() {
    collector.close();
  }

  private void write(String text) throws IOException {
    Files.writeString(file, text.replace("TARGET", targetName));
  }

  @Test
  void guardrailThatStays_keepsItsEvidence_andAnOpenBreakerStaysOpen() throws Exception {
    drive(false, () -> version("1") != null && detector("1", "errors max 30%") != null);
    Object fresh = detector("1", "errors max 30%");
    drive(false, () -> !detector("1", "errors max 30%").equals(fresh));
    settle();
    Object before = detector("1", "errors max 30%");
    Object canary = detector("2", "errors max 30%");

    write(FILE.replace("- {signal: errors, against: stable}", "- {signal: errors, max: 60%}"));
    String digest = collector.reload("test").config().digest();
    Await.until("in force", () -> policy().equals(digest));

    assertThat(before).isNotEqualTo(fresh);
    assertThat(detector("1", "errors max 30%")).isEqualTo(before);
    assertThat(detector("2", "errors max 30%")).isEqualTo(canary);
    assertThat(detector("2", "errors against stable")).isNull();
    drive(false, () -> detector("1", "errors max 60%") != null);

    drive(true, () -> version("2").breaker().name().equals("OPEN"));
    var open = version("2").breaker();
    int made = target.made();
    write(FILE.replace("mode: enforce", "mode: enforce\n    false-alarms: 1 per 50d"));
    String other = collector.reload("test").config().digest();
    drive(false, () -> policy().equals(other));

    assertThat(version("2").breaker()).isEqualTo(open);
    assertThat(target.share("2")).isZero();
    assertThat(target.made()).as("one to check the settings, none to use").isEqualTo(made + 1);
    everythingReplays(2);
  }

  /** What was decided before, between and after reloads follows from what was received. */
  private void everythingReplays(int reloads) throws InterruptedException {
    Await.until("recorded", () -> records("CONFIG_RELOADED").size() == reloads);
    int all = collector.models().decisions(null, null, 1000).size();
    collector.close();

    assertThat(AuditChain.verify(folder.resolve("data"), null).records()).isEqualTo(all);
    Replay.Result replayed = Replay.of(folder.resolve("data"));
    assertThat(replayed.problem()).isNull();
    assertThat(replayed.records()).isEqualTo(all - reloads).isPositive();
    assertThat(replayed.withoutInputs()).isZero();
    assertThat(replayed.covered())
        .singleElement()
        .satisfies(model -> assertThat(model.decisions()).isEqualTo(all - reloads));
  }

  @Test
  void change_isAnsweredAndInTheAuditTrail() throws Exception {
    drive(false, () -> version("2") != null);
    write(
        FILE.replace("max: 30%", "max: 40%").replace("http-port: 0}", "http-port: 9999}")
            + "auth: {tokens: [{name: ann, role: operate, secret: anns-secret}]}\n");

    var reload =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + collector.httpPort() + "/api/v1/config/reload"))
            .header("X-Breakwater-Request", "1")
            .POST(BodyPublishers.noBody())
            .build();
    var answer = HTTP.send(reload, BodyHandlers.ofString());

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body())
        .contains("model credit: guardrail errors max 30%")
        .contains("max: 0.3 -> 0.4")
        .contains("auth: token ann")
        .contains("http-port: 0 -> 9999")
        .doesNotContain("anns-secret");
    Await.until("recorded", () -> !records("CONFIG_RELOADED").isEmpty());
    JsonNode record = records("CONFIG_RELOADED").get(0);
    assertThat(record.path("by").asText()).isEqualTo("unnamed");
    assertThat(record.path("reason").asText())
        .contains("auth: token ann: added", "listen: http-port: 0 -> 9999 (at the next start)");
    assertThat(record.path("changes").size()).isEqualTo(3);
    assertThat(HTTP.send(reload, BodyHandlers.ofString()).statusCode())
        .as("the new tokens count")
        .isEqualTo(401);

    collector.reload("test");
    Await.until("recorded again", () -> records("CONFIG_RELOADED").size() == 2);
    assertThat(records("CONFIG_RELOADED").get(0).path("reason").asText())
        .isEqualTo("nothing changed");
    assertThat(AuditChain.verify(folder.resolve("data"), null).problem()).isNull();
  }

  @Test
  void fileWithAMistake_changesNothing() throws Exception {
    write(FILE.replace("max: 30%", "max: 40%").replace("type: fake", "type: fake, odd: 1"));

    assertThatThrownBy(() -> collector.reload("test"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("backend.odd: unknown setting");

    drive(false, () -> version("1") != null && detector("1", "errors max 30%") != null);
    assertThat(records("CONFIG_RELOADED")).isEmpty();
  }

  @Test
  void limits_holdFromTheReloadOn_andWhatIsThereStays() throws Exception {
    String lower =
        "limits: {models: 2, versions: 2, signals: 1, names: 3, waiting-points: 100,"
            + " request-points: 4, request-size: 1MiB, streams: 1}\n";
    drive(false, () -> version("2") != null);
    write(FILE + lower);
    collector.reload("test");

    assertThat(refused(request().calls("other", "1", null, 1, clock, clock + 1))).isEmpty();
    assertThat(refused(request().calls("third", "1", null, 1, clock, clock + 1)))
        .contains("too many models");
    assertThat(refused(calls(5))).contains("413");
    assertThat(refused(cumulative("1"), "baseline")).isEqualTo(1);
    assertThat(refused(cumulative("2"), "too_many_streams")).isEqualTo(1);
    assertThat(refused(calls(3), "too_many_versions")).isEqualTo(1);
    OtlpRequests classes = request();
    for (int i = 0; i < 4; i++) {
      classes.sum(
          "ml.inference.predictions", 1, clock, clock + 1, attributes("ml.output.class", "c" + i));
    }
    assertThat(refused(classes, "too_many_categories")).isEqualTo(1);
    assertThat(
            refused(
                request().values("ml.inference.score", 3, clock, clock + 1, attributes()),
                "too_many_signals"))
        .isEqualTo(1);

    write(FILE);
    assertThat(collector.reload("test").diff().changes()).hasSize(8);
    assertThat(refused(request().calls("third", "1", null, 1, clock, clock + 1))).isEmpty();
    assertThat(refused(calls(5))).isEmpty();
  }

  /** A call of each of so many versions. */
  private OtlpRequests calls(int versions) {
    OtlpRequests request = request();
    for (int i = 1; i <= versions; i++) {
      request.calls("credit", String.valueOf(i), null, 1, clock, clock + 1);
    }
    return request;
  }

  private OtlpRequests cumulative(String version) {
    return request()
        .cumulative()
        .sum(
            "ml.inference.predictions",
            5,
            clock - 1,
            clock,
            "ml.model.name",
            "credit",
            "ml.model.version",
            version,
            "ml.output.class",
            "c0");
  }

  private OtlpRequests request() {
    clock += 100;
    return OtlpRequests.from("i");
  }

  private static Object[] attributes(Object... more) {
    return Stream.concat(
            Stream.of("ml.model.name", "credit", "ml.model.version", "1"), Stream.of(more))
        .toArray();
  }

  /** What the answer says. */
  private String refused(OtlpRequests request) throws Exception {
    HttpResponse<byte[]> answer = answer(request.bytes());
    return answer.statusCode() == 200
        ? ExportMetricsServiceResponse.parseFrom(answer.body())
            .getPartialSuccess()
            .getErrorMessage()
        : String.valueOf(answer.statusCode());
  }

  /** Points dropped for a reason by the time one is. */
  private double refused(OtlpRequests request, String reason) throws Exception {
    double before = dropped(reason);
    assertThat(answer(request.bytes()).statusCode()).isEqualTo(200);
    Await.until(reason, () -> dropped(reason) > before);
    return dropped(reason) - before;
  }

  private double dropped(String reason) {
    return collector.registry().scrape().stream()
        .filter(
            family -> family.getMetadata().getPrometheusName().equals("breakwater_ingest_dropped"))
        .flatMap(family -> family.getDataPoints().stream())
        .filter(point -> reason.equals(point.getLabels().get("reason")))
        .mapToDouble(point -> ((CounterSnapshot.CounterDataPointSnapshot) point).getValue())
        .sum();
  }

  @Test
  void diff_namesEverySectionAndNoSecret() throws Exception {
    String before =
        FILE
            + """
            alerts:
              - {name: ops, webhook: "http://h/secret-path-1", secret: secret-hook-1}
              - {name: am, alertmanager: "http://h"}
            auth: {tokens: [{name: ann, role: read, secret: secret-ann-1}, {name: bob, role: emit, secret: secret-bob-1}]}
            """;
    String after =
        """
        models:
          - name: credit
            mode: approve
            guardrails:
              - {signal: errors, against: stable, then: alert}
              - {signal: score, drift: native}
            breaker: {cooldown: 5m, trips-before-latch: 3}
            warmup: {calls: 100}
            reference: {rows: 5000}
            backend: {type: fake, target: secret-target-2}
            alert: [ops]
          - {name: "other-*", guardrails: [{signal: errors, max: 5%}]}
        alerts:
          - {name: ops, webhook: "http://h/secret-path-2", secret: secret-hook-2}
          - {name: am, webhook: "http://h"}
        auth: {tokens: [{name: ann, role: operate, secret: secret-ann-2}, {name: eve, role: emit, secret: secret-eve-1}]}
        outgoing: {allow: [169.254.1.1]}
        retention: {replay: 1h, journal-size: 512MiB}
        limits: {models: 50, request-size: 1MiB, connections: 99}
        listen: {host: 127.0.0.2}
        """;
    write(before);
    var was = GuardrailFile.reader().read(file);
    write(after);
    var is = GuardrailFile.reader().read(file);

    ConfigDiff diff = ConfigDiff.between(was, is);

    assertThat(diff.changes().stream().map(ConfigDiff.Change::toString))
        .containsExactlyInAnyOrder(
            "model credit: guardrail errors against stable: then: trip -> alert",
            "model credit: guardrail added: score native",
            "model credit: guardrail removed: errors max 30%",
            "model credit: stable: 1 -> none",
            "model credit: mode: enforce -> approve",
            "model credit: reference: version: 1 -> none",
            "model credit: reference: rows: 10000 -> 5000",
            "model credit: warmup: calls: 200 -> 100",
            "model credit: breaker: cooldown: 1h -> 5m",
            "model credit: breaker: trips-before-latch: 2 -> 3",
            "model credit: breaker: drain: 0.2s -> 1s",
            "model credit: backend: target changed",
            "model credit: alert: [] -> [ops]",
            "model other-*: added",
            "alert ops: address changed",
            "alert ops: secret changed",
            "alert am: alertmanager -> webhook",
            "auth: token ann: role: read -> operate",
            "auth: token ann: secret changed",
            "auth: token eve: added",
            "auth: token bob: removed",
            "outgoing: allow changed",
            "retention: replay: 24h -> 1h",
            "retention: journal-size: 2GiB -> 512MiB",
            "limits: models: 10000 -> 50",
            "limits: request-size: 20MiB -> 1MiB");
    assertThat(diff.restart().stream().map(ConfigDiff.Change::toString))
        .containsExactlyInAnyOrder(
            "listen: host: 127.0.0.1 -> 127.0.0.2",
            "listen: otlp-grpc-port: 0 -> 4317",
            "listen: otlp-http-port: 0 -> 4318",
            "listen: http-port: 0 -> 9470",
            "limits: connections: 10000 -> 99");
    assertThat(diff.summary()).doesNotContain("secret-");
  }

  @Test
  void modelThatComesBack_isTakenUpWhereItWasLeft() throws Exception {
    drive(false, () -> version("2") != null);
    collector
        .models()
        .order("credit", "2", Event.Verb.HOLD, "ann", "a release", null, null)
        .toCompletableFuture()
        .get();
    collector.close();
    write(FILE.replace("name: credit", "name: other"));
    collector = Collector.start(GuardrailFile.reader().read(file), folder.resolve("data"));
    drive(false, () -> version("2") != null);

    write(FILE);
    String digest = collector.reload("test").config().digest();
    Await.until("in force", () -> policy().equals(digest));

    assertThat(version("2").breaker().name()).isEqualTo("FORCED_CLOSED");
  }

  private List<JsonNode> records(String kind) {
    return collector.models().decisions(null, null, 1000).stream()
        .filter(record -> record.path("kind").asText().equals(kind))
        .toList();
  }

  private VersionState version(String version) {
    var state = collector.models().state("credit");
    return state == null ? null : state.versions().get(version);
  }

  private Object detector(String version, String guardrail) {
    var verdict = version(version).verdicts().get(guardrail);
    return verdict == null ? null : verdict.detector();
  }

  /** Digest of the file that the lane judges by. */
  private String policy() {
    return collector.models().state("credit").policy().digest();
  }

  /** Waits until what was sent is judged. */
  private void settle() throws InterruptedException {
    Await.until(
        "panes without calls",
        () -> {
          ModelState state = collector.models().state("credit");
          return state.now().isAfter(state.lastCall().plusMillis(300));
        });
  }

  /** Reports calls, of which those of version 2 fail or not, until the condition holds. */
  private void drive(boolean failing, BooleanSupplier until) throws Exception {
    Await.until(
        "what the calls lead to",
        () -> {
          long start = clock;
          clock += 100_000_000L;
          OtlpRequests request =
              OtlpRequests.from("i").calls("credit", "1", null, 20, start, clock);
          if (target.share("2") > 0) {
            request.calls("credit", "2", failing ? "boom" : null, 5, start, clock);
          }
          send(request.bytes());
          return until.getAsBoolean();
        });
  }

  private void send(byte[] body) {
    try {
      assertThat(answer(body).statusCode()).isEqualTo(200);
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private HttpResponse<byte[]> answer(byte[] body) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + collector.otlpHttpPort() + "/v1/metrics"))
            .header("Content-Type", "application/x-protobuf")
            .POST(BodyPublishers.ofByteArray(body))
            .build();
    return HTTP.send(request, BodyHandlers.ofByteArray());
  }
}
