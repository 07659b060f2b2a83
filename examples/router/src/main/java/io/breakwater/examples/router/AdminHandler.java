package io.breakwater.examples.router;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The admin API: {@code GET /traffic}, {@code POST /traffic} and {@code GET /stats}. A change is
 * answered after it is in effect.
 */
final class AdminHandler implements HttpListener.Handler {
  private final Traffic traffic;
  private final Map<String, Target> targets;
  private final @Nullable Signature signature;
  private final ObjectMapper mapper = new ObjectMapper();

  AdminHandler(Traffic traffic, Map<String, Target> targets, @Nullable Signature signature) {
    this.traffic = traffic;
    this.targets = targets;
    this.signature = signature;
  }

  /**
   * Reads a shift to the weights in force and forgets it, so that the first real one does not wait
   * for classes to load.
   */
  void rehearse() {
    try {
      Map<String, Object> data = Map.of("weights", traffic.split().weights());
      String event =
          json(
              Map.of(
                  "specversion", "1.0",
                  "id", "rehearsal",
                  "source", "/router",
                  "type", ShiftEvent.TYPE,
                  "data", data));
      byte[] body = event.getBytes(StandardCharsets.UTF_8);
      if (signature != null) {
        signature.sign("rehearsal", body);
      }
      ShiftEvent.parse(body, targets.keySet(), mapper);
    } catch (HttpException | JsonProcessingException e) {
      throw new IllegalStateException("the router refuses its own weights", e);
    }
  }

  @Override
  public boolean handle(Request request, OutputStream out) throws IOException {
    Answer answer;
    try {
      answer = answer(request);
    } catch (HttpException e) {
      answer = Answer.json(e.status(), json(Map.of("error", String.valueOf(e.getMessage()))));
    }
    answer.writeTo(out, !request.method().equals("HEAD"));
    return true;
  }

  private Answer answer(Request request) throws HttpException, JsonProcessingException {
    String call = request.method() + " " + request.path();
    return switch (call) {
      case "GET /traffic" -> Answer.json(200, weights());
      case "POST /traffic" -> shift(request);
      case "GET /stats" -> Answer.json(200, stats());
      default ->
          throw new HttpException(
              request.path().equals("/traffic") || request.path().equals("/stats") ? 405 : 404,
              call + ": not here (expected: GET or POST /traffic, GET /stats)");
    };
  }

  private Answer shift(Request request) throws HttpException, JsonProcessingException {
    String signedId = signature == null ? null : signature.check(request);
    requireJson(request);
    ShiftEvent event = ShiftEvent.parse(request.body(), targets.keySet(), mapper);
    if (signedId != null && !signedId.equals(event.id())) {
      throw new HttpException(401, "webhook-id: " + signedId + " (expected: " + event.id() + ")");
    }
    if (traffic.shift(event.id(), event.split())) {
      System.err.println("router: weights " + event.split().weights() + " by " + event.id());
    }
    return Answer.json(200, weights());
  }

  private static void requireJson(Request request) throws HttpException {
    String type = request.head().first("content-type");
    if (type == null || !type.matches("(?i)application/(cloudevents\\+)?json( *;.*)?")) {
      throw new HttpException(
          415, "content-type: " + type + " (expected: application/cloudevents+json)");
    }
  }

  private String weights() throws JsonProcessingException {
    return json(Map.of("weights", traffic.split().weights()));
  }

  private String stats() throws JsonProcessingException {
    Map<String, Object> versions = new LinkedHashMap<>();
    for (Target target : targets.values()) {
      Map<String, Object> counters = new LinkedHashMap<>();
      counters.put("requests", target.requests.sum());
      counters.put("unreachable", target.unreachable.sum());
      for (int hundreds = 2; hundreds <= 5; hundreds++) {
        counters.put(hundreds + "xx", target.answers(hundreds));
      }
      versions.put(target.version(), counters);
    }
    return json(Map.of("versions", versions));
  }

  private String json(Object value) throws JsonProcessingException {
    return mapper.writeValueAsString(value);
  }
}
