package io.breakwater.collector.crash;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;

/**
 * What outlives the collector: one router for all models, and somebody who is told. Both remember
 * everything they got, and sometimes answer late or not well.
 */
final class Surroundings implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Map<String, Map<String, Double>> weights = new HashMap<>();
  private final Map<String, Integer> effects = new ConcurrentHashMap<>();
  private final Queue<String> tooEarly = new ConcurrentLinkedQueue<>();
  private final Queue<JsonNode> told = new ConcurrentLinkedQueue<>();
  private final Set<String> toldIds = ConcurrentHashMap.newKeySet();
  private final Predicate<String> isWritten;
  private volatile boolean moody = true;

  /**
   * Routers that give version 2 of each model a fifth.
   *
   * @param isWritten whether the journal has this shift; asked before anything is done
   */
  Surroundings(Collection<String> models, Predicate<String> isWritten) throws IOException {
    this.isWritten = isWritten;
    models.forEach(model -> weights.put(model, new TreeMap<>(Map.of("1", 0.8, "2", 0.2))));
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/router/", this::route);
    server.createContext("/hooks", this::tell);
    server.setExecutor(threads);
    server.start();
  }

  String url(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  /** Always answers well from now on. */
  void calm() {
    moody = false;
  }

  double share(String model, String version) {
    synchronized (weights) {
      return weights.get(model).getOrDefault(version, 0.0);
    }
  }

  /** How often each shift changed anything, by id. */
  Map<String, Integer> effects() {
    return Map.copyOf(effects);
  }

  /** Ids of shifts that came before their journal entry. */
  List<String> tooEarly() {
    return List.copyOf(tooEarly);
  }

  /** Events that were taken. */
  List<JsonNode> told() {
    return List.copyOf(told);
  }

  /** Ids of events that were taken. */
  Set<String> toldIds() {
    return Set.copyOf(toldIds);
  }

  private void route(HttpExchange exchange) throws IOException {
    try (exchange) {
      String model = exchange.getRequestURI().getPath().substring("/router/".length());
      if (exchange.getRequestMethod().equals("POST")) {
        String shift = exchange.getRequestHeaders().getFirst("webhook-id");
        if (!isWritten.test(shift)) {
          tooEarly.add(shift);
        }
        pause();
        shift(model, shift, JSON.readTree(exchange.getRequestBody()).path("data").path("weights"));
      }
      String body;
      synchronized (weights) {
        body = JSON.writeValueAsString(Map.of("weights", weights.get(model)));
      }
      answer(exchange, 200, body);
    }
  }

  private void shift(String model, String shift, JsonNode to) {
    synchronized (weights) {
      Map<String, Double> next = new TreeMap<>();
      to.properties().forEach(entry -> next.put(entry.getKey(), entry.getValue().asDouble()));
      boolean changed = !next.equals(weights.put(model, next));
      effects.merge(shift, changed ? 1 : 0, Integer::sum);
    }
  }

  private void tell(HttpExchange exchange) throws IOException {
    try (exchange) {
      JsonNode event = JSON.readTree(exchange.getRequestBody());
      pause();
      boolean taken = !moody || ThreadLocalRandom.current().nextInt(4) > 0;
      if (taken) {
        told.add(event);
        toldIds.add(event.path("id").asText());
      }
      answer(exchange, taken ? 200 : 503, "");
    }
  }

  private void pause() {
    try {
      Thread.sleep(moody ? ThreadLocalRandom.current().nextInt(30) : 0);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    if (bytes.length > 0) {
      exchange.getResponseBody().write(bytes);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
