package io.breakwater.collector.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.linecorp.armeria.client.ClientFactory;
import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.RequestHeaders;
import io.breakwater.collector.Collector;
import io.breakwater.collector.cli.CommandLineRun;
import io.breakwater.collector.config.CollectorConfig;
import io.breakwater.collector.config.ConfigException;
import io.breakwater.collector.config.GuardrailFile;
import io.breakwater.collector.intake.GrpcMetricsService;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS on the ports of a real collector. */
class TlsTest {
  private static final String MODEL =
      "models: [{name: credit, guardrails: [{signal: errors, max: 5%}]}]\n";

  @TempDir static Path authorities;
  private static Certificates ours;
  private static Certificates theirs;

  @TempDir Path folder;
  private final List<AutoCloseable> open = new ArrayList<>();
  private Path certificate;
  private Path key;

  @BeforeAll
  static void makeCertificates() throws Exception {
    ours = new Certificates(Files.createDirectory(authorities.resolve("ours")));
    ours.sign("one", "CN=one", "dns:localhost,ip:127.0.0.1");
    ours.sign("two", "CN=two", "dns:localhost,ip:127.0.0.1");
    ours.sign("agent", "CN=agent-7, O=Acme", "uri:spiffe://acme/agents/7");
    theirs = new Certificates(Files.createDirectory(authorities.resolve("theirs")));
    theirs.sign("agent", "CN=agent-7, O=Acme", "uri:spiffe://acme/agents/7");
  }

