package io.breakwater.engine;

import io.breakwater.engine.breaker.BreakerState;
import io.breakwater.engine.policy.ModelPolicy;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All the engine knows of one model; a value.
 *
 * @param policy the configuration in force
 * @param now time of the last event
 * @param stable the version traffic goes back to, or null when none is known
 * @param versions by version
 * @param instances by {@code service.instance.id}
 * @param findings what is noteworthy now
 */
public record ModelState(
    ModelPolicy policy,
    Instant now,
    @Nullable String stable,
    Map<String, VersionState> versions,
    Map<String, InstanceState> instances,
    Set<Finding> findings) {

  /**
   * What is known of one version.
   *
   * @param share share of the model's live calls in the last 10 s, 0..1
   * @param lastCall end of the last pane with a live call, or null
   * @param verdicts by guardrail name
   */
  public record VersionState(
      String version,
      BreakerState breaker,
      Standing standing,
      double share,
      @Nullable Instant lastCall,
      Map<String, GuardrailState> verdicts) {}

  /**
   * How one guardrail stands for one version.
   *
   * @param verdict the latest
   * @param evidenceRatio logarithm of the detector's value over that of its threshold: at 1 it
   *     breaches; 0 or below means nothing speaks against the version
   * @param calls calls in the present evidence
   * @param errors failed calls among them
   */
  public record GuardrailState(Verdict verdict, double evidenceRatio, long calls, long errors) {}

  /**
   * One serving process.
   *
   * @param lastBeat null when it never beat
   * @param blind whether it used to beat and is silent
   */
  public record InstanceState(
      @Nullable Instant lastBeat, @Nullable Instant lastCall, boolean blind) {}
}
