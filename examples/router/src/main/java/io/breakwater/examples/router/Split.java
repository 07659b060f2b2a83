package io.breakwater.examples.router;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Share of requests per version, 0..1, adding up to 1; every known version is named.
 *
 * <p>0 means not a single request.
 */
record Split(Map<String, Double> weights) {
  private static final double TOLERANCE = 1e-6;

  Split {
    weights = Collections.unmodifiableMap(new LinkedHashMap<>(weights));
  }

  /**
   * Checks weights from outside. Versions that are not named get nothing.
   *
   * @throws IllegalArgumentException when a version is unknown, a weight is not in 0..1, or the sum
   *     is not 1
   */
  static Split of(Map<String, Double> weights, Collection<String> versions) {
    Map<String, Double> complete = new LinkedHashMap<>();
    versions.forEach(version -> complete.put(version, 0.0));
    double sum = 0;
    for (Map.Entry<String, Double> entry : weights.entrySet()) {
      double weight = entry.getValue();
      if (!complete.containsKey(entry.getKey())) {
        throw new IllegalArgumentException(
            "weights." + entry.getKey() + ": no such version (expected: one of " + versions + ")");
      }
      if (!(weight >= 0 && weight <= 1)) {
        throw new IllegalArgumentException(
            "weights." + entry.getKey() + ": " + weight + " (expected: 0 to 1)");
      }
      complete.put(entry.getKey(), weight + 0.0); // -0.0 becomes 0.0
      sum += weight;
    }
    if (Math.abs(sum - 1) > TOLERANCE) {
      throw new IllegalArgumentException("weights: add up to " + sum + " (expected: 1)");
    }
    return new Split(complete);
  }
}
