package io.breakwater.collector;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.breakwater.collector.cli.CommandLineRun;
import io.breakwater.collector.config.CollectorConfig.Role;
import io.breakwater.collector.config.CollectorConfig.Token;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What somebody tried who wanted to move traffic, blind the guard or read along. */
class AttackTest {
  private static final List<String> NONE = List.of();
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final String TRIP = "/api/v1/breakers/credit/2/trip";
  private static final String BODY = "{\"reason\":\"x\"}";

  /** Shared by those who only try and change nothing. */
  @TempDir static Path shared;

  private static CollectorFixture open;
  private static CollectorFixture guarded;

  @TempDir Path data;
  private CollectorFixture world;

  @BeforeAll
  static void startShared() throws IOException {
    open = new CollectorFixture(shared.resolve("open")).start();
    guarded = guard(new CollectorFixture(shared.resolve("guarded"))).start();
  }

  @AfterAll
  static void stopShared() {
    open.close();
    guarded.close();
  }

  @AfterEach
  void end() {
    if (world != open && world != guarded) {
      world.close();
    }
  }

  private static CollectorFixture guard(CollectorFixture fixture) {
    return fixture.tokens(
        new Token("agents", Role.EMIT, "emit-secret"),
        new Token("board", Role.READ, "read-secret"),
        new Token("deployer", Role.OPERATE, "operate-secret"));
  }

  private void useOpen() {
    world = open;
  }

  private void useGuarded() {
    world = guarded;
  }

  private void startOpen() throws Exception {
    world = new CollectorFixture(data.resolve("data")).start();
    world.drive(NONE, () -> !world.state("2").equals("none"));
  }

  private int http() {
    return world.collector().httpPort();
  }

  private int otlp() {
    return world.collector().otlpHttpPort();
  }

  // Somebody who guesses tokens

  @Test
  void guesses_areSoonToldToWait_onAllPortsTogether_andTheRightTokenIsTaken() throws Exception {
    world = guard(new CollectorFixture(data)).start();
    for (int i = 0; i < 10; i++) {
      assertThat(RawHttp.status(read("guess-" + i))).isEqualTo(401);
      assertThat(world.post(new byte[0], "Authorization", "Bearer guess-" + i).statusCode())
          .isEqualTo(401);
    }

    String answer = read("guess");
    assertThat(RawHttp.status(answer)).isEqualTo(429);
    assertThat(answer.toLowerCase()).containsPattern("retry-after: [1-6]?[0-9]\r\n");
    HttpResponse<byte[]> sent = world.post(new byte[0], "Authorization", "Bearer guess");
    assertThat(sent.statusCode()).isEqualTo(429);
    assertThat(sent.headers().firstValue("retry-after"))
        .hasValueSatisfying(seconds -> assertThat(Integer.parseInt(seconds)).isBetween(1, 61));

    assertThat(RawHttp.status(read("operate-secret"))).isEqualTo(200);
    assertThat(world.post(new byte[0], "Authorization", "Bearer emit-secret").statusCode())
        .isEqualTo(200);
    String metrics =
        RawHttp.send(
            http(),
            "GET /metrics HTTP/1.1",
            "Host: localhost",
            "Connection: close",
            "Authorization: Bearer read-secret");
    assertThat(metrics)
        .contains(
            "breakwater_requests_refused_total{reason=\"unauthenticated\",wanted=\"read\"} 10.0")
        .contains("breakwater_requests_refused_total{reason=\"too_many\",wanted=\"emit\"} 1.0");
  }

  private String read(String token) throws IOException {
    return RawHttp.send(
        http(),
        "GET /api/v1/models HTTP/1.1",
        "Host: localhost",
        "Connection: close",
        "Authorization: Bearer " + token);
  }

  // A web page that the operator has open, on the machine of a collector without tokens

