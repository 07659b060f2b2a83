package io.breakwater.engine.breaker;

import static java.util.Objects.requireNonNull;

import io.breakwater.engine.Action;
import io.breakwater.engine.DecisionRecord;
import io.breakwater.engine.Evidence;
import io.breakwater.engine.Finding;
import io.breakwater.engine.backend.TrafficShift;
import io.breakwater.engine.policy.BreakerSettings;
import io.breakwater.engine.policy.Mode;
import io.breakwater.engine.policy.ModelPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a breaker needs to know besides its own state.
 *
 * @param now the engine's time
 * @param share the version's share of live traffic, 0..1
 * @param target where its traffic could go
 * @param trips when it tripped by itself within the last hour
 * @param told findings people were told about in the present episode
 * @param freshId makes an id for a decision that is not used yet; always the same one
 * @param lastShift id of the last shift asked for, or null
 * @param restoring shift that brings the version back and has no outcome yet, or null
 */
public record Situation(
    ModelPolicy policy,
    String version,
    Instant now,
    double share,
    Target target,
    List<Instant> trips,
    Set<Finding> told,
    Supplier<String> freshId,
    @Nullable String lastShift,
    @Nullable TrafficShift restoring) {
  /** Name under which the engine itself decides. */
  public static final String AUTOMATIC = "breakwater";

  public Situation {
    requireNonNull(policy, "policy");
    requireNonNull(version, "version");
    requireNonNull(now, "now");
    requireNonNull(target, "target");
    trips = List.copyOf(trips);
    told = Set.copyOf(told);
    requireNonNull(freshId, "freshId");
  }

  /** Id for a decision, not used yet. */
  String freshDecision() {
    return freshId.get();
  }

  BreakerSettings settings() {
    return policy.breaker();
  }

  /** Where a breaker starts, and where it returns to. */
  BreakerState resting() {
    return policy.mode() == Mode.OBSERVE
        ? new BreakerState.Observing(now, false)
        : new BreakerState.Closed(now);
  }

  /** Whether another trip now would be more than the settings leave to heal by themselves. */
  boolean latches() {
    Instant hourAgo = now.minus(Duration.ofHours(1));
    return trips.stream().filter(hourAgo::isBefore).count() > settings().tripsBeforeLatch();
  }

  Instant verifyBy() {
    return now.plus(settings().verifyWithin());
  }

  TrafficShift shift(String decision, String to, double wanted) {
    return new TrafficShift(
        nextShift(decision), decision, policy.model(), version, to, Math.min(1, wanted));
  }

  private String nextShift(String decision) {
    String prefix = decision + ".";
    int last =
        lastShift != null && lastShift.startsWith(prefix)
            ? Integer.parseInt(lastShift.substring(prefix.length()))
            : 0;
    return prefix + (last + 1);
  }

  Action.Shift carryOut(TrafficShift shift) {
    return new Action.Shift(shift, settings().verifyWithin());
  }

  DecisionRecord entry(
      DecisionRecord.Kind kind, String decision, BreakerState from, BreakerState to, String why) {
    return entry(kind, decision, from, to, why, AUTOMATIC, null, null);
  }

  DecisionRecord entry(
      DecisionRecord.Kind kind,
      String decision,
      BreakerState from,
      BreakerState to,
      String why,
      String by,
      @Nullable Evidence evidence,
      @Nullable TrafficShift shift) {
    return new DecisionRecord(
        decision,
        kind,
        now,
        policy.model(),
        version,
        from.name(),
        to.name(),
        why,
        by,
        evidence,
        shift,
        policy.digest());
  }
}
