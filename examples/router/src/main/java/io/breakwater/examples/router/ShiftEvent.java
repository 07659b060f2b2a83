package io.breakwater.examples.router;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/** The CloudEvent that asks for new weights (CloudEvents 1.0, structured JSON). */
record ShiftEvent(String id, Split split) {
  static final String TYPE = "io.breakwater.traffic.shift";

  /**
   * Reads and checks an event.
   *
   * @throws HttpException 400 with the reason when it is not one, or asks for what cannot be
   */
  static ShiftEvent parse(byte[] body, Collection<String> versions, ObjectMapper mapper)
      throws HttpException {
    JsonNode event = tree(body, mapper);
    text(event, "source");
    String id = text(event, "id");
    String specversion = text(event, "specversion");
    if (!specversion.equals("1.0")) {
      throw new HttpException(400, "specversion: " + specversion + " (expected: 1.0)");
    }
    String type = text(event, "type");
    if (!type.equals(TYPE)) {
      throw new HttpException(400, "type: " + type + " (expected: " + TYPE + ")");
    }
    try {
      return new ShiftEvent(id, Split.of(weights(event), versions));
    } catch (IllegalArgumentException e) {
      throw new HttpException(400, "data." + e.getMessage());
    }
  }

  private static JsonNode tree(byte[] body, ObjectMapper mapper) throws HttpException {
    try {
      JsonNode event = mapper.readTree(body);
      if (event == null || !event.isObject()) {
        throw new HttpException(400, "body: not a JSON object (expected: a CloudEvent)");
      }
      return event;
    } catch (JsonProcessingException e) {
      throw new HttpException(400, "body: not JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new HttpException(400, "body: not JSON: " + e.getMessage());
    }
  }

  private static String text(JsonNode event, String name) throws HttpException {
    JsonNode value = event.path(name);
    if (!value.isTextual() || value.textValue().isEmpty()) {
      throw new HttpException(400, name + ": missing (expected: a text, as CloudEvents 1.0 asks)");
    }
    return value.textValue();
  }

  private static Map<String, Double> weights(JsonNode event) throws HttpException {
    JsonNode weights = event.path("data").path("weights");
    if (!weights.isObject() || weights.isEmpty()) {
      throw new HttpException(
          400, "data.weights: missing (expected: an object of version to share, 0 to 1)");
    }
    Map<String, Double> shares = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : weights.properties()) {
      if (!entry.getValue().isNumber()) {
        throw new HttpException(
            400,
            "data.weights." + entry.getKey() + ": " + entry.getValue() + " (expected: a number)");
      }
      shares.put(entry.getKey(), entry.getValue().doubleValue());
    }
    return shares;
  }
}