  @Test
  void pageWhoseNameWasReboundToLoopback_readsAndSendsNothing() throws Exception {
    useOpen();

    for (String host : List.of("evil.example", "127.evil.example", "127.0.0.1.evil.example")) {
      for (String path : List.of("/api/v1/models", "/api/v1/decisions", "/metrics")) {
        String answer = RawHttp.send(http(), "GET " + path + " HTTP/1.1", "Host: " + host);
        assertThat(RawHttp.status(answer)).as(host + path).isEqualTo(403);
        assertThat(answer).doesNotContain("credit");
      }
      String sent =
          RawHttp.send(
              otlp(),
              "POST /v1/metrics HTTP/1.1",
              "Host: " + host + ":" + otlp(),
              "Content-Type: application/x-protobuf",
              "Content-Length: 0");
      assertThat(RawHttp.status(sent)).as(host).isEqualTo(403);
    }
  }

  @Test
  void pageThatPostsAcrossOrigins_movesNothing() throws Exception {
    startOpen();
    String[] simple = {
      "POST " + TRIP + " HTTP/1.1",
      "Host: localhost:" + http(),
      "Origin: https://evil.example",
      "Content-Type: text/plain",
      "Content-Length: " + BODY.length(),
    };
    assertThat(RawHttp.status(withBody(http(), BODY, simple))).isEqualTo(403);
    String[] daring = simple.clone();
    daring[3] = "X-Breakwater-Request: 1";
    assertThat(RawHttp.status(withBody(http(), BODY, daring))).isEqualTo(403);

    String preflight =
        RawHttp.send(
            http(),
            "OPTIONS " + TRIP + " HTTP/1.1",
            "Host: localhost:" + http(),
            "Origin: https://evil.example",
            "Access-Control-Request-Method: POST",
            "Access-Control-Request-Headers: x-breakwater-request");
    assertThat(preflight.toLowerCase()).doesNotContain("access-control-allow");
    assertThat(world.state("2")).isEqualTo("CLOSED");
    assertThat(world.kinds()).isEmpty();
  }

  @Test
  void pageThatPostsMetricsAsAForm_isNotTaken() throws Exception {
    useOpen();
    byte[] metrics = world.interval(List.of("2"));

    for (String type :
        List.of(
            "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x")) {
      assertThat(world.post(metrics, "Content-Type", type).statusCode()).as(type).isEqualTo(415);
    }
    assertThat(world.post(metrics, "Origin", "https://evil.example").statusCode()).isEqualTo(403);
    assertThat(world.calls("2")).isZero();
  }

  private static String withBody(int port, String body, String... head) throws IOException {
    return RawHttp.exchange(
        port, String.join("\r\n", head) + "\r\nConnection: close\r\n\r\n" + body);
  }

  // Somebody on the network of a collector with tokens

  @Test
  void pathWithoutToken_showsNothing() throws Exception {
    useGuarded();
    for (String path :
        List.of(
            "/api/v1/models",
            "/api/v1/models?token=operate-secret",
            "/api/v1/models?access_token=operate-secret",
            "//api/v1/models",
            "/api/v1/models/",
            "/api/v1/./models",
            "/-/healthy/../../api/v1/models",
            "/-/healthy/%2e%2e/%2e%2e/api/v1/models",
            "/api%2Fv1%2Fmodels",
            "/api/v1/models;/-/healthy",
            "/page.js/../api/v1/models",
            "/API/V1/MODELS",
            "/metrics",
            "/api/v1/events")) {
      String answer = RawHttp.send(http(), "GET " + path + " HTTP/1.1", "Host: localhost");

      assertThat(RawHttp.status(answer)).as(path).isIn(400, 401, 404);
      assertThat(answer).as(path).doesNotContain("credit").doesNotContain("jvm_");
    }
  }

  @Test
  void orderWithoutTheRightToken_isNotCarriedOut() throws Exception {
    useGuarded();
    for (String header :
        List.of(
            "Cookie: token=operate-secret",
            "X-Api-Key: operate-secret",
            "Proxy-Authorization: Bearer operate-secret",
            "X-Forwarded-For: 127.0.0.1",
            "X-Forwarded-User: deployer",
            "Authorization: Bearer emit-secret",
            "Authorization: Bearer read-secret")) {
      String answer =
          withBody(
              http(),
              BODY,
              "POST " + TRIP + " HTTP/1.1",
              "Host: localhost",
              "X-Breakwater-Request: 1",
              header,
              "Content-Length: " + BODY.length());

      assertThat(RawHttp.status(answer)).as(header).isIn(401, 403);
    }
  }