  @BeforeEach
  void useTheFirst() throws IOException {
    certificate = Files.copy(ours.file("one.pem"), folder.resolve("server.pem"));
    key = Files.copy(ours.file("one.key"), folder.resolve("server.key"));
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable one : open) {
      one.close();
    }
  }

  @Test
  void bothPorts_speakTls_andTheCommandLineToo() throws Exception {
    Collector collector = start("tls: {certificate: server.pem, key: server.key}\n");
    HttpClient client = client(ours.file("ca.pem"), null, null);

    assertThat(status(client, collector.httpPort(), "/api/v1/models", null)).isEqualTo(200);
    assertThat(emit(client, collector.otlpHttpPort(), null)).isEqualTo(200);
    assertThatThrownBy(
            () ->
                status(
                    client(theirs.file("ca.pem"), null, null),
                    collector.httpPort(),
                    "/api/v1/models",
                    null))
        .isInstanceOf(SSLException.class);

    String url = "https://localhost:" + collector.httpPort();
    CommandLineRun trusting =
        CommandLineRun.of("status", "--url", url, "--cacert", ours.file("ca.pem").toString());
    assertThat(trusting.status()).as(trusting.err()).isZero();
    CommandLineRun doubting = CommandLineRun.of("status", "--url", url);
    assertThat(doubting.status()).isEqualTo(3);
    assertThat(doubting.err()).contains("--cacert");
    CommandLineRun wrong =
        CommandLineRun.of("status", "--url", url, "--cacert", folder.resolve("no.pem").toString());
    assertThat(wrong.status()).isEqualTo(2);
    assertThat(wrong.err()).contains("no.pem: no such file (expected: a PEM file)");
  }

  @Test
  void grpcPort_speaksTlsAndAsksForTheToken() throws Exception {
    Collector collector =
        start(
            "tls: {certificate: server.pem, key: server.key}\n"
                + "auth: {tokens: [{name: agents, role: emit, secret: emit-secret}]}\n");
    File ca = ours.file("ca.pem").toFile();
    try (ClientFactory factory =
        ClientFactory.builder().tlsCustomizer(tls -> tls.trustManager(ca)).build()) {
      WebClient client =
          WebClient.builder("h2://localhost:" + collector.otlpGrpcPort()).factory(factory).build();

      assertThat(grpcStatus(client, "nonsense")).isEqualTo("16");
      assertThat(grpcStatus(client, "emit-secret")).isEqualTo("0");
    }
  }

  private static String grpcStatus(WebClient client, String token) {
    RequestHeaders headers =
        RequestHeaders.builder(HttpMethod.POST, GrpcMetricsService.PATH)
            .set("content-type", "application/grpc")
            .set("authorization", "Bearer " + token)
            .build();
    HttpData emptyMessage = HttpData.wrap(new byte[5]);
    return client
        .execute(HttpRequest.of(headers, emptyMessage))
        .aggregate()
        .join()
        .trailers()
        .get("grpc-status");
  }

  @Test
  void tokenFromAFile_isUsed() throws Exception {
    Collector collector =
        start(
            "tls: {certificate: server.pem, key: server.key}\n"
                + "auth: {tokens: [{name: ann, role: read, secret: a-secret}]}\n");
    Path token = Files.writeString(folder.resolve("token"), "a-secret\n");
    List<String> status =
        List.of(
            "status",
            "--url",
            "https://127.0.0.1:" + collector.httpPort(),
            "--cacert",
            ours.file("ca.pem").toString());

    assertThat(run(status, "--token-file", token.toString()).status()).isZero();
    assertThat(run(status).err()).contains("no known token", "--token");
    assertThat(run(status, "--token-file", "/nowhere/token").err())
        .contains("/nowhere/token (expected: a readable file that holds the token)");
  }

  private static CommandLineRun run(List<String> begin, String... more) {
    List<String> all = new ArrayList<>(begin);
    all.addAll(List.of(more));
    return CommandLineRun.of(all.toArray(String[]::new));
  }

  @Test
  void changedFiles_areUsedForNewConnections_brokenOnesAreNot() throws Exception {
    Collector collector = start("tls: {certificate: server.pem, key: server.key}\n");
    assertThat(subject(collector.httpPort())).isEqualTo("CN=one");

    put("two.key", key);
    assertThatThrownBy(() -> collector.reload("test"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("server.key: is not the key of");
    assertThat(subject(collector.httpPort())).as("key without its certificate").isEqualTo("CN=one");

    put("two.pem", certificate);
    collector.reload("test");
    assertThat(subject(collector.httpPort())).isEqualTo("CN=two");
    assertThat(subject(collector.otlpHttpPort())).isEqualTo("CN=two");
  }

  @Test
  void watchedFiles_areTakenWhenTheyFit_andNotWhenTheyAreBroken() throws Exception {
    try (ReloadingTls tls =
        ReloadingTls.watching(new TlsFiles(certificate, key, null, false), Clock.systemUTC())) {
      put("two.pem", certificate);
      tls.look();
      assertThat(subject(tls)).as("certificate without its key").isEqualTo("CN=one");

      put("two.key", key);
      tls.look();
      assertThat(subject(tls)).isEqualTo("CN=two");

      Files.writeString(certificate, "-----BEGIN CERTIFICATE-----\nAAAA\n");
      tls.look();
      Files.delete(key);
      tls.look();
      assertThat(subject(tls)).isEqualTo("CN=two");
    }
  }

  private static String subject(ReloadingTls tls) {
    return tls.keyPair("*").certificateChain().get(0).getSubjectX500Principal().getName();
  }

  private static void put(String from, Path to) throws IOException {
    Files.copy(ours.file(from), to, StandardCopyOption.REPLACE_EXISTING);
  }

  @Test
  void clientCertificate_isAskedForAndCountsAsItsRole() throws Exception {
    Files.copy(ours.file("ca.pem"), folder.resolve("ca.pem"));
    Collector collector =
        start(
            """
            tls:
              certificate: server.pem
              key: server.key
              client-ca: ca.pem
              clients: [{name: "spiffe://acme/agents/7", role: emit}]
            auth: {tokens: [{name: ann, role: operate, secret: a-secret}]}
            """);
    HttpClient agent = client(ours.file("ca.pem"), ours.file("agent.pem"), ours.file("agent.key"));

    assertThat(emit(agent, collector.otlpHttpPort(), null)).isEqualTo(200);
    assertThat(status(agent, collector.httpPort(), "/api/v1/models", null)).isEqualTo(403);
    assertThat(status(agent, collector.httpPort(), "/api/v1/models", "a-secret")).isEqualTo(200);
    assertThat(emit(agent, collector.otlpHttpPort(), "wrong")).isEqualTo(401);

    HttpClient stranger =
        client(ours.file("ca.pem"), theirs.file("agent.pem"), theirs.file("agent.key"));
    assertThatThrownBy(() -> emit(stranger, collector.otlpHttpPort(), null))
        .isInstanceOf(IOException.class);
    HttpClient nameless = client(ours.file("ca.pem"), null, null);
    assertThatThrownBy(() -> status(nameless, collector.httpPort(), "/-/healthy", null))
        .isInstanceOf(IOException.class);
  }

  @Test
  void optionalClientCertificate_lets_tokensIn() throws Exception {
    Files.copy(ours.file("ca.pem"), folder.resolve("ca.pem"));
    Collector collector =
        start(
            """
            tls:
              certificate: server.pem
              key: server.key
              client-ca: ca.pem
              client-auth: optional
              clients: [{name: agent-7, role: read}]
            """);
    HttpClient agent = client(ours.file("ca.pem"), ours.file("agent.pem"), ours.file("agent.key"));
    HttpClient nameless = client(ours.file("ca.pem"), null, null);

    assertThat(status(agent, collector.httpPort(), "/api/v1/models", null)).isEqualTo(200);
    assertThat(status(nameless, collector.httpPort(), "/-/healthy", null)).isEqualTo(200);
    assertThat(status(nameless, collector.httpPort(), "/api/v1/models", null)).isEqualTo(401);
  }

  @Test
  void unusableFiles_areNamedAndNeverShown() throws Exception {
    Files.writeString(folder.resolve("none.key"), "SECRET-LOOKING TEXT");
    Files.writeString(
        folder.resolve("old.key"),
        "-----BEGIN EC PRIVATE KEY-----\nU0VDUkVU\n-----END EC PRIVATE KEY-----\n");
    Files.writeString(
        folder.resolve("bad.key"),
        "-----BEGIN PRIVATE KEY-----\nU0VDUkVU\n-----END PRIVATE KEY-----\n");
    Files.copy(ours.file("two.key"), folder.resolve("two.key"));

    assertThat(refusal("server.pem", "none.key"))
        .endsWith("holds no private key (expected: PEM," + " PKCS #8)");
    assertThat(refusal("server.pem", "old.key")).contains("of form EC", "openssl pkcs8 -topk8");
    assertThat(refusal("server.pem", "bad.key")).contains("cannot be read", "bad.key");
    assertThat(refusal("server.pem", "two.key")).contains("is not the key of");
    assertThat(refusal("server.key", "server.key")).contains("holds no certificate");
    assertThat(refusal("absent.pem", "server.key")).contains("absent.pem: no such file");
    for (String bad : List.of("none.key", "old.key", "bad.key")) {
      assertThat(refusal("server.pem", bad)).doesNotContain("SECRET-LOOKING", "U0VDUkVU", "SECRET");
    }
  }

  @Test
  void expiredCertificate_isRefused() {
    TlsFiles files = new TlsFiles(certificate, key, null, false);

    for (Duration away : List.of(Duration.ofDays(30), Duration.ofDays(-30))) {
      Clock then = Clock.fixed(Instant.now().plus(away), ZoneOffset.UTC);
      assertThatThrownBy(() -> ReloadingTls.check(files, then))
          .isInstanceOf(TlsException.class)
          .hasMessageMatching(".*server.pem: (expired at|valid from) .*");
    }
  }

  private String refusal(String certificateFile, String keyFile) throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("bad.yaml"),
            MODEL + "tls: {certificate: " + certificateFile + ", key: " + keyFile + "}\n");
    try {
      CollectorConfig unexpected = GuardrailFile.reader().read(file);
      throw new AssertionError(unexpected.source());
    } catch (ConfigException e) {
      assertThat(e.problems()).hasSize(1);
      assertThat(e.problems().get(0).line()).isEqualTo(2);
      return e.getMessage();
    }
  }

  private Collector start(String more) throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("b.yaml"),
            MODEL + "listen: {otlp-grpc-port: 0, otlp-http-port: 0, http-port: 0}\n" + more);
    Collector collector =
        Collector.start(GuardrailFile.reader().read(file), folder.resolve("data"));
    open.add(collector);
    return collector;
  }

  private static HttpClient client(Path ca, @Nullable Path certificate, @Nullable Path key)
      throws Exception {
    return HttpClient.newBuilder().sslContext(ClientTls.context(ca, certificate, key)).build();
  }

  private static int status(HttpClient client, int port, String path, @Nullable String token)
      throws Exception {
    java.net.http.HttpRequest.Builder request =
        java.net.http.HttpRequest.newBuilder(URI.create("https://localhost:" + port + path));
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    return client.send(request.build(), BodyHandlers.discarding()).statusCode();
  }

  private static int emit(HttpClient client, int port, @Nullable String token) throws Exception {
    java.net.http.HttpRequest.Builder request =
        java.net.http.HttpRequest.newBuilder(
                URI.create("https://localhost:" + port + "/v1/metrics"))
            .header("Content-Type", "application/x-protobuf")
            .POST(BodyPublishers.noBody());
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    return client.send(request.build(), BodyHandlers.discarding()).statusCode();
  }

  /** Whom a new connection meets. */
  private static String subject(int port) throws Exception {
    try (SSLSocket socket =
        (SSLSocket)
            ClientTls.context(ours.file("ca.pem"), null, null)
                .getSocketFactory()
                .createSocket("localhost", port)) {
      socket.startHandshake();
      X509Certificate shown = (X509Certificate) socket.getSession().getPeerCertificates()[0];
      return shown.getSubjectX500Principal().getName();
    }
  }
}
