package io.breakwater.agent.core.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.breakwater.agent.core.config.AgentConfig;
import io.breakwater.agent.core.config.ConfigSources;
import io.breakwater.agent.core.record.Drops;
import io.breakwater.agent.core.record.Labels;
import io.breakwater.signals.ExponentialHistogram;
import io.breakwater.signals.Metrics;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Metrics over TLS, with a certificate that nobody but the configuration trusts. */
class TlsExportTest {
  private static final char[] PASSWORD = "changeit".toCharArray();

  @TempDir Path folder;
  private final BlockingQueue<String> tokens = new LinkedBlockingQueue<>();
  private final List<String> messages = new CopyOnWriteArrayList<>();
  private HttpsServer server;

  @BeforeEach
  void listen() throws Exception {
    KeyStore keys = keys();
    KeyManagerFactory own = KeyManagerFactory.getInstance("PKIX");
    own.init(keys, PASSWORD);
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("client", keys.getCertificate("server"));
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(own.getKeyManagers(), trust.getTrustManagers(), null);
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(
        new HttpsConfigurator(context) {
          @Override
          public void configure(HttpsParameters parameters) {
            SSLParameters tls = context.getDefaultSSLParameters();
            tls.setNeedClientAuth(true);
            parameters.setSSLParameters(tls);
          }
        });
    server.createContext(
        "/v1/metrics",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          tokens.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private KeyStore keys() throws Exception {
    Path store = folder.resolve("keys.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                "EC",
                "-dname",
                "CN=here",
                "-ext",
                "san=dns:localhost,ip:127.0.0.1",
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                new String(PASSWORD))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("keytool.log").toFile())
            .start();
    assertThat(keytool.waitFor()).isZero();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD);
    }
    write("ca.pem", "CERTIFICATE", keys.getCertificate("server").getEncoded());
    write("client.key", "PRIVATE KEY", keys.getKey("server", PASSWORD).getEncoded());
    return keys;
  }

  private void write(String name, String what, byte[] der) throws Exception {
    String base64 =
        Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(der);
    String pem = "-----BEGIN " + what + "-----\n" + base64 + "\n-----END " + what + "-----\n";
    Files.write(folder.resolve(name), pem.getBytes(StandardCharsets.US_ASCII));
  }

  @Test
  void ownCertificateAuthority_isTrusted_andTheClientShowsItsCertificate() throws Exception {
    OtlpExport export = export(Map.of("breakwater.certificate", file("ca.pem")));

    export.send(batch());

    assertThat(tokens.poll(20, TimeUnit.SECONDS)).isEqualTo("Bearer t0ken");
    export.close(1_000);
    assertThat(messages).isEmpty();
  }

  @Test
  void withoutIt_nothingIsSent() throws Exception {
    OtlpExport export = export(Map.of());

    export.send(batch());

    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (messages.isEmpty() && System.nanoTime() < deadline) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
    assertThat(messages).isNotEmpty();
    assertThat(tokens).isEmpty();
    export.close(0);
  }

  private String file(String name) {
    return folder.resolve(name).toString();
  }

  private OtlpExport export(Map<String, String> more) throws Exception {
    Map<String, String> properties = new HashMap<>(more);
    properties.put("breakwater.endpoint", "https://localhost:" + server.getAddress().getPort());
    properties.put("breakwater.token", "t0ken");
    Map<String, String> environment =
        Map.of(
            "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE", file("ca.pem"),
            "OTEL_EXPORTER_OTLP_CLIENT_KEY", file("client.key"));
    AgentConfig config = AgentConfig.load(ConfigSources.of(properties, environment, null));
    assertThat(config.warnings()).isEmpty();
    return new OtlpExport(
        config.endpoint(),
        Map.of("service.name", "scoring"),
        new Drops(),
        (name, work) -> {
          Thread thread = new Thread(work, name);
          thread.setDaemon(true);
          thread.start();
        },
        messages::add);
  }

  private static MetricBatch batch() {
    ExponentialHistogram durations = ExponentialHistogram.ofScale(5);
    durations.record(0.004);
    MetricBatch batch = new MetricBatch(2_000);
    batch.histogram(
        Metrics.INFERENCE_DURATION,
        Labels.NONE.with("ml.model.name", "credit"),
        durations.snapshot(),
        1_000);
    return batch;
  }
}
