package io.breakwater.collector;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.breakwater.collector.config.CollectorConfig;
import io.breakwater.collector.config.CollectorConfig.AlertTarget;
import io.breakwater.collector.config.CollectorConfig.Listen;
import io.breakwater.collector.config.CollectorConfig.ModelRule;
import io.breakwater.collector.store.AuditChain;
import io.breakwater.engine.policy.Breaches;
import io.breakwater.engine.policy.BreakerSettings;
import io.breakwater.engine.policy.Guardrail;
import io.breakwater.engine.policy.Mode;
import io.breakwater.engine.policy.ModelPolicy;
import io.breakwater.engine.policy.Then;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CollectorTest {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @TempDir Path data;

  private final String targetName = UUID.randomUUID().toString();
  private final FakeTarget target = FakeTarget.named(targetName).with("1", 0.8).with("2", 0.2);
  private FakeAlertReceiver people;
  private Collector collector;
  private long clock = System.currentTimeMillis() * 1_000_000L;

  @BeforeEach
  void open() throws IOException {
    people = new FakeAlertReceiver();
  }

  @AfterEach
  void close() {
    if (collector != null) {
      collector.close();
    }
    people.close();
  }

  @Test
  void canaryThatFails_isTakenOutOfTrafficAndPeopleAreTold() throws Exception {
    start(Duration.ofSeconds(10));

    failUntil("2", () -> target.share("2") == 0.0);
    healthyUntil(() -> state("2").equals("OPEN"));

    assertThat(target.share("1")).isEqualTo(1.0);
    Await.until("told", () -> !people.events("io.breakwater.breaker.verified").isEmpty());
    FakeAlertReceiver.Received tripped = people.events("io.breakwater.breaker.tripped").get(0);
    JsonNode event = tripped.json();
    assertThat(event.path("specversion").asText()).isEqualTo("1.0");
    assertThat(event.path("data").path("version").asText()).isEqualTo("2");
    assertThat(event.path("data").path("head").asText())
        .isEqualTo(event.path("data").path("hash").asText());
    assertThat(tripped.headers().getFirst("webhook-signature")).startsWith("v1,");
    assertThat(AuditChain.verify(data, event.path("data").path("head").asText()).problem())
        .isNull();
  }

  private String state(String version) {
    return collector.models().state("credit").versions().get(version).breaker().name();
  }

  private void start(Duration verifyWithin) {
    collector = Collector.start(config(verifyWithin), data);
  }

  private CollectorConfig config(Duration verifyWithin) {
    BreakerSettings defaults = BreakerSettings.DEFAULTS;
    BreakerSettings breaker =
        new BreakerSettings(
            defaults.cooldown(),
            defaults.tripsBeforeLatch(),
            defaults.approvalTimeout(),
            defaults.onApprovalTimeout(),
            verifyWithin,
            Duration.ofMillis(200),
            defaults.probeShare(),
            defaults.probeDeadline());
    ModelPolicy policy =
        new ModelPolicy(
            "credit",
            "1",
            Mode.ENFORCE,
            List.of(
                new Guardrail.ErrorsAgainstStable(
                    "errors against stable", 1e-4, Then.TRIP, Breaches.AT_ONCE, null)),
            breaker,
            "fake",
            "digest");
    return new CollectorConfig(
        "breakwater.yaml",
        "digest",
        new Listen("127.0.0.1", 0, 0),
        List.of(),
        List.of(
            new ModelRule(
                "credit",
                policy,
                Map.of("type", "fake", "target", targetName),
                List.of("ops", "am"))),
        List.of(
            new AlertTarget.Webhook("ops", people.url("/hooks"), "s3cret"),
            new AlertTarget.Alertmanager("am", people.url("/am"))));
  }

  private void failUntil(String version, java.util.function.BooleanSupplier condition)
      throws Exception {
    drive(version, condition);
  }

  private void healthyUntil(java.util.function.BooleanSupplier condition) throws Exception {
    drive(null, condition);
  }

  /** Sends an interval of calls every 20 ms; those of {@code failing} fail. */
  private void drive(String failing, java.util.function.BooleanSupplier condition)
      throws Exception {
    Await.until(
        "the condition while calls go on",
        () -> {
          long start = clock;
          clock += 100_000_000L;
          OtlpRequests request = OtlpRequests.from("instance-1");
          request.calls("credit", "1", null, 20, start, clock);
          if (failing != null) {
            request.calls("credit", failing, "java.lang.IllegalArgumentException", 5, start, clock);
          }
          assertThat(post(request.bytes()).statusCode()).isEqualTo(200);
          return condition.getAsBoolean();
        });
  }

  private HttpResponse<byte[]> post(byte[] body) {
    try {
      return HTTP.send(
          HttpRequest.newBuilder(
                  URI.create("http://127.0.0.1:" + collector.otlpHttpPort() + "/v1/metrics"))
              .header("Content-Type", "application/x-protobuf")
              .POST(BodyPublishers.ofByteArray(body))
              .build(),
          BodyHandlers.ofByteArray());
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
