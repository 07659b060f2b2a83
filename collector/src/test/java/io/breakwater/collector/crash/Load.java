package io.breakwater.collector.crash;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.breakwater.collector.OtlpRequests;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * What goes on around one life of a collector: agents that report calls, canaries that go bad,
 * people who give orders, and somebody who follows the decisions.
 */
final class Load implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long PERIOD_MILLIS = 50;
  private static long clock = System.currentTimeMillis() * 1_000_000L;

  private final CollectorProcess collector;
  private final Surroundings around;
  private final List<String> models;
  private final Random random;
  private final HttpClient client = HttpClient.newHttpClient();
  private final Set<String> failing = new TreeSet<>();
  private final Queue<JsonNode> followed = new ConcurrentLinkedQueue<>();
  private final Queue<String> ordered = new ConcurrentLinkedQueue<>();
  private final Thread agents;
  private final Thread people;
  private volatile boolean over;

  Load(CollectorProcess collector, Surroundings around, List<String> models, long seed) {
    this.collector = collector;
    this.around = around;
    this.models = models;
    this.random = new Random(seed);
    this.agents = new Thread(this::report, "agents");
    this.people = new Thread(this::order, "people");
    follow();
    agents.start();
    people.start();
  }

  /** Decisions as they came over the stream of events. */
  List<JsonNode> followed() {
    return List.copyOf(followed);
  }

  /** Decisions that were made for an order, as answered. */
  List<String> ordered() {
    return List.copyOf(ordered);
  }

  private void follow() {
    HttpRequest request = HttpRequest.newBuilder(collector.http("/api/v1/events")).build();
    var unused =
        client
            .sendAsync(request, BodyHandlers.ofLines())
            .thenAccept(response -> response.body().forEach(this::line))
            .exceptionally(gone -> null); // the collector was killed
  }

  private void line(String line) {
    if (line.startsWith("data: ") && line.contains("\"hash\"")) {
      followed.add(json(line.substring(6)));
    }
  }

  private void report() {
    while (!over) {
      try {
        OtlpRequests request = OtlpRequests.from("instance-1");
        long start = clock;
        clock += PERIOD_MILLIS * 1_000_000L;
        for (String model : models) {
          request.calls(model, "1", null, 20, start, clock);
          if (around.share(model, "2") > 0) {
            String error = isFailing(model) ? "java.lang.IllegalStateException" : null;
            request.calls(model, "2", error, 5, start, clock);
          }
        }
        send(
            HttpRequest.newBuilder(collector.otlp("/v1/metrics"))
                .header("Content-Type", "application/x-protobuf")
                .POST(BodyPublishers.ofByteArray(request.bytes())));
        Thread.sleep(PERIOD_MILLIS);
      } catch (IOException e) {
        return; // the collector was killed
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private boolean isFailing(String model) {
    synchronized (failing) {
      return failing.contains(model);
    }
  }

  /** Lets canaries go bad, and puts them back. */
  private void order() {
    Set<String> held = new TreeSet<>();
    while (!over) {
      try {
        Thread.sleep(20 + random.nextInt(60));
        String model = models.get(random.nextInt(models.size()));
        switch (random.nextInt(6)) {
          case 0, 1, 2 -> {
            synchronized (failing) {
              failing.add(model);
            }
          }
          case 3 -> {
            synchronized (failing) {
              failing.remove(model);
            }
            order(model, "reset");
          }
          case 4 -> order(model, "trip");
          default -> order(model, held.remove(model) ? "release" : hold(held, model));
        }
      } catch (IOException e) {
        return; // the collector was killed
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private static String hold(Set<String> held, String model) {
    held.add(model);
    return "hold";
  }

  private void order(String model, String verb) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        send(
            HttpRequest.newBuilder(collector.http("/api/v1/breakers/" + model + "/2/" + verb))
                .header("X-Breakwater-Request", "1")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"reason\": \"a trial\", \"by\": \"somebody\"}")));
    String decision = json(answer.body()).path("decision").asText("");
    if (answer.statusCode() == 200 && !decision.isEmpty()) {
      ordered.add(decision);
    }
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return client.send(request.timeout(Duration.ofSeconds(10)).build(), BodyHandlers.ofString());
  }

  /** State of every breaker that is known, by model and version. */
  static Map<String, String> breakers(URI breakers) throws Exception {
    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .send(HttpRequest.newBuilder(breakers).build(), BodyHandlers.ofString());
    Map<String, String> states = new java.util.TreeMap<>();
    json(answer.body())
        .forEach(
            line ->
                states.put(
                    line.path("model").asText() + "/" + line.path("version").asText(),
                    line.path("state").asText()));
    return states;
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new AssertionError(text, e);
    }
  }

  @Override
  public void close() {
    over = true;
    agents.interrupt();
    people.interrupt();
    try {
      agents.join();
      people.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
