package io.breakwater.backend.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.breakwater.backend.kit.ContractTarget;
import io.breakwater.backend.kit.Fault;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A deployer that takes traffic shifts, and everything that can be wrong with one. */
final class StubDeployer implements ContractTarget {
  /** What one shift looked like on the wire. */
  record Taken(Headers headers, String body) {
    JsonNode event() throws IOException {
      return new ObjectMapper().readTree(body);
    }
  }

  /** An answer given instead of the true one. */
  record Canned(int status, String body, Map<String, String> headers) {}

  private final HttpServer server;
  private final ExecutorService executor = Executors.newCachedThreadPool(StubDeployer::daemon);
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Set<String> ids = new HashSet<>();
  final List<Taken> taken = new CopyOnWriteArrayList<>();
  final List<Headers> reads = new CopyOnWriteArrayList<>();
  private volatile Map<String, Double> shares;
  private volatile Fault fault;
  volatile Canned readAnswer;
  volatile Canned shiftAnswer;

  StubDeployer(Map<String, Double> shares) throws IOException {
    this.shares = new TreeMap<>(shares);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
    server.setExecutor(executor);
    server.createContext("/", this::handle);
    server.start();
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "stub-deployer");
    thread.setDaemon(true);
    return thread;
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/traffic";
  }

  private void handle(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    if (fault == Fault.SLOW) {
      waitForEnd();
    }
    if (exchange.getRequestMethod().equals("GET")) {
      reads.add(exchange.getRequestHeaders());
      answer(exchange, readAnswer != null ? readAnswer : new Canned(200, weights(), Map.of()));
    } else {
      taken.add(new Taken(exchange.getRequestHeaders(), body));
      answer(exchange, shiftAnswer != null ? shiftAnswer : shift(body));
    }
  }

  private synchronized Canned shift(String body) throws IOException {
    if (fault == Fault.REFUSING) {
      return new Canned(503, "change freeze until Monday", Map.of());
    }
    JsonNode event = new ObjectMapper().readTree(body);
    if (ids.add(event.path("id").asText()) && fault != Fault.LYING) {
      Map<String, Double> asked = new TreeMap<>();
      event
          .path("data")
          .path("weights")
          .properties()
          .forEach(weight -> asked.put(weight.getKey(), weight.getValue().asDouble()));
      shares = asked;
    }
    return new Canned(202, "", Map.of());
  }

  private static void answer(HttpExchange exchange, Canned canned) throws IOException {
    canned.headers().forEach(exchange.getResponseHeaders()::set);
    byte[] bytes = canned.body().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(canned.status(), bytes.length == 0 ? -1 : bytes.length);
    if (bytes.length > 0) {
      exchange.getResponseBody().write(bytes);
    }
    exchange.close();
  }

  private String weights() throws IOException {
    return new ObjectMapper().writeValueAsString(Map.of("weights", shares));
  }

  private void waitForEnd() throws IOException {
    try {
      closed.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Override
  public Map<String, Object> settings() {
    return new HashMap<>(Map.of("type", "webhook", "url", url()));
  }

  @Override
  public String name() {
    return url();
  }

  @Override
  public Map<String, Double> shares() {
    return shares;
  }

  @Override
  public void write(Map<String, Double> written) {
    shares = new TreeMap<>(written);
  }

  @Override
  public OptionalLong changes() {
    return OptionalLong.of(taken.size());
  }

  @Override
  public Set<Fault> faults() {
    return EnumSet.allOf(Fault.class);
  }

  @Override
  public void suffer(Fault suffered) {
    fault = suffered;
    if (suffered == Fault.GONE) {
      server.stop(0);
    }
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    executor.shutdownNow();
  }
}
