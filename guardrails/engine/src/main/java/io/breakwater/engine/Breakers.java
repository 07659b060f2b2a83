package io.breakwater.engine;

import io.breakwater.engine.backend.TrafficShift;
import io.breakwater.engine.breaker.BreakerTable;
import io.breakwater.engine.breaker.Move;
import io.breakwater.engine.breaker.Situation;
import io.breakwater.engine.breaker.Stimulus;
import io.breakwater.engine.breaker.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Asks the breaker's table what a stimulus leads to and puts the answer into the draft. */
final class Breakers {
  /**
   * How far a share read from the target may be from the calls seen and still be the better one.
   */
  private static final double SHARE_TOLERANCE = 0.05;

  private Breakers() {}

  static void apply(Draft draft, VersionDraft version, Stimulus stimulus) {
    apply(draft, version, stimulus, SafeTarget.of(draft, version));
  }

  static void apply(Draft draft, VersionDraft version, Stimulus stimulus, Target target) {
    Situation situation =
        new Situation(
            draft.policy,
            version.version,
            draft.now,
            share(draft, version),
            target,
            version.trips,
            told(draft, version),
            () -> draft.freshDecision(version.version),
            version.lastShift,
            version.restoring);
    Move move = BreakerTable.next(version.breaker, stimulus, situation);
    version.breaker = move.next();
    draft.refusal = move.refusal();
    move.records().forEach(draft::tell);
    move.actions().forEach(action -> act(draft, version, action));
    move.effects().forEach(effect -> take(draft, version, effect));
    for (DecisionRecord record : move.records()) {
      if (record.kind() == DecisionRecord.Kind.TRIPPED && record.evidence() != null) {
        version.trippedBy = record.evidence().guardrail();
      }
    }
  }

  /** A fault upstream is one episode of the model, whichever version shows it first. */
  private static Set<Finding> told(Draft draft, VersionDraft version) {
    Set<Finding> told = EnumSet.copyOf(version.told);
    for (VersionDraft other : draft.versions.values()) {
      if (other.told.contains(Finding.UPSTREAM)) {
        told.add(Finding.UPSTREAM);
      }
    }
    return told;
  }

  /** The share as the target has it where the calls agree, since calls alone are noisy. */
  private static double share(Draft draft, VersionDraft version) {
    Double atTarget = draft.targetShares.get(version.version);
    return atTarget != null && Math.abs(atTarget - version.share) <= SHARE_TOLERANCE
        ? atTarget
        : Math.round(version.share * 1000) / 1000.0;
  }

  private static void act(Draft draft, VersionDraft version, Action action) {
    draft.actions.add(action);
    TrafficShift restoring = version.restoring;
    if (action instanceof Action.Shift asked) {
      version.lastShift = asked.shift().id();
      version.restoring = asked.shift().share() > 0 && version.inTraffic() ? asked.shift() : null;
    } else if (action instanceof Action.Abandon abandoned
        && restoring != null
        && restoring.id().equals(abandoned.shift())) {
      version.restoring = null;
    }
  }

  private static void take(Draft draft, VersionDraft version, Move.Effect effect) {
    switch (effect) {
      case FRESH_EVIDENCE -> version.forgetEvidence();
      case TRIPPED -> version.standing = Standing.TRIPPED;
      case COUNTED -> version.trips = lastHour(version.trips, draft.now);
      case PROMOTED -> makeStable(draft, version);
      case ENDED -> {
        draft.versions.remove(version.version);
        Ledger.remember(draft, version);
      }
    }
  }

  private static List<Instant> lastHour(List<Instant> trips, Instant now) {
    List<Instant> recent = new ArrayList<>(trips);
    recent.removeIf(now.minus(Duration.ofHours(1))::isAfter);
    recent.add(now);
    return recent;
  }

  /** The version is GOOD and takes the traffic from now on; all comparisons start afresh. */
  static void makeStable(Draft draft, VersionDraft version) {
    version.standing = Standing.GOOD;
    draft.stable = version.version;
    draft.versions.values().forEach(VersionDraft::forgetEvidence);
  }
}
