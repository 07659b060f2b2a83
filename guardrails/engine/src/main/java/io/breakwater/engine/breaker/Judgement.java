package io.breakwater.engine.breaker;

import static java.util.Objects.requireNonNull;

import io.breakwater.engine.Evidence;
import org.jspecify.annotations.Nullable;

/**
 * What the tripping guardrails together say about one version now.
 *
 * @param evidence of the guardrail that speaks; null for NO_DATA and PASS
 * @param severe whether the breach overrides waiting for approval
 * @param mayProbe whether a version tripped by this guardrail may heal by probes
 * @param calm whether no guardrail is in an episode of breaches, see {@code
 *     GuardrailState.lastBreach}
 * @param why in words, for UPSTREAM, INSTANCE and NO_SAFE_TARGET
 */
public record Judgement(
    Kind kind,
    @Nullable Evidence evidence,
    boolean severe,
    boolean mayProbe,
    boolean calm,
    String why) {
  /** What is said. */
  public enum Kind {
    /** Too little data. */
    NO_DATA,
    /** Enough data, nothing against the version. */
    PASS,
    /** A breach that is not confirmed yet, or waits for the stable version's evidence. */
    SUSPECT,
    /** A confirmed breach of this version alone, and there is a safe target. */
    CONFIRMED,
    /** A confirmed breach that the stable version shares. */
    UPSTREAM,
    /** A confirmed breach that one serving process causes alone. */
    INSTANCE,
    /** A confirmed breach of this version alone with nowhere to go. */
    NO_SAFE_TARGET
  }

  public Judgement {
    requireNonNull(kind, "kind");
    requireNonNull(why, "why");
  }

  /** A judgement without a breach. */
  public static Judgement none(Kind kind, boolean calm) {
    return new Judgement(kind, null, false, false, calm, "");
  }
}
