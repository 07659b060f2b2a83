package io.breakwater.collector;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.breakwater.collector.config.CollectorConfig;
import io.breakwater.collector.config.CollectorConfig.AlertTarget;
import io.breakwater.collector.config.CollectorConfig.Listen;
import io.breakwater.collector.config.CollectorConfig.ModelRule;
import io.breakwater.collector.config.CollectorConfig.Security;
import io.breakwater.collector.config.CollectorConfig.Token;
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
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.sqlite.SQLiteConfig;

/**
 * A collector with everything around it on loopback: a router in memory that gives version 2 a
 * fifth of model credit's traffic, somebody who is told, and an agent that reports calls.
 */
final class CollectorFixture implements AutoCloseable {
  static final String MODEL = "credit";

  private static final HttpClient HTTP = HttpClient.newHttpClient();

  final FakeAlertReceiver people;
  final FakeTarget target;
  private final Path data;
  private final String targetName = UUID.randomUUID().toString();
  private List<Token> tokens = List.of();
  private Security security = Security.NONE;
  private Duration verifyWithin = Duration.ofSeconds(10);
  private Collector collector;
  private long clock = System.currentTimeMillis() * 1_000_000L;

  CollectorFixture(Path data) throws IOException {
    this.data = data;
    this.people = new FakeAlertReceiver();
    this.target = FakeTarget.named(targetName).with("1", 0.8).with("2", 0.2);
  }

  CollectorFixture tokens(Token... known) {
    tokens = List.of(known);
    return this;
  }

  CollectorFixture security(Security rules) {
    security = rules;
    return this;
  }

  CollectorFixture verifyWithin(Duration time) {
    verifyWithin = time;
    return this;
  }

  CollectorFixture start() {
    collector = Collector.start(config(Mode.ENFORCE), data);
    return this;
  }

  void stop() {
    collector.close();
    collector = null;
  }

  Collector collector() {
    return collector;
  }

  /** The breaker's state of a version, or none while the version is unknown. */
  String state(String version) {
    var versions = collector.models().state(MODEL).versions();
    return versions.containsKey(version) ? versions.get(version).breaker().name() : "none";
  }

  /** Kinds of the audit records, oldest first. */
  List<String> kinds() {
    return collector.models().decisions(null, null, 1000).stream()
        .sorted((a, b) -> Long.compare(a.path("seq").asLong(), b.path("seq").asLong()))
        .map(record -> record.path("kind").asText())
        .toList();
  }

  /** Calls that were counted for a version. */
  long calls(String version) {
    return collector.totals().stream()
        .filter(totals -> totals.model().equals(MODEL))
        .flatMap(totals -> totals.read().stream())
        .filter(totals -> totals.version().equals(version))
        .mapToLong(totals -> totals.calls())
        .sum();
  }

  /** Reports calls, of which those of the versions named fail, until the condition holds. */
  void drive(List<String> failing, BooleanSupplier condition) throws InterruptedException {
    Await.until(
        "what the calls lead to; the log has " + kinds(),
        () -> {
          assertThat(post(interval(failing)).statusCode()).isEqualTo(200);
          return condition.getAsBoolean();
        });
  }

  /** The next interval's request. */
  byte[] interval(List<String> failing) {
    long start = clock;
    clock += 100_000_000L;
    OtlpRequests request = OtlpRequests.from("instance-1");
    for (String version : List.of("1", "2")) {
      if (target.share(version) > 0) {
        String error = failing.contains(version) ? "java.lang.IllegalArgumentException" : null;
        request.calls(MODEL, version, error, version.equals("1") ? 20 : 5, start, clock);
      }
    }
    return request.bytes();
  }

  HttpResponse<byte[]> post(byte[] body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + collector.otlpHttpPort() + "/v1/metrics"))
            .POST(BodyPublishers.ofByteArray(body))
            .setHeader("Content-Type", "application/x-protobuf");
    for (int i = 0; i < headers.length; i += 2) {
      request.setHeader(headers[i], headers[i + 1]);
    }
    try {
      return HTTP.send(request.build(), BodyHandlers.ofByteArray());
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** The first event of this type that was received. */
  JsonNode told(String type) throws InterruptedException {
    Await.until("told " + type, () -> !people.events(type).isEmpty());
    return people.events(type).get(0).json();
  }

  /** Keeps the journal from writing until it is rolled back. */
  Connection lockJournal() throws SQLException {
    SQLiteConfig immediate = new SQLiteConfig();
    immediate.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
    Connection connection = immediate.createConnection("jdbc:sqlite:" + data.resolve("journal.db"));
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.execute("DELETE FROM outbox WHERE id < 0");
    }
    return connection;
  }

  CollectorConfig config(Mode mode) {
    BreakerSettings defaults = BreakerSettings.DEFAULTS;
    BreakerSettings breaker =
        new BreakerSettings(
            Duration.ofHours(1),
            defaults.tripsBeforeLatch(),
            defaults.approvalTimeout(),
            defaults.onApprovalTimeout(),
            verifyWithin,
            Duration.ofMillis(200),
            defaults.probeShare(),
            defaults.probeDeadline());
    ModelPolicy policy =
        ModelPolicy.of(
            MODEL,
            "1",
            mode,
            List.of(
                new Guardrail.ErrorsAgainstStable(
                    "errors against stable", 1e-4, Then.TRIP, Breaches.AT_ONCE, null),
                new Guardrail.ErrorsLimit(
                    "errors max 20%", 0.2, 1e-4, Then.TRIP, Breaches.AT_ONCE, null)),
            breaker,
            "fake",
            "digest");
    return new CollectorConfig(
        "breakwater.yaml",
        "digest",
        new Listen("127.0.0.1", 0, 0, 0),
        tokens,
        List.of(
            new ModelRule(
                MODEL,
                policy,
                null,
                Map.of("type", "fake", "target", targetName),
                List.of("ops", "am"))),
        List.of(
            new AlertTarget.Webhook("ops", people.url("/hooks"), "s3cret"),
            new AlertTarget.Alertmanager("am", people.url("/am/"))),
        security);
  }

  @Override
  public void close() {
    if (collector != null) {
      collector.close();
    }
    people.close();
  }
}