  @Test
  void otherMethod_standsInForNoOrder() throws Exception {
    useGuarded();
    for (String method : List.of("GET", "HEAD", "PUT", "DELETE", "PATCH", "TRACE")) {
      String answer =
          RawHttp.send(
              http(),
              method + " " + TRIP + " HTTP/1.1",
              "Host: localhost",
              "Authorization: Bearer operate-secret",
              "X-Breakwater-Request: 1",
              "X-HTTP-Method-Override: POST");
      assertThat(RawHttp.status(answer)).as(method).isIn(400, 404, 405, 501);
      assertThat(answer).doesNotContain("operate-secret");
    }
  }

  @Test
  void secondRequestHiddenInTheFirst_isNotAnswered() throws Exception {
    useGuarded();
    String hidden = "GET /api/v1/models HTTP/1.1\r\nHost: localhost\r\n\r\n";

    String answer =
        RawHttp.exchange(
            http(),
            "POST /-/healthy HTTP/1.1\r\nHost: localhost\r\nContent-Length: 6\r\n"
                + "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\n"
                + hidden);

    assertThat(answer).doesNotContain("\"model\"").doesNotContain("HTTP/1.1 200");
  }

  @Test
  void hugeHeaders_areRefused() throws Exception {
    useOpen();

    try {
      String answer =
          RawHttp.send(
              http(),
              "GET /-/healthy HTTP/1.1",
              "Host: localhost",
              "X-Padding: " + "a".repeat(1 << 20));
      assertThat(answer.isEmpty() ? 431 : RawHttp.status(answer)).isIn(400, 431);
    } catch (SocketException e) {
      assertThat(e).hasMessageMatching(".*(reset|[Bb]roken pipe).*"); // hung up: just as well
    }
    assertThat(RawHttp.status(RawHttp.send(http(), "GET /-/healthy HTTP/1.1", "Host: localhost")))
        .isEqualTo(200);
  }

