package io.breakwater.backend.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.Headers;
import io.breakwater.backend.webhook.StubDeployer.Canned;
import io.breakwater.backend.webhook.StubDeployer.Taken;
import io.breakwater.engine.backend.ApplyOutcome;
import io.breakwater.engine.backend.BackendException;
import io.breakwater.engine.backend.BackendSettings;
import io.breakwater.engine.backend.Plan;
import io.breakwater.engine.backend.TrafficShift;
import io.breakwater.engine.backend.Verification;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookBackendTest {
  private static final Instant NOW = Instant.parse("2026-11-21T02:20:00.123456Z");

  private final List<AutoCloseable> open = new ArrayList<>();
  private StubDeployer deployer;

  @BeforeEach
  void startDeployer() throws IOException {
    deployer = new StubDeployer(Map.of("1", 0.8, "2", 0.2));
    open.add(deployer);
  }

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
  }

  @Test
  void shift_isOneSignedCloudEvent() throws Exception {
    WebhookBackend backend = backend(Map.of("secret", "hush", "token", "t0ken"));
    backend.apply(plan(backend));
    Taken taken = deployer.taken.get(0);
    JsonNode expected =
        new ObjectMapper()
            .readTree(
                """
                {"specversion": "1.0", "id": "d-7.1", "source": "/breakwater",
                 "type": "io.breakwater.traffic.shift", "subject": "credit",
                 "time": "2026-11-21T02:20:00.123Z", "datacontenttype": "application/json",
                 "data": {"model": "credit", "weights": {"1": 1.0, "2": 0.0}, "decision": "d-7"}}
                """);
    assertThat(taken.event()).isEqualTo(expected);
    Headers headers = taken.headers();
    assertThat(headers.getFirst("Content-Type")).isEqualTo("application/cloudevents+json");
    assertThat(headers.getFirst("webhook-id")).isEqualTo("d-7.1");
    assertThat(headers.getFirst("webhook-timestamp")).isEqualTo("1795227600");
    assertThat(headers.getFirst("webhook-signature"))
        .isEqualTo(
            Signer.of("hush")
                .sign("d-7.1", 1795227600, taken.body().getBytes(StandardCharsets.UTF_8)));
    assertThat(headers.getFirst("Authorization")).isEqualTo("Bearer t0ken");
    assertThat(deployer.reads.get(0).getFirst("Authorization")).isEqualTo("Bearer t0ken");
  }

  @Test
  void withoutSecretAndToken_noSuchHeaderIsSent() throws Exception {
    WebhookBackend backend = backend(Map.of());
    backend.apply(plan(backend));
    assertThat(deployer.taken.get(0).headers())
        .doesNotContainKeys("Webhook-signature", "Authorization");
  }

  @Test
  void readBack_mayBeElsewhere() throws Exception {
    StubDeployer elsewhere = new StubDeployer(Map.of("1", 1.0, "2", 0.0));
    open.add(elsewhere);
    WebhookBackend backend = backend(Map.of("read", elsewhere.url()));
    assertThat(backend.describe().shares()).isEqualTo(Map.of("1", 1.0, "2", 0.0));
    assertThat(deployer.reads).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 202})
  void accepted_isApplied(int status) throws Exception {
    WebhookBackend backend = backend(Map.of());
    deployer.shiftAnswer = new Canned(status, "", Map.of());
    assertThat(backend.apply(plan(backend)).kind()).isEqualTo(ApplyOutcome.Kind.APPLIED);
  }

  @ParameterizedTest
  @ValueSource(ints = {201, 204, 301, 307, 400, 401, 409, 429, 500, 503})
  void otherStatus_isAnErrorWithTheTargetsWords(int status) throws Exception {
    WebhookBackend backend = backend(Map.of());
    String words = status == 204 ? "" : "x".repeat(200) + "beyond";
    deployer.shiftAnswer = new Canned(status, words, Map.of("Location", "http://127.0.0.1:9/"));
    Plan plan = plan(backend);
    assertThatThrownBy(() -> backend.apply(plan))
        .isInstanceOf(BackendException.class)
        .hasMessageStartingWith("POST " + deployer.url() + ": status " + status)
        .hasMessageContaining(words.replace("beyond", ""))
        .hasMessageNotContaining("beyond");
  }

  @Test
  void redirect_isNotFollowed() throws Exception {
    StubDeployer elsewhere = new StubDeployer(Map.of("1", 1.0));
    open.add(elsewhere);
    deployer.readAnswer = new Canned(302, "", Map.of("Location", elsewhere.url()));
    assertThatThrownBy(() -> backend(Map.of()).describe())
        .hasMessageContaining("status 302")
        .hasMessageContaining("redirects are not followed");
    assertThat(elsewhere.reads).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "<html>                              | not JSON",
        "[]                                  | no weights in it",
        "{\"weights\": {}}                   | no weights in it",
        "{\"weights\": {\"1\": \"all\"}}     | weights.1: \"all\" (expected: 0 to 1)",
        "{\"weights\": {\"1\": 80, \"2\": 20}} | weights.1: 80 (expected: 0 to 1)",
        "{\"weights\": {\"1\": 0.8}}         | weights add up to 0.8 (expected: 1)",
      })
  void garbageReadBack_isAnErrorThatSaysWhatIsWrong(String body, String reason) {
    deployer.readAnswer = new Canned(200, body, Map.of());
    assertThatThrownBy(() -> backend(Map.of()).describe())
        .isInstanceOf(BackendException.class)
        .hasMessageStartingWith("GET " + deployer.url() + ": the answer: ")
        .hasMessageContaining(reason);
  }

  @Test
  void nothingServed_isNoError() throws Exception {
    deployer.write(Map.of("1", 0.0, "2", 0.0));
    assertThat(backend(Map.of()).describe().shares()).isEqualTo(Map.of("1", 0.0, "2", 0.0));
  }

  @Test
  void hugeAnswer_isNotTakenIn() {
    deployer.readAnswer = new Canned(200, " ".repeat(70_000), Map.of());
    assertThatThrownBy(() -> backend(Map.of()).describe())
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("answer above 65536 bytes");
  }

  @Test
  void answerThatNeverEnds_isGivenUp() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Thread accepting = new Thread(() -> halfAnAnswer(server));
      accepting.setDaemon(true);
      accepting.start();
      String url = "http://127.0.0.1:" + server.getLocalPort() + "/";
      WebhookBackend backend = backend(Map.of("read", url));
      assertTimeoutPreemptively(
          Duration.ofSeconds(10),
          () ->
              assertThatThrownBy(backend::describe)
                  .isInstanceOf(BackendException.class)
                  .hasMessage("GET " + url + ": no answer within 1900 ms"));
    }
  }

  private void halfAnAnswer(ServerSocket server) {
    try {
      Socket socket = server.accept();
      open.add(socket);
      socket
          .getOutputStream()
          .write(
              "HTTP/1.1 200 OK\r\nContent-Length: 30\r\n\r\n{\"weights\":"
                  .getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void repeatedId_isTheReceiversToDrop_andVerifyTells() throws Exception {
    WebhookBackend backend = backend(Map.of());
    Plan plan = plan(backend);
    deployer.shiftAnswer = new Canned(202, "", Map.of()); // accepted, and not done yet
    backend.apply(plan);
    backend.apply(plan);
    assertThat(deployer.taken)
        .extracting(taken -> taken.event().path("id").asText())
        .containsExactly("d-7.1", "d-7.1");
    assertThat(backend.verify(plan).kind()).isEqualTo(Verification.Kind.PENDING);
    deployer.write(Map.of("1", 0.9, "2", 0.1)); // under way
    assertThat(backend.verify(plan).kind()).isEqualTo(Verification.Kind.PENDING);
    deployer.write(Map.of("1", 1.0, "2", 0.0));
    assertThat(backend.verify(plan).kind()).isEqualTo(Verification.Kind.CONVERGED);
  }

  @Test
  void actionWaitsForTheJournal() {
    assertThat(backend(Map.of()).idempotent()).isFalse();
  }

  private Plan plan(WebhookBackend backend) throws BackendException {
    TrafficShift shift = new TrafficShift("d-7.1", "d-7", "credit", "2", "1", 0);
    return backend.plan(shift, backend.describe());
  }

  private WebhookBackend backend(Map<String, Object> more) {
    Map<String, Object> settings = new HashMap<>(deployer.settings());
    settings.putAll(more);
    WebhookBackend backend =
        new WebhookBackend(
            WebhookSettings.of(BackendSettings.of("credit", settings)),
            Clock.fixed(NOW, ZoneOffset.UTC));
    open.add(backend);
    return backend;
  }
}
