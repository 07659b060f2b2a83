package io.breakwater.engine.policy;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The part of the guardrail file that concerns one model and decides anything.
 *
 * @param model exact name of the model
 * @param stable version that is GOOD by declaration and where traffic goes back to; null means the
 *     last version promoted or proven GOOD
 * @param mode what a confirmed breach may do
 * @param guardrails the rules, in file order
 * @param breaker how the breakers behave
 * @param backend name of the deployment backend, or null when none is configured
 * @param digest SHA-256, in hex, of the configuration this was read from
 */
public record ModelPolicy(
    String model,
    @Nullable String stable,
    Mode mode,
    List<Guardrail> guardrails,
    BreakerSettings breaker,
    @Nullable String backend,
    String digest) {
  public ModelPolicy {
    requireNonNull(model, "model");
    requireNonNull(mode, "mode");
    guardrails = List.copyOf(guardrails);
    requireNonNull(breaker, "breaker");
    requireNonNull(digest, "digest");
  }
}
