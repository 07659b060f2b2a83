package io.breakwater.engine.policy;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * How the breakers of one model behave.
 *
 * @param cooldown time in OPEN before probing may start; doubled at every failed probe
 * @param tripsBeforeLatch trips within an hour that may heal by themselves; one more and the
 *     breaker latches open
 * @param approvalTimeout how long a decision waits for approval
 * @param onApprovalTimeout what happens when nobody approved in time
 * @param verifyWithin time in which the traffic must have moved, all retries together
 * @param drain time that calls in flight get after the shift before they count as not moved
 * @param probeShare share of traffic (0..1) a half-open version gets
 * @param probeDeadline time in which probes must have passed
 */
public record BreakerSettings(
    Duration cooldown,
    int tripsBeforeLatch,
    Duration approvalTimeout,
    OnApprovalTimeout onApprovalTimeout,
    Duration verifyWithin,
    Duration drain,
    double probeShare,
    Duration probeDeadline) {

  /** What happens when nobody approved a decision in time. */
  public enum OnApprovalTimeout {
    /** The breaker stays pending and people are told again. */
    ESCALATE,
    /** The decision is carried out. */
    ACT
  }

  /** The settings in effect when the guardrail file names none. */
  public static final BreakerSettings DEFAULTS =
      new BreakerSettings(
          Duration.ofSeconds(30),
          2,
          Duration.ofMinutes(15),
          OnApprovalTimeout.ESCALATE,
          Duration.ofSeconds(10),
          Duration.ofSeconds(1),
          0.01,
          Duration.ofMinutes(2));

  public BreakerSettings {
    Checks.positive("cooldown", cooldown);
    Checks.positive("approvalTimeout", approvalTimeout);
    requireNonNull(onApprovalTimeout, "onApprovalTimeout");
    Checks.positive("verifyWithin", verifyWithin);
    if (drain.isNegative()) {
      throw new IllegalArgumentException("drain: " + drain + " (expected: >= 0)");
    }
    Checks.positive("probeDeadline", probeDeadline);
    if (tripsBeforeLatch < 1) {
      throw new IllegalArgumentException(
          "tripsBeforeLatch: " + tripsBeforeLatch + " (expected: >= 1)");
    }
    Checks.openUnit("probeShare", probeShare);
  }
}
