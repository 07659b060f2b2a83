package io.breakwater.backend.haproxy;

import java.util.LinkedHashMap;
import java.util.Map;

/** Whole weights of 0 to 256 that come as near to wanted proportions as such weights can. */
final class Weights {
  static final int MAX = 256;

  /** Errors this close count as equal: {@code double} arithmetic, not HAProxy's. */
  private static final double EPSILON = 1e-8;

  private Weights() {}

  /**
   * Weights for servers.
   *
   * <p>Every heaviest weight from 1 to 256 is tried. The one with the smallest sum of absolute
   * errors wins; of those that are equally exact, the one that changes the current weights least. A
   * positive share gets at least 1; 0 gets 0.
   *
   * @param shares wanted share per server, 0..1, not all 0
   * @param current weight per server now
   */
  static Map<String, Integer> nearest(Map<String, Double> shares, Map<String, Integer> current) {
    double greatest = shares.values().stream().mapToDouble(Double::doubleValue).max().orElse(0);
    if (!(greatest > 0)) {
      throw new IllegalArgumentException("shares: " + shares + " (expected: not all 0)");
    }
    Map<String, Integer> best = Map.of();
    double bestError = Double.POSITIVE_INFINITY;
    int bestChange = Integer.MAX_VALUE;
    for (int heaviest = 1; heaviest <= MAX; heaviest++) {
      Map<String, Integer> weights = scaled(shares, heaviest / greatest);
      double error = error(weights, shares);
      int change = change(weights, current);
      if (error < bestError - EPSILON || (error < bestError + EPSILON && change < bestChange)) {
        best = weights;
        bestError = error;
        bestChange = change;
      }
    }
    return best;
  }

  private static Map<String, Integer> scaled(Map<String, Double> shares, double scale) {
    Map<String, Integer> weights = new LinkedHashMap<>();
    shares.forEach(
        (server, share) ->
            weights.put(server, share == 0 ? 0 : (int) Math.max(1, Math.round(share * scale))));
    return weights;
  }

  private static double error(Map<String, Integer> weights, Map<String, Double> shares) {
    double sum = weights.values().stream().mapToInt(Integer::intValue).sum();
    double error = 0;
    for (Map.Entry<String, Integer> entry : weights.entrySet()) {
      error += Math.abs(entry.getValue() / sum - shares.getOrDefault(entry.getKey(), 0.0));
    }
    return error;
  }

  private static int change(Map<String, Integer> weights, Map<String, Integer> current) {
    int change = 0;
    for (Map.Entry<String, Integer> entry : weights.entrySet()) {
      change += Math.abs(entry.getValue() - current.getOrDefault(entry.getKey(), 0));
    }
    return change;
  }
}
