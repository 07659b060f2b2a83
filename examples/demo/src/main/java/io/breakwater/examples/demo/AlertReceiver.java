package io.breakwater.examples.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** Stands for the people who get alerts: takes CloudEvents and checks their signature. */
final class AlertReceiver implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final byte[] secret;
  private final HttpServer http;
  private final List<Alert> alerts = new CopyOnWriteArrayList<>();

  /**
   * An alert as received.
   *
   * @param type of the CloudEvent
   * @param signed whether the signature was right
   */
  record Alert(Instant at, String type, boolean signed) {}

  /** Starts to listen on a free port of the loopback address. */
  AlertReceiver(String secret) throws IOException {
    this.secret = secret.getBytes(UTF_8);
    this.http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    http.createContext("/alerts", this::receive);
    http.start();
  }

  /** Where alerts go. */
  URI address() {
    return URI.create("http://127.0.0.1:" + http.getAddress().getPort() + "/alerts");
  }

  /** All alerts received, in the order of arrival. */
  List<Alert> alerts() {
    return List.copyOf(alerts);
  }

  @Override
  public void close() {
    http.stop(0);
  }

  private void receive(HttpExchange exchange) throws IOException {
    Instant at = Instant.now();
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      JsonNode event = JSON.readTree(body);
      alerts.add(new Alert(at, event.path("type").asText(), signed(exchange, body)));
      exchange.sendResponseHeaders(204, -1);
    }
  }

  private boolean signed(HttpExchange exchange, byte[] body) {
    return signed(
        secret,
        exchange.getRequestHeaders().getFirst("webhook-id"),
        exchange.getRequestHeaders().getFirst("webhook-timestamp"),
        exchange.getRequestHeaders().getFirst("webhook-signature"),
        body);
  }

  /** Whether one of the signatures is HMAC-SHA256 over {@code id.timestamp.body}. */
  static boolean signed(
      byte[] secret,
      @Nullable String id,
      @Nullable String timestamp,
      @Nullable String signatures,
      byte[] body) {
    if (id == null || timestamp == null || signatures == null) {
      return false;
    }
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret, "HmacSHA256"));
      mac.update((id + "." + timestamp + ".").getBytes(UTF_8));
      byte[] expected =
          ("v1," + Base64.getEncoder().encodeToString(mac.doFinal(body))).getBytes(UTF_8);
      for (String signature : signatures.split(" ", -1)) {
        if (MessageDigest.isEqual(expected, signature.getBytes(UTF_8))) {
          return true;
        }
      }
      return false;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HmacSHA256", e);
    }
  }
}
