package io.breakwater.examples.router;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
class RouterTest {
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final List<AutoCloseable> open = new ArrayList<>();
  private Router router;

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
  }

  @Test
  void requests_areSharedOutAsTheWeightsSay() throws Exception {
    route(stub("one"), stub("two"), "smooth");
    Map<String, Integer> answers = new HashMap<>();
    for (int i = 0; i < 50; i++) {
      HttpResponse<String> answer = get("/any/path?q=1");
      String version = answer.headers().firstValue("X-Model-Version").orElseThrow();
      answers.merge(version + " " + answer.body(), 1, Integer::sum);
    }
    assertThat(answers).isEqualTo(Map.of("1 one", 40, "2 two", 10));
    JsonNode stats = new ObjectMapper().readTree(admin("/stats").body()).path("versions");
    assertThat(stats.path("1").path("requests").asInt()).isEqualTo(40);
    assertThat(stats.path("2").path("2xx").asInt()).isEqualTo(10);
  }

  @Test
  void requestAndAnswer_arePassedOnWhole() throws Exception {
    StubTarget one =
        keep(
            new StubTarget(
                "HTTP/1.1 418 Short\r\nX-Model-Version: lie\r\nX-Own: kept\r\nConnection: x-gone\r\n"
                    + "X-Gone: y\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nT: t\r\n\r\n",
                Integer.MAX_VALUE));
    route(one, one, "random");
    HttpResponse<String> answer =
        client.send(
            request(router.address(), "/v2/models/m/infer?x=%20")
                .POST(BodyPublishers.ofString("tensor"))
                .build(),
            BodyHandlers.ofString());
    assertThat(one.requests).containsExactly("POST /v2/models/m/infer?x=%20 HTTP/1.1 tensor");
    assertThat(answer.statusCode()).isEqualTo(418);
    assertThat(answer.body()).isEqualTo("abcde");
    assertThat(answer.headers().allValues("X-Model-Version")).containsAnyOf("1", "2").hasSize(1);
    assertThat(answer.headers().firstValue("X-Own")).contains("kept");
    assertThat(answer.headers().firstValue("X-Gone")).isEmpty();
  }

  @Test
  void answerEndedByClosing_reachesTheClient() throws Exception {
    StubTarget one = keep(new StubTarget("HTTP/1.1 200 OK\r\n\r\nuntil the end", 1));
    route(one, one, "random");
    assertThat(get("/").body()).isEqualTo("until the end");
    assertThat(get("/").body()).isEqualTo("until the end");
  }

  @Test
  void oldClient_getsAChunkedAnswerPlain() throws Exception {
    StubTarget one =
        keep(
            new StubTarget(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", 9));
    route(one, one, "random");
    assertThat(raw("GET / HTTP/1.0\r\n\r\n"))
        .startsWith("HTTP/1.1 200 OK\r\n")
        .contains("Connection: close\r\n")
        .endsWith("\r\n\r\nabc");
  }

  @Test
  void headAndEmptyAnswers_keepTheConnection() throws Exception {
    StubTarget one =
        keep(new StubTarget("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", Integer.MAX_VALUE));
    route(one, one, "smooth"); // the first two go to version 1
    String answers = raw("HEAD / HTTP/1.1\r\n\r\nHEAD / HTTP/1.1\r\nConnection: close\r\n\r\n");
    assertThat(answers.split("Content-Length: 5", -1)).hasSize(3);
    assertThat(one.connections).hasValue(1);
  }

  @Test
  void chunkedRequestWithExpect_isTaken() throws Exception {
    StubTarget one = stub("fine");
    route(one, one, "random");
    String answer =
        raw(
            "POST / HTTP/1.1\r\nExpect: 100-continue\r\nTransfer-Encoding: chunked\r\n"
                + "Connection: close\r\n\r\n4\r\nwxyz\r\n0\r\n\r\n");
    assertThat(answer).startsWith("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK").endsWith("fine");
    assertThat(one.requests).containsExactly("POST / HTTP/1.1 wxyz");
  }

  @Test
  void connectionsToTargets_areKept_andReplacedWhenClosed() throws Exception {
    StubTarget kept = stub("kept");
    route(kept, kept, "smooth"); // the first two go to version 1
    get("/");
    get("/");
    assertThat(kept.connections).hasValue(1);
    router.close();

    StubTarget closing = keep(new StubTarget("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx", 1));
    route(closing, closing, "random");
    for (int i = 1; i <= 5; i++) {
      assertThat(get("/").statusCode()).isEqualTo(200);
      assertThat(closing.connections).hasValue(i);
    }
    assertThat(closing.requests).hasSize(5);
  }

  @Test
  void unreachableVersion_gives502WithItsName() throws Exception {
    route("http://127.0.0.1:" + freePort(), stub("two").url(), "smooth");
    shift("only-one", "{\"1\": 1, \"2\": 0}");
    HttpResponse<String> answer = get("/");
    assertThat(answer.statusCode()).isEqualTo(502);
    assertThat(answer.headers().firstValue("X-Model-Version")).contains("1");
    assertThat(answer.body()).startsWith("version 1 at http://127.0.0.1:");
    shift("only-two", "{\"1\": 0, \"2\": 1}");
    assertThat(get("/").body()).isEqualTo("two");
  }

  @Test
  void garbageFromAVersion_gives502() throws Exception {
    StubTarget one = keep(new StubTarget("SSH-2.0-OpenSSH\r\n\r\n", 1));
    route(one, one, "random");
    HttpResponse<String> answer = get("/");
    assertThat(answer.statusCode()).isEqualTo(502);
    assertThat(answer.body()).contains("not HTTP/1.1");
  }

  @Test
  void shift_isInEffectForTheVeryNextRequest() throws Exception {
    route(stub("one"), stub("two"), "random");
    for (int i = 0; i < 50; i++) {
      boolean toTwo = i % 2 == 0;
      shift("flip-" + i, toTwo ? "{\"2\": 1}" : "{\"1\": 1, \"2\": 0.0}");
      assertThat(get("/").body()).isEqualTo(toTwo ? "two" : "one");
    }
  }

  @Test
  void requestInFlight_finishesOnTheVersionItBeganWith() throws Exception {
    CountDownLatch arrived = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    HttpServer slow =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 9);
    open.add(() -> slow.stop(0));
    slow.createContext(
        "/",
        exchange -> {
          arrived.countDown();
          await(go);
          exchange.sendResponseHeaders(200, 4);
          exchange.getResponseBody().write("slow".getBytes(StandardCharsets.US_ASCII));
          exchange.close();
        });
    slow.start();
    route("http://127.0.0.1:" + slow.getAddress().getPort(), stub("two").url(), "random");
    shift("all-on-one", "{\"1\": 1}");
    CompletableFuture<HttpResponse<String>> inFlight =
        client.sendAsync(request(router.address(), "/").build(), BodyHandlers.ofString());
    await(arrived);
    shift("all-on-two", "{\"2\": 1}");
    assertThat(get("/").body()).isEqualTo("two");
    go.countDown();
    assertThat(inFlight.get(10, TimeUnit.SECONDS).body()).isEqualTo("slow");
  }

  @Test
  void repeatedId_hasNoFurtherEffect() throws Exception {
    route(stub("one"), stub("two"), "random");
    assertThat(shift("a", "{\"1\": 1}").statusCode()).isEqualTo(200);
    assertThat(shift("b", "{\"1\": 0.5, \"2\": 0.5}").statusCode()).isEqualTo(200);
    HttpResponse<String> again = shift("a", "{\"1\": 1}");
    assertThat(again.statusCode()).isEqualTo(200);
    assertThat(again.body()).isEqualTo("{\"weights\":{\"1\":0.5,\"2\":0.5}}");
    assertThat(admin("/traffic").body()).isEqualTo("{\"weights\":{\"1\":0.5,\"2\":0.5}}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "nonsense                                             | not JSON",
        "[]                                                   | not a JSON object",
        "{}                                                   | source: missing",
        "{'source':'s','id':'','specversion':'1.0'}           | id: missing",
        "{'source':'s','id':'a','specversion':'0.3','type':'io.breakwater.traffic.shift'} | specversion: 0.3 (expected: 1.0)",
        "{'source':'s','id':'a','specversion':'1.0','type':'other'} | type: other (expected: io.breakwater.traffic.shift)",
        "{'source':'s','id':'a','specversion':'1.0','type':'io.breakwater.traffic.shift','data':{'weights':{}}} | data.weights: missing",
        "{'source':'s','id':'a','specversion':'1.0','type':'io.breakwater.traffic.shift','data':{'weights':{'1':'all'}}} | data.weights.1:",
        "{'source':'s','id':'a','specversion':'1.0','type':'io.breakwater.traffic.shift','data':{'weights':{'1':0.5}}} | data.weights: add up to 0.5",
        "{'source':'s','id':'a','specversion':'1.0','type':'io.breakwater.traffic.shift','data':{'weights':{'9':1}}} | data.weights.9: no such version",
      })
  void malformedShift_isRefusedWithTheReason_andChangesNothing(String body, String reason)
      throws Exception {
    route(stub("one"), stub("two"), "random");
    HttpResponse<String> answer = post(body.replace('\'', '"'), "application/json");
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(new ObjectMapper().readTree(answer.body()).path("error").asText()).contains(reason);
    assertThat(admin("/traffic").body()).isEqualTo("{\"weights\":{\"1\":0.8,\"2\":0.2}}");
  }

  @Test
  void otherCalls_areRefused() throws Exception {
    route(stub("one"), stub("two"), "random");
    assertThat(admin("/nothing").statusCode()).isEqualTo(404);
    assertThat(post("{}", "text/plain").statusCode()).isEqualTo(415);
    HttpResponse<String> put =
        client.send(
            request(router.adminAddress(), "/traffic").PUT(BodyPublishers.noBody()).build(),
            BodyHandlers.ofString());
    assertThat(put.statusCode()).isEqualTo(405);
    assertThat(post("x".repeat(70_000), "application/json").statusCode()).isEqualTo(413);
  }

  @ParameterizedTest
  @CsvSource({
    "GET /, 400",
    "GET / HTTP/1.1\\r\\nNo colon, 400",
    "GET / HTTP/1.1\\r\\n Folded: x, 400",
    "POST / HTTP/1.1\\r\\nContent-Length: 1\\r\\nContent-Length: 2, 400",
    "POST / HTTP/1.1\\r\\nContent-Length: 1\\r\\nTransfer-Encoding: chunked, 400",
    "POST / HTTP/1.1\\r\\nContent-Length: -1, 400",
    "POST / HTTP/1.1\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\nzz, 400",
    "POST / HTTP/1.1\\r\\nContent-Length: 99999999999, 413",
  })
  void malformedRequest_isRefused_andItsConnectionClosed(String request, int status)
      throws Exception {
    StubTarget one = stub("one");
    route(one, one, "random");
    assertThat(raw(request.replace("\\r\\n", "\r\n") + "\r\n\r\n"))
        .startsWith("HTTP/1.1 " + status)
        .contains("Connection: close");
    assertThat(one.requests).isEmpty();
  }

  @Test
  void signedRouter_refusesUnsignedShifts() throws Exception {
    StubTarget one = stub("one");
    router =
        keep(
            Router.start(
                RouterOptions.parse(
                    arguments(one.url(), one.url(), "random", "--secret-env", "S"),
                    Map.of("S", "hush"))));
    HttpResponse<String> answer = shift("a", "{\"1\": 1}");
    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.body()).contains("webhook-id: missing");
    assertThat(admin("/traffic").body()).isEqualTo("{\"weights\":{\"1\":0.8,\"2\":0.2}}");
  }

  private void route(StubTarget one, StubTarget two, String spread) throws IOException {
    route(one.url(), two.url(), spread);
  }

  private void route(String one, String two, String spread) throws IOException {
    router = keep(Router.start(RouterOptions.parse(arguments(one, two, spread), Map.of())));
  }

  private static String[] arguments(String one, String two, String spread, String... more) {
    List<String> arguments =
        new ArrayList<>(List.of("--port", "0", "--admin-port", "0", "--weights", "1=0.8,2=0.2"));
    arguments.addAll(List.of("--target", "1=" + one, "--target", "2=" + two, "--spread", spread));
    arguments.addAll(List.of(more));
    return arguments.toArray(String[]::new);
  }

  private StubTarget stub(String body) throws IOException {
    return keep(StubTarget.answering(body));
  }

  private <T extends AutoCloseable> T keep(T resource) {
    open.add(resource);
    return resource;
  }

  private HttpResponse<String> get(String path) throws Exception {
    return client.send(request(router.address(), path).build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> admin(String path) throws Exception {
    return client.send(request(router.adminAddress(), path).build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> shift(String id, String weights) throws Exception {
    String event =
        "{\"specversion\":\"1.0\",\"id\":\"%s\",\"source\":\"/test\",\"type\":\"%s\",\"data\":{\"weights\":%s}}";
    return post(event.formatted(id, ShiftEvent.TYPE, weights), "application/cloudevents+json");
  }

  private HttpResponse<String> post(String body, String contentType) throws Exception {
    return client.send(
        request(router.adminAddress(), "/traffic")
            .header("Content-Type", contentType)
            .POST(BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }

  private static HttpRequest.Builder request(InetSocketAddress address, String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + address.getPort() + path));
  }

  private String raw(String request) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", router.address().getPort())) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      return StubTarget.text(socket.getInputStream());
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      if (!latch.await(10, TimeUnit.SECONDS)) {
        throw new IOException("waited in vain");
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}
