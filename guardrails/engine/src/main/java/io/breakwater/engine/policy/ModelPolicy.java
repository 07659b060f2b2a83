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
 * @param reference where drift guardrails take from what is normal
 * @param driftAlarmsPerDay false alarms a day that all drift guardrails of the model together may
 *     raise on average, above 0
 * @param warmUp what an instance must have behind it before its latency counts
 * @param breaker how the breakers behave
 * @param backend name of the deployment backend, or null when none is configured
 * @param digest SHA-256, in hex, of the configuration this was read from
 */
public record ModelPolicy(
    String model,
    @Nullable String stable,
    Mode mode,
    List<Guardrail> guardrails,
    ReferenceSource reference,
    double driftAlarmsPerDay,
    WarmUp warmUp,
    BreakerSettings breaker,
    @Nullable String backend,
    String digest) {
  /** False alarms a day when the guardrail file names no budget: one in 100 days. */
  public static final double DEFAULT_DRIFT_ALARMS_PER_DAY = 0.01;

  public ModelPolicy {
    requireNonNull(model, "model");
    requireNonNull(mode, "mode");
    guardrails = List.copyOf(guardrails);
    requireNonNull(reference, "reference");
    if (!(driftAlarmsPerDay > 0 && driftAlarmsPerDay < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "driftAlarmsPerDay: " + driftAlarmsPerDay + " (expected: above 0)");
    }
    requireNonNull(warmUp, "warmUp");
    requireNonNull(breaker, "breaker");
    requireNonNull(digest, "digest");
  }

  /**
   * A policy without drift guardrails: nothing is compared with a reference, and instances warm up
   * as usual.
   */
  public static ModelPolicy of(
      String model,
      @Nullable String stable,
      Mode mode,
      List<Guardrail> guardrails,
      BreakerSettings breaker,
      @Nullable String backend,
      String digest) {
    return new ModelPolicy(
        model,
        stable,
        mode,
        guardrails,
        new ReferenceSource.FirstRows(stable, ReferenceSource.FirstRows.DEFAULT_ROWS),
        DEFAULT_DRIFT_ALARMS_PER_DAY,
        WarmUp.DEFAULT,
        breaker,
        backend,
        digest);
  }

  /** The same rules for another model. */
  public ModelPolicy forModel(String name) {
    return new ModelPolicy(
        name,
        stable,
        mode,
        guardrails,
        reference,
        driftAlarmsPerDay,
        warmUp,
        breaker,
        backend,
        digest);
  }

  /** The same rules with another reference. */
  public ModelPolicy comparedWith(ReferenceSource other) {
    return new ModelPolicy(
        model,
        stable,
        mode,
        guardrails,
        other,
        driftAlarmsPerDay,
        warmUp,
        breaker,
        backend,
        digest);
  }
}
