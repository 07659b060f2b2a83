package io.breakwater.collector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.breakwater.collector.config.ConfigDiff;
import io.breakwater.collector.config.ConfigException;
import io.breakwater.collector.config.GuardrailFile;
import io.breakwater.collector.store.AuditChain;
import io.breakwater.engine.ModelState;
import io.breakwater.engine.ModelState.VersionState;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.function.BooleanSupplier;
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
            "outgoing: allow changed");
    assertThat(diff.restart().stream().map(ConfigDiff.Change::toString))
        .containsExactlyInAnyOrder(
            "listen: host: 127.0.0.1 -> 127.0.0.2",
            "listen: otlp-grpc-port: 0 -> 4317",
            "listen: otlp-http-port: 0 -> 4318",
            "listen: http-port: 0 -> 9470");
    assertThat(diff.summary()).doesNotContain("secret-");
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
      HttpRequest request =
          HttpRequest.newBuilder(
                  URI.create("http://127.0.0.1:" + collector.otlpHttpPort() + "/v1/metrics"))
              .header("Content-Type", "application/x-protobuf")
              .POST(BodyPublishers.ofByteArray(body))
              .build();
      assertThat(HTTP.send(request, BodyHandlers.discarding()).statusCode()).isEqualTo(200);
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
