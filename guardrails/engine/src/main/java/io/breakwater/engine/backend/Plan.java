package io.breakwater.engine.backend;

import static java.util.Objects.requireNonNull;

import java.util.Map;

/**
 * The change a backend would make. Making a plan touches nothing.
 *
 * @param id the shift's id
 * @param before share per version as seen, 0..1
 * @param after share per version as it will be, 0..1
 * @param description the change in the target's own words, for people and the audit record
 * @param token the precondition it was made under, see {@link TargetView#token()}
 */
public record Plan(
    String id,
    TrafficShift shift,
    Map<String, Double> before,
    Map<String, Double> after,
    String description,
    String token) {
  public Plan {
    requireNonNull(id, "id");
    requireNonNull(shift, "shift");
    before = Map.copyOf(before);
    after = Map.copyOf(after);
    requireNonNull(description, "description");
    requireNonNull(token, "token");
  }
}
