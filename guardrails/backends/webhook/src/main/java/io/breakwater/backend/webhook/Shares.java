package io.breakwater.backend.webhook;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/** Reads {@code {"weights": {"1": 0.8, "2": 0.2}}}. */
final class Shares {
  private static final double TOLERANCE = 1e-6;

  private Shares() {}

  /**
   * Share per version in ascending order.
   *
   * @throws IOException with what is wrong and what would be right
   */
  static Map<String, Double> parse(byte[] body, ObjectMapper mapper) throws IOException {
    JsonNode weights = tree(body, mapper).path("weights");
    if (!weights.isObject() || weights.isEmpty()) {
      throw new IOException("no weights in it (expected: {\"weights\": {\"1\": 0.8, \"2\": 0.2}})");
    }
    Map<String, Double> shares = new TreeMap<>();
    double sum = 0;
    for (Map.Entry<String, JsonNode> weight : weights.properties()) {
      double share = weight.getValue().isNumber() ? weight.getValue().doubleValue() : Double.NaN;
      if (!(share >= 0 && share <= 1)) {
        throw new IOException(
            "weights." + weight.getKey() + ": " + weight.getValue() + " (expected: 0 to 1)");
      }
      shares.put(weight.getKey(), share + 0.0); // -0.0 becomes 0.0
      sum += share;
    }
    if (sum != 0 && Math.abs(sum - 1) > TOLERANCE) {
      throw new IOException("weights add up to " + sum + " (expected: 1)");
    }
    return shares;
  }

  private static JsonNode tree(byte[] body, ObjectMapper mapper) throws IOException {
    try {
      return mapper.readTree(body);
    } catch (JsonProcessingException e) {
      throw new IOException("not JSON: " + e.getOriginalMessage(), e);
    }
  }
}
