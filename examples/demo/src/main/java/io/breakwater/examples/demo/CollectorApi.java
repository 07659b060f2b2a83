package io.breakwater.examples.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the collector's API. */
final class CollectorApi {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();
  private final URI base;

  CollectorApi(URI base) {
    this.base = base;
  }

  /**
   * One record of the audit log.
   *
   * @param id of the decision it belongs to
   * @param kind what happened, as {@code TRIPPED} or {@code VERIFIED}
   * @param json all of it
   */
  record Decision(
      String id, String kind, Instant at, String version, String reason, JsonNode json) {
    static Decision of(JsonNode json) {
      return new Decision(
          json.path("decision").asText(),
          json.path("kind").asText(),
          Instant.parse(json.path("at").asText()),
          json.path("version").asText(),
          json.path("reason").asText(),
          json);
    }
  }

  /** All decisions on a model, oldest first. */
  List<Decision> decisions(String model) throws IOException, InterruptedException {
    List<Decision> decisions = new ArrayList<>();
    for (JsonNode record : get("/api/v1/decisions?model=" + model)) {
      decisions.add(0, Decision.of(record));
    }
    return decisions;
  }

  /** The state of a version's breaker, or null while the collector does not know the version. */
  @Nullable String breakerState(String model, String version)
      throws IOException, InterruptedException {
    for (JsonNode breaker : get("/api/v1/breakers")) {
      if (breaker.path("model").asText().equals(model)
          && breaker.path("version").asText().equals(version)) {
        return breaker.path("state").asText();
      }
    }
    return null;
  }

  /** The guardrails on a version that cannot judge it yet, each with the reason. */
  List<String> waitingGuardrails(String model, String version)
      throws IOException, InterruptedException {
    List<String> waiting = new ArrayList<>();
    for (JsonNode one : get("/api/v1/models")) {
      for (JsonNode candidate : one.path("versions")) {
        if (one.path("model").asText().equals(model)
            && candidate.path("version").asText().equals(version)) {
          candidate.path("verdicts").forEach(verdict -> addIfWaiting(waiting, verdict));
        }
      }
    }
    return waiting;
  }

  private static void addIfWaiting(List<String> waiting, JsonNode verdict) {
    String note = verdict.path("note").asText();
    if (verdict.path("verdict").asText().equals("NO_DATA") && !note.isEmpty()) {
      waiting.add(verdict.path("guardrail").asText() + ": " + note);
    }
  }

  /** Where the API is. */
  URI base() {
    return base;
  }

  private JsonNode get(String path) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(base.resolve(path)).timeout(Duration.ofSeconds(5)).build();
    HttpResponse<byte[]> response = http.send(request, BodyHandlers.ofByteArray());
    if (response.statusCode() != 200) {
      throw new IOException("GET " + request.uri() + ": status " + response.statusCode());
    }
    return JSON.readTree(response.body());
  }
}
