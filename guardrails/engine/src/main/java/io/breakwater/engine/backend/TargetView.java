package io.breakwater.engine.backend;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a deployment target looks like now.
 *
 * @param shares share of traffic per version, 0..1, adding up to 1 unless nothing is served
 * @param ready versions that could take traffic now, as far as the target knows
 * @param incarnation changes when the target restarted and may have lost its state; null when the
 *     target cannot tell
 * @param managers others that write to the same object, empty when none were seen
 * @param token precondition for {@link DeploymentBackend#apply}: the state this view was read from
 */
public record TargetView(
    Map<String, Double> shares,
    List<String> ready,
    @Nullable String incarnation,
    List<String> managers,
    String token) {
  public TargetView {
    shares = Map.copyOf(shares);
    ready = List.copyOf(ready);
    managers = List.copyOf(managers);
    requireNonNull(token, "token");
  }
}