  @Test
  void gzipBomb_isNotUnpacked() throws Exception {
    useOpen();
    ByteArrayOutputStream bomb = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bomb)) {
      byte[] zeros = new byte[1 << 20];
      for (int i = 0; i < 100; i++) {
        out.write(zeros);
      }
    }

    assertThat(world.post(bomb.toByteArray(), "Content-Encoding", "gzip").statusCode())
        .isEqualTo(413);
  }

  // Somebody who has a token and wants to be somebody else, or to stay when it is gone

  @Test
  void orderInAnothersName_isRecordedAsClaimed() throws Exception {
    world = guard(new CollectorFixture(data.resolve("data"))).start();
    Await.until(
        "seen",
        () -> {
          world.post(world.interval(NONE), "Authorization", "Bearer emit-secret");
          return !world.state("2").equals("none");
        });
    HttpRequest.Builder order =
        HttpRequest.newBuilder(URI.create("http://localhost:" + http() + TRIP))
            .header("Authorization", "Bearer operate-secret")
            .header("X-Breakwater-Request", "1");
    for (String bad : List.of("eve\\nby root", "eve\\u001b[2K", "x".repeat(201))) {
      String body = "{\"reason\":\"x\",\"by\":\"" + bad + "\"}";
      assertThat(send(order.POST(BodyPublishers.ofString(body))).statusCode()).isEqualTo(400);
    }

    HttpResponse<String> answer =
        send(order.POST(BodyPublishers.ofString("{\"reason\":\"x\",\"by\":\"the CTO\"}")));

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    String decision = new ObjectMapper().readTree(answer.body()).path("decision").asText();
    assertThat(world.collector().models().decision(decision).get(0).path("by").asText())
        .isEqualTo("deployer (claimed: the CTO)");
  }

  @Test
  void tokenThatIsTakenAway_endsItsEventStream() throws Exception {
    useOpen();
    Path file = data.resolve("b.yaml");
    String models = "models: [{name: m, guardrails: [{signal: errors, max: 5%}]}]\n";
    String listen = "listen: {otlp-grpc-port: 0, otlp-http-port: 0, http-port: 0}\n";
    String kept = "{name: ann, role: operate, secret: anns-secret}";
    String gone = "{name: eve, role: read, secret: eves-secret}";
    Files.writeString(file, models + listen + "auth: {tokens: [" + kept + ", " + gone + "]}\n");
    try (Collector collector =
        Collector.start(
            io.breakwater.collector.config.GuardrailFile.reader().read(file),
            data.resolve("other"))) {
      HttpRequest events =
          HttpRequest.newBuilder(
                  URI.create("http://localhost:" + collector.httpPort() + "/api/v1/events"))
              .header("Authorization", "Bearer eves-secret")
              .build();
      HttpResponse<java.io.InputStream> stream = HTTP.send(events, BodyHandlers.ofInputStream());
      assertThat(stream.statusCode()).isEqualTo(200);

      Files.writeString(file, models + listen + "auth: {tokens: [" + kept + "]}\n");
      collector.reload("test");

      try (BufferedReader in = new BufferedReader(new InputStreamReader(stream.body()))) {
        while (in.readLine() != null) {
          // what was sent before
        }
      }
      assertThat(HTTP.send(events, BodyHandlers.discarding()).statusCode()).isEqualTo(401);
    }
  }

  // Somebody who can choose names that an emitter sends

  @Test
  void modelNamedToRewriteTheTerminal_isShownPlainly() throws Exception {
    useOpen();
    long end = System.currentTimeMillis() * 1_000_000L;
    String name = "credit\u001b[2K\u001b[1Acredit ok\u202e";
    world.post(OtlpRequests.from("i").calls(name, "1", null, 5, end - 1, end).bytes());
    Await.until("seen", () -> world.collector().models().state(name) != null);

    CommandLineRun status = CommandLineRun.of("status", "--url", "http://localhost:" + http());

    assertThat(status.out()).contains("credit?[2K?[1Acredit ok?");
    assertThat(status.out()).doesNotContain("\u001b").doesNotContain("\u202e");
  }

  // Somebody who runs what is told or asked

  @Test
  void alertTargetThatRedirects_isNotFollowed() throws Exception {
    AtomicInteger elsewhere = new AtomicInteger();
    HttpServer trap =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    trap.createContext("/", exchange -> elsewhere.incrementAndGet());
    trap.start();
    try {
      startOpen();
      world.people.redirect("http://127.0.0.1:" + trap.getAddress().getPort() + "/");
      world
          .collector()
          .models()
          .order("credit", "2", io.breakwater.engine.Event.Verb.TRIP, "ann", "x", null, null);

      Await.until("told what follows too", () -> world.people.received().size() >= 3);
      assertThat(elsewhere).hasValue(0);
    } finally {
      trap.stop(0);
    }
  }

  @Test
  void collectorThatRedirects_getsNoTokenPassedOn() throws Exception {
    useOpen();
    AtomicInteger elsewhere = new AtomicInteger();
    HttpServer trap =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    trap.createContext("/trap", exchange -> elsewhere.incrementAndGet());
    trap.createContext(
        "/",
        exchange -> {
          exchange.getResponseHeaders().set("Location", "/trap");
          exchange.sendResponseHeaders(302, -1);
          exchange.close();
        });
    trap.start();
    try {
      CommandLineRun status =
          CommandLineRun.of(
              "status",
              "--url",
              "http://127.0.0.1:" + trap.getAddress().getPort(),
              "--token",
              "read-secret");
      assertThat(status.status()).isEqualTo(2);
      assertThat(status.err()).contains("answered 302").doesNotContain("read-secret");
      assertThat(elsewhere).hasValue(0);
    } finally {
      trap.stop(0);
    }
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return HTTP.send(request.build(), BodyHandlers.ofString(StandardCharsets.UTF_8));
  }
}
