package io.breakwater.collector.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import io.breakwater.collector.access.AccessMetrics;
import io.breakwater.collector.access.Gate;
import io.breakwater.collector.config.CollectorConfig;
import io.breakwater.collector.config.CollectorConfig.Listen;
import io.breakwater.collector.config.CollectorConfig.Role;
import io.breakwater.collector.config.CollectorConfig.Token;
import io.breakwater.collector.config.ConfigDiff;
import io.breakwater.collector.config.ConfigException;
import io.breakwater.collector.config.Problem;
import io.breakwater.collector.http.FakeModels.Order;
import io.breakwater.collector.http.HttpFace.Reloaded;
import io.breakwater.collector.http.HttpFace.Surroundings;
import io.breakwater.collector.reference.ReferenceFile;
import io.breakwater.collector.runtime.Models.OrderOutcome;
import io.breakwater.engine.Distribution.Names;
import io.breakwater.engine.Event.Verb;
import io.breakwater.engine.reference.Reference;
import io.breakwater.engine.reference.ReferenceSet;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpFaceTest {
  private final FakeModels models = FakeModels.credit();
  private final HttpClient client = HttpClient.newHttpClient();
  private volatile List<Token> tokens = List.of();
  private volatile ConfigException refusal;
  private volatile boolean ready = true;
  private volatile List<String> troubles = List.of();
  private HttpFace face;
  private Server server;

  @BeforeEach
  void start() {
    ServerBuilder builder =
        Server.builder().http(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    face =
        HttpFace.addTo(
            builder,
            models,
            new Surroundings(
                new Gate(
                    this::config, new AccessMetrics(new PrometheusRegistry()), System::nanoTime),
                List::of,
                this::reload,
                () -> ready,
                () -> troubles,
                new PrometheusRegistry(),
                Clock.fixed(FakeModels.NOW, ZoneOffset.UTC)));
    server = builder.build();
    server.start().join();
  }

  @AfterEach
  void stop() {
    face.close();
    server.closeAsync(); // takes two seconds that no test has to wait for
  }

  private CollectorConfig config() {
    return new CollectorConfig("b.yaml", "d1ce57", Listen.DEFAULTS, tokens, List.of(), List.of());
  }

  private Reloaded reload(String by) throws ConfigException {
    if (refusal != null) {
      throw refusal;
    }
    ConfigDiff.Change change = new ConfigDiff.Change("model credit: mode", "observe -> enforce");
    ConfigDiff.Change later = new ConfigDiff.Change("listen", "http-port: 1 -> 2");
    return new Reloaded(config(), new ConfigDiff(List.of(change), List.of(later)));
  }

  @Test
  void models_showVersionsSharesVerdictsAndInstances() throws Exception {
    JsonNode model = json(get("/api/v1/models")).get(0);

    assertThat(model.path("model").asText()).isEqualTo("credit");
    assertThat(model.path("mode").asText()).isEqualTo("enforce");
    assertThat(model.path("stable").asText()).isEqualTo("1");
    JsonNode canary = model.path("versions").get(1);
    assertThat(canary.path("version").asText()).isEqualTo("2");
    assertThat(canary.path("share").asDouble()).isEqualTo(0.2);
    assertThat(canary.path("standing").asText()).isEqualTo("UNKNOWN");
    assertThat(canary.at("/breaker/state").asText()).isEqualTo("CLOSED");
    assertThat(canary.at("/verdicts/0/guardrail").asText()).isEqualTo("errors against stable");
    assertThat(canary.at("/verdicts/0/verdict").asText()).isEqualTo("PASS");
    assertThat(model.at("/instances/0/instance").asText()).isEqualTo("i-1");
    assertThat(model.at("/instances/0/lastSeen").asText()).isEqualTo("2026-11-21T02:20:10Z");
  }

  @Test
  void breakers_haveTheFixedFields() throws Exception {
    JsonNode line = json(get("/api/v1/breakers")).get(0);

    assertThat(line.fieldNames())
        .toIterable()
        .containsExactly(
            "model", "version", "state", "latched", "since", "decision", "reason", "share");
  }

  @Test
  void signals_beginWithThoseOfCalls() throws Exception {
    String signals = "/api/v1/models/credit/versions/2/signals";

    assertThat(json(get(signals)).path("signals").findValuesAsText("signal"))
        .startsWith("errors", "duration");
    assertThat(json(get(signals + "/errors")).at("/guardrails/0/verdict").asText())
        .isEqualTo("PASS");
    assertThat(json(get(signals + "/duration")).at("/bands/0/note").asText())
        .startsWith("not enough calls");
    HttpResponse<String> unknown = get(signals + "/feature:age");
    assertThat(unknown.statusCode()).isEqualTo(404);
    assertThat(json(unknown).path("expected").asText()).isEqualTo("one of duration, errors");
  }

  @Test
  void reference_isTakenWithItsDigestAndSignals() throws Exception {
    byte[] file = reference();

    HttpResponse<String> answer = put("credit", file);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(json(answer).path("signals").get(0).asText()).isEqualTo("class");
    ReferenceSet pinned = models.pinned.get("credit");
    assertThat(pinned.digest()).isEqualTo(json(answer).path("digest").asText()).hasSize(64);
    assertThat(pinned.source()).isEqualTo("sent to the collector");
    assertThat(pinned.signals()).containsOnlyKeys("class");
  }

  private static byte[] reference() {
    Names classes = new Names(Map.of("yes", 600L, "no", 400L), 0);
    return ReferenceFile.write(
        "credit", new ReferenceSet("here", "", Map.of("class", new Reference(classes, 30, 1))));
  }

  private HttpResponse<String> put(String model, byte[] body) throws Exception {
    return send(
        request("/api/v1/references/" + model)
            .header("X-Breakwater-Request", "1")
            .PUT(BodyPublishers.ofByteArray(body)));
  }

  @Test
  void referenceOfAModelWhoseReferenceIsAFile_isRefused() throws Exception {
    models.pinRefusal = "the reference of model credit is a file";

    HttpResponse<String> answer = put("credit", reference());

    assertThat(answer.statusCode()).isEqualTo(409);
    assertThat(json(answer).path("error").asText()).isEqualTo(models.pinRefusal);
  }

  @Test
  void bodiesThatAreNoReference_areRefusedWithWhatIsWrong() throws Exception {
    String good = new String(reference(), StandardCharsets.UTF_8);

    assertRefused("hello", "body:1:", "not JSON");
    assertRefused("[1]", "body: ", "no reference");
    assertRefused("{\"format\": \"other\"}", "body: ", "no reference");
    assertRefused(good.replace("\"version\" : 2", "\"version\" : 3"), "body: ", "newer");
    assertRefused(good.replace("600", "-600"), "body: ", "-600");
    assertRefused(good.replace("600", "601"), "body: ", "");
    assertRefused(good.replace("\"class\"", "\"clas\""), "body: ", "clas");
    assertThat(models.pinned).isEmpty();
  }

  private void assertRefused(String body, String start, String message) throws Exception {
    HttpResponse<String> answer = put("credit", body.getBytes(StandardCharsets.UTF_8));

    assertThat(answer.statusCode()).as(body).isEqualTo(400);
    assertThat(json(answer).path("error").asText()).as(body).startsWith(start).contains(message);
  }

  @Test
  void referenceOfAlmostTheLimit_isRead() throws Exception {
    HttpResponse<String> answer = put("credit", new byte[ReferenceFile.MAX_BYTES - 1]);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(json(answer).path("error").asText()).contains("not JSON");
  }

  @Test
  void referenceThatIsTooLarge_isRefused() throws Exception {
    HttpRequest request =
        request("/api/v1/references/credit")
            .version(HttpClient.Version.HTTP_1_1)
            .header("X-Breakwater-Request", "1")
            .PUT(BodyPublishers.ofByteArray(new byte[ReferenceFile.MAX_BYTES + 1]))
            .build();

    assertThat(client.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(413);
    assertThat(models.pinned).isEmpty();
  }

  @Test
  void referenceWithoutTheHeaderOrFromAReader_isRefused() throws Exception {
    assertThat(
            send(request("/api/v1/references/credit").PUT(BodyPublishers.ofByteArray(reference())))
                .statusCode())
        .isEqualTo(403);
    tokens = List.of(new Token("people", Role.READ, "secret"));
    assertThat(
            send(request("/api/v1/references/credit")
                    .header("X-Breakwater-Request", "1")
                    .header("Authorization", "Bearer secret")
                    .PUT(BodyPublishers.ofByteArray(reference())))
                .statusCode())
        .isEqualTo(403);
    assertThat(models.pinned).isEmpty();
  }

  @Test
  void decisions_comeNewestFirstAndFiltered() throws Exception {
    assertThat(json(get("/api/v1/decisions")).findValuesAsText("kind"))
        .containsExactly("VERIFIED", "TRIPPED");
    assertThat(json(get("/api/v1/decisions?limit=1"))).hasSize(1);
    assertThat(json(get("/api/v1/decisions?model=other"))).isEmpty();
    assertThat(json(get("/api/v1/decisions?since=2026-11-21T02:20:01Z"))).hasSize(1);
    assertThat(json(get("/api/v1/decisions?since=9s"))).hasSize(1);
    assertThat(json(get("/api/v1/decisions?since=1h"))).hasSize(2);
  }

  @Test
  void decisions_comeAsLinesWhenAskedFor() throws Exception {
    HttpResponse<String> lines =
        send(request("/api/v1/decisions").header("Accept", "application/x-ndjson"));

    assertThat(lines.headers().firstValue("content-type")).contains("application/x-ndjson");
    assertThat(lines.body().lines()).hasSize(2).allMatch(line -> line.startsWith("{"));
  }

  @Test
  void decision_hasItsRecordsOldestFirst() throws Exception {
    assertThat(
            json(get("/api/v1/decisions/20261121T022000.330Z-credit-2-7")).findValuesAsText("kind"))
        .containsExactly("TRIPPED", "VERIFIED");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/api/v1/nothing                     | 404 | no such path",
        "/api/v1/decisions/nope              | 404 | decision nope is unknown",
        "/api/v1/decisions?limit=0           | 400 | limit: 0",
        "/api/v1/decisions?limit=x           | 400 | limit: x",
        "/api/v1/decisions?since=yesterday   | 400 | since: yesterday",
        "/api/v1/models/other/versions/2/signals  | 404 | model other is unknown",
        "/api/v1/models/credit/versions/3/signals | 404 | version 3 of model credit is unknown",
      })
  void wrongQuestion_isExplained(String path, int status, String error) throws Exception {
    HttpResponse<String> answer = get(path);

    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(json(answer).path("error").asText()).startsWith(error);
    assertThat(json(answer).path("expected").asText()).isNotEmpty();
  }

  @Test
  void wrongMethod_isNamedWithTheRightOne() throws Exception {
    HttpResponse<String> answer = send(request("/api/v1/models").DELETE());

    assertThat(answer.statusCode()).isEqualTo(405);
    assertThat(json(answer).path("expected").asText()).isEqualTo("GET");
  }

  @Test
  void order_reachesTheModel() throws Exception {
    HttpResponse<String> answer =
        post(
            "/api/v1/breakers/credit/2/trip",
            "{\"reason\":\"looks odd\",\"by\":\"ada\",\"expires\":\"1h\"}");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(json(answer).path("state").asText()).isEqualTo("FORCED_OPEN");
    assertThat(models.orders)
        .containsExactly(
            new Order(
                "credit",
                "2",
                Verb.TRIP,
                "unnamed (claimed: ada)",
                "looks odd",
                Duration.ofHours(1),
                null));
  }

  @Test
  void orderThatChangesNothing_isAConflict() throws Exception {
    models.answer =
        CompletableFuture.completedFuture(new OrderOutcome(null, "CLOSED", "it is closed"));

    HttpResponse<String> answer = post("/api/v1/breakers/credit/2/reset", "{\"reason\":\"x\"}");

    assertThat(answer.statusCode()).isEqualTo(409);
    assertThat(json(answer).path("error").asText()).isEqualTo("nothing changed: it is closed");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "credit/2/trp     | {\"reason\":\"x\"}                    | 404 | trp: unknown order (nearest: trip)",
        "credit/9/trip    | {\"reason\":\"x\"}                    | 404 | version 9 of model credit",
        "other/2/trip     | {\"reason\":\"x\"}                    | 404 | model other is unknown",
        "credit/2/trip    | {}                                    | 400 | reason: missing",
        "credit/2/trip    | {\"reason\":\" \"}                    | 400 | reason:",
        "credit/2/trip    | {\"reason\":5}                        | 400 | reason: 5",
        "credit/2/trip    | {\"reson\":\"x\"}                     | 400 | reson: unknown key",
        "credit/2/trip    | {\"reason\":\"x\",\"expires\":\"1\"}  | 400 | expires: 1",
        "credit/2/reset   | {\"reason\":\"x\",\"expires\":\"1h\"} | 400 | expires: 1h",
        "credit/2/trip    | {\"reason\":\"x\",\"decision\":\"d\"} | 400 | decision: d",
        "credit/2/approve | {\"reason\":\"x\"}                    | 400 | decision: missing",
        "credit/2/trip    | [1]                                   | 400 | the body is not a JSON object",
        "credit/2/trip    | {                                     | 400 | the body is not JSON",
      })
  void wrongOrder_isExplained(String path, String body, int status, String error) throws Exception {
    HttpResponse<String> answer = post("/api/v1/breakers/" + path, body);

    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(json(answer).path("error").asText()).startsWith(error);
    assertThat(models.orders).isEmpty();
  }

  @Test
  void orderTheLaneRefuses_isExplained() throws Exception {
    models.answer =
        CompletableFuture.failedFuture(new IllegalArgumentException("decision d is not pending"));

    HttpResponse<String> answer =
        post("/api/v1/breakers/credit/2/approve", "{\"reason\":\"x\",\"decision\":\"d\"}");

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(json(answer).path("error").asText()).isEqualTo("decision d is not pending");
  }

  @Test
  void orderWithoutTheHeader_isRefused() throws Exception {
    HttpResponse<String> answer =
        send(
            request("/api/v1/breakers/credit/2/trip")
                .POST(BodyPublishers.ofString("{\"reason\":\"x\"}")));

    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(json(answer).path("expected").asText()).startsWith("header X-Breakwater-Request: 1");
    assertThat(models.orders).isEmpty();
  }

  @Test
  void oversizedBody_isRefused() throws Exception {
    HttpResponse<String> answer =
        post(
            "/api/v1/breakers/credit/2/trip",
            "{\"reason\":\"" + "x".repeat(Route.MAX_BODY_BYTES) + "\"}");

    assertThat(answer.statusCode()).isEqualTo(413);
    assertThat(models.orders).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a/b", "a b", "ü%", "a+b", "a?b#c"})
  void oddNames_reachTheModelAsTheyAre(String name) throws Exception {
    models.states.add(FakeModels.healthy(name));
    String encoded = java.net.URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");

    HttpResponse<String> answer =
        post("/api/v1/breakers/" + encoded + "/2/hold", "{\"reason\":\"x\"}");

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(models.orders).extracting(Order::model).containsExactly(name);
  }

  @Test
  void reload_saysWhatIsInForce() throws Exception {
    JsonNode answer = json(post("/api/v1/config/reload", ""));

    assertThat(answer.path("digest").asText()).isEqualTo("d1ce57");
    assertThat(answer.at("/changes/0/where").asText()).isEqualTo("model credit: mode");
    assertThat(answer.at("/changes/0/what").asText()).isEqualTo("observe -> enforce");
    assertThat(answer.at("/restart/0/where").asText()).isEqualTo("listen");
  }

  @Test
  void refusedReload_listsTheProblems() throws Exception {
    refusal = new ConfigException(List.of(new Problem("b.yaml", 3, 5, "modle: unknown key")));

    HttpResponse<String> answer = post("/api/v1/config/reload", "");

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(json(answer).at("/problems/0/line").asInt()).isEqualTo(3);
    assertThat(json(answer).at("/problems/0/message").asText()).isEqualTo("modle: unknown key");
  }

  @Test
  void health_followsReadiness() throws Exception {
    assertThat(get("/-/ready").statusCode()).isEqualTo(200);
    troubles = List.of("journal.db: the disk is full");
    assertThat(get("/-/ready").statusCode()).isEqualTo(200);
    assertThat(get("/-/ready").body()).isEqualTo("ready\nbut: journal.db: the disk is full\n");
    ready = false;
    assertThat(get("/-/ready").statusCode()).isEqualTo(503);
    assertThat(get("/-/healthy").statusCode()).isEqualTo(200);
  }

  @Test
  void page_allowsNothingFromElsewhere() throws Exception {
    HttpResponse<String> page = get("/");

    assertThat(page.body()).startsWith("<!doctype html>");
    assertThat(page.headers().firstValue("content-security-policy").orElse(""))
        .contains("default-src 'none'", "frame-ancestors 'none'");
    assertThat(get("/page.js").statusCode()).isEqualTo(200);
    assertThat(get("/page.css").statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({
    "READ, /api/v1/models, 200",
    "READ, /metrics, 200",
    "OPERATE, /api/v1/decisions, 200",
    "EMIT, /api/v1/models, 403",
    ", /api/v1/models, 401",
    ", /metrics, 401",
    ", /api/v1/events, 401",
    ", /, 200",
    ", /-/healthy, 200",
  })
  void withTokens_readingNeedsOne(Role role, String path, int status) throws Exception {
    configureTokens();

    assertThat(send(authorized(request(path), role)).statusCode()).isEqualTo(status);
  }

  @ParameterizedTest
  @CsvSource({"OPERATE, 200", "READ, 403", "EMIT, 403", ", 401"})
  void withTokens_changingNeedsOperate(Role role, int status) throws Exception {
    configureTokens();
    HttpRequest.Builder order =
        request("/api/v1/breakers/credit/2/trip")
            .header("X-Breakwater-Request", "1")
            .POST(BodyPublishers.ofString("{\"reason\":\"x\",\"by\":\"ada\"}"));

    assertThat(send(authorized(order, role)).statusCode()).isEqualTo(status);
    assertThat(models.orders)
        .extracting(Order::by)
        .isEqualTo(status == 200 ? List.of("OPERATE (claimed: ada)") : List.of());
  }

  private void configureTokens() {
    tokens =
        List.of(
            new Token("EMIT", Role.EMIT, "emit-secret"),
            new Token("READ", Role.READ, "read-secret"),
            new Token("OPERATE", Role.OPERATE, "operate-secret"));
  }

  private static HttpRequest.Builder authorized(HttpRequest.Builder request, Role role) {
    return role == null
        ? request
        : request.header("Authorization", "Bearer " + role.name().toLowerCase() + "-secret");
  }

  @Test
  void withoutTokens_requestsMustBeAddressedToLoopback() throws Exception {
    assertThat(rawStatus("evil.example:9470")).isEqualTo(403);
    assertThat(rawStatus("localhost:" + port())).isEqualTo(200);
    assertThat(rawStatus("[::1]:" + port())).isEqualTo(200);
  }

  /** The JDK's client does not let a Host header be set. */
  private int rawStatus(String host) throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
      OutputStream out = socket.getOutputStream();
      out.write(
          ("GET /api/v1/models HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
              .getBytes(StandardCharsets.US_ASCII));
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
      return Integer.parseInt(in.readLine().split(" ")[1]);
    }
  }

  @Test
  void events_beginWithTheModelsAndGoOnWithDecisions() throws Exception {
    HttpResponse<java.io.InputStream> events =
        client.send(request("/api/v1/events").build(), BodyHandlers.ofInputStream());
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(events.body(), StandardCharsets.UTF_8))) {
      assertThat(in.readLine()).isEqualTo("event: model");
      assertThat(in.readLine()).startsWith("data: {\"model\":\"credit\"");
      assertThat(in.readLine()).isEmpty();

      models.listeners.forEach(listener -> listener.recorded(models.records.get(0)));

      assertThat(in.readLine()).isEqualTo("event: decision");
      assertThat(in.readLine()).contains("\"kind\":\"TRIPPED\"");
    }
  }

  private int port() {
    return server.activeLocalPort();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
        .timeout(Duration.ofSeconds(20));
  }

  private HttpResponse<String> get(String path) throws Exception {
    return send(request(path));
  }

  private HttpResponse<String> post(String path, String body) throws Exception {
    return send(
        request(path).header("X-Breakwater-Request", "1").POST(BodyPublishers.ofString(body)));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), BodyHandlers.ofString());
  }

  private static JsonNode json(HttpResponse<String> answer) throws Exception {
    return Answers.JSON.readTree(answer.body());
  }
}
