package io.breakwater.engine;

import static java.util.Objects.requireNonNull;

import io.breakwater.engine.backend.TrafficShift;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One entry of the audit log. Entries with the same {@code decision} belong together: a trip, its
 * verification, its reset.
 *
 * @param decision id of the decision
 * @param kind what happened
 * @param model the model
 * @param version the version, or null when the whole model is concerned
 * @param from name of the breaker state before; for an instance {@code SEEING} or {@code BLIND}
 * @param to name of the breaker state after; for an instance {@code SEEING} or {@code BLIND}
 * @param reason in words
 * @param by who ordered it, or {@code breakwater}
 * @param evidence why, when there is evidence
 * @param shift the traffic shift asked for or reported on, when there is one
 * @param policy digest of the configuration in force
 */
public record DecisionRecord(
    String decision,
    Kind kind,
    Instant at,
    String model,
    @Nullable String version,
    String from,
    String to,
    String reason,
    String by,
    @Nullable Evidence evidence,
    @Nullable TrafficShift shift,
    String policy) {

  /** The kinds of entry. */
  public enum Kind {
    TRIPPED,
    WOULD_TRIP,
    APPROVAL_REQUESTED,
    APPROVED,
    VERIFIED,
    FAILED,
    REVERTED,
    REASSERTED,
    PROBING,
    PROBE_FAILED,
    RESET,
    LATCHED,
    FORCED_OPEN,
    FORCED_CLOSED,
    DISABLED,
    RELEASED,
    PROMOTED,
    PROVEN,
    ENDED,
    BREACHED,
    UPSTREAM,
    NO_SAFE_TARGET,
    INSTANCE,
    REFERENCE_PINNED,
    BLIND,
    SEEING_AGAIN
  }

  public DecisionRecord {
    requireNonNull(decision, "decision");
    requireNonNull(kind, "kind");
    requireNonNull(at, "at");
    requireNonNull(model, "model");
    requireNonNull(from, "from");
    requireNonNull(to, "to");
    requireNonNull(reason, "reason");
    requireNonNull(by, "by");
    requireNonNull(policy, "policy");
  }
}
