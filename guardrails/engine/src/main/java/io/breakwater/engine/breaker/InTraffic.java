package io.breakwater.engine.breaker;

import io.breakwater.engine.Action;
import io.breakwater.engine.DecisionRecord.Kind;
import io.breakwater.engine.Evidence;
import io.breakwater.engine.Finding;
import io.breakwater.engine.backend.TrafficShift;
import io.breakwater.engine.breaker.BreakerState.Closed;
import io.breakwater.engine.breaker.BreakerState.Observing;
import io.breakwater.engine.breaker.BreakerState.PendingApproval;
import io.breakwater.engine.breaker.BreakerState.Suspect;
import io.breakwater.engine.breaker.BreakerState.Tripping;
import io.breakwater.engine.breaker.Move.Effect;
import io.breakwater.engine.breaker.Stimulus.Looked;
import io.breakwater.engine.policy.BreakerSettings.OnApprovalTimeout;
import io.breakwater.engine.policy.Mode;
import org.jspecify.annotations.Nullable;

/** The rows for a version that is in traffic, up to its trip. */
final class InTraffic {
  private static final String SEVERE = "severe, so not waiting for approval: ";

  private InTraffic() {}

  static Move observing(Observing state, Looked look, Situation at) {
    Judgement judgement = look.judgement();
    return switch (judgement.kind()) {
      case CONFIRMED -> wouldTrip(state, judgement, at);
      case UPSTREAM, INSTANCE, NO_SAFE_TARGET -> heldBack(state, state, judgement, at);
      case PASS -> Move.to(judgement.calm() ? new Observing(state.since(), false) : state);
      default -> Move.to(state);
    };
  }

  private static Move wouldTrip(Observing state, Judgement judgement, Situation at) {
    if (state.inEpisode()) {
      return Move.to(state);
    }
    Observing told = new Observing(state.since(), true);
    return Move.to(told)
        .telling(
            at.entry(
                Kind.WOULD_TRIP,
                at.freshDecision(),
                state,
                told,
                "mode observe, nothing was done: " + sentence(judgement.evidence()),
                Situation.AUTOMATIC,
                judgement.evidence(),
                null));
  }

  static Move closed(Closed state, Looked look, Situation at) {
    Judgement judgement = look.judgement();
    return switch (judgement.kind()) {
      case SUSPECT -> Move.to(new Suspect(at.now(), guardrail(judgement.evidence())));
      case CONFIRMED -> act(state, judgement, at);
      case UPSTREAM, INSTANCE, NO_SAFE_TARGET -> heldBack(state, state, judgement, at);
      default -> Move.to(state);
    };
  }

  static Move suspect(Suspect state, Looked look, Situation at) {
    Judgement judgement = look.judgement();
    return switch (judgement.kind()) {
      case PASS -> Move.to(at.resting());
      case CONFIRMED -> act(state, judgement, at);
      case UPSTREAM, INSTANCE, NO_SAFE_TARGET -> heldBack(state, at.resting(), judgement, at);
      default -> Move.to(state);
    };
  }

  /** A confirmed breach that must not be acted on: people are told once per episode. */
  private static Move heldBack(
      BreakerState from, BreakerState to, Judgement judgement, Situation at) {
    if (at.told().contains(finding(judgement.kind()))) {
      return Move.to(to);
    }
    return Move.to(to)
        .telling(
            at.entry(
                written(judgement.kind()),
                at.freshDecision(),
                from,
                to,
                judgement.why() + "; " + sentence(judgement.evidence()),
                Situation.AUTOMATIC,
                judgement.evidence(),
                null));
  }

  private static Finding finding(Judgement.Kind kind) {
    return switch (kind) {
      case UPSTREAM -> Finding.UPSTREAM;
      case INSTANCE -> Finding.INSTANCE;
      default -> Finding.NO_SAFE_TARGET;
    };
  }

  private static Kind written(Judgement.Kind kind) {
    return switch (kind) {
      case UPSTREAM -> Kind.UPSTREAM;
      case INSTANCE -> Kind.INSTANCE;
      default -> Kind.NO_SAFE_TARGET;
    };
  }

  private static Move act(BreakerState from, Judgement judgement, Situation at) {
    String target = at.target().version();
    Evidence evidence = judgement.evidence();
    if (target == null || evidence == null) {
      return Move.to(from);
    }
    boolean severe = at.policy().mode() == Mode.APPROVE && judgement.severe();
    if (severe || at.policy().mode() == Mode.ENFORCE) {
      return trip(
          from,
          at.freshDecision(),
          target,
          (severe ? SEVERE : "") + evidence.sentence(),
          Situation.AUTOMATIC,
          evidence,
          at.share(),
          judgement.mayProbe(),
          at);
    }
    return at.policy().mode() == Mode.APPROVE
        ? ask(from, at.freshDecision(), evidence, judgement.mayProbe(), evidence.sentence(), at)
        : Move.to(from);
  }

  private static Move ask(
      BreakerState from,
      String decision,
      Evidence evidence,
      boolean mayProbe,
      String why,
      Situation at) {
    PendingApproval next =
        new PendingApproval(
            from instanceof PendingApproval ? from.since() : at.now(),
            decision,
            at.now().plus(at.settings().approvalTimeout()),
            evidence,
            mayProbe);
    return Move.to(next)
        .telling(
            at.entry(
                Kind.APPROVAL_REQUESTED,
                decision,
                from,
                next,
                why,
                Situation.AUTOMATIC,
                evidence,
                null));
  }

  static Move pending(PendingApproval state, Looked look, Situation at) {
    Judgement judgement = look.judgement();
    Evidence evidence = judgement.evidence();
    if (judgement.kind() == Judgement.Kind.CONFIRMED && evidence != null) {
      if (judgement.severe()) {
        return carryOut(state, evidence, SEVERE, at);
      }
      if (at.policy().mode() == Mode.ENFORCE) {
        return carryOut(state, evidence, "the mode is enforce now: ", at);
      }
    }
    if (!at.now().isBefore(state.deadline())) {
      return timedOut(state, judgement, at);
    }
    return isNotItsFault(judgement) ? heldBack(state, state, judgement, at) : Move.to(state);
  }

  private static Move timedOut(PendingApproval state, Judgement judgement, Situation at) {
    String waited = "nobody approved in " + Words.seconds(at.settings().approvalTimeout());
    if (judgement.calm()) {
      return Move.to(at.resting())
          .telling(
              at.entry(
                  Kind.ENDED,
                  state.decision(),
                  state,
                  at.resting(),
                  waited + ", and the breach is over"));
    }
    boolean act = at.settings().onApprovalTimeout() == OnApprovalTimeout.ACT;
    if (act && at.target().isSafe() && !isNotItsFault(judgement)) {
      return carryOut(state, state.evidence(), waited + ": ", at);
    }
    String objection = act ? "; not done by itself: " + held(judgement, at) : "";
    return ask(
        state,
        state.decision(),
        state.evidence(),
        state.mayProbe(),
        waited + objection + "; " + state.evidence().sentence(),
        at);
  }

  private static boolean isNotItsFault(Judgement judgement) {
    return judgement.kind() == Judgement.Kind.UPSTREAM
        || judgement.kind() == Judgement.Kind.INSTANCE;
  }

  private static String held(Judgement judgement, Situation at) {
    String objection = at.target().objection();
    return isNotItsFault(judgement) || objection == null ? judgement.why() : objection;
  }

  private static Move carryOut(
      PendingApproval state, Evidence evidence, String reason, Situation at) {
    String target = at.target().version();
    return target == null
        ? Move.to(state)
        : trip(
            state,
            state.decision(),
            target,
            reason + evidence.sentence(),
            Situation.AUTOMATIC,
            evidence,
            at.share(),
            state.mayProbe(),
            at);
  }

  /**
   * To TRIPPING: the shift to weight 0 is asked for.
   *
   * @param evidence null when a person repeats a trip; that does not count towards the latch
   */
  static Move trip(
      BreakerState from,
      String decision,
      String target,
      String reason,
      String by,
      @Nullable Evidence evidence,
      double shareBefore,
      boolean mayProbe,
      Situation at) {
    TrafficShift shift = at.shift(decision, target, 0);
    Tripping next =
        Tripping.of(
            at.now(),
            decision,
            target,
            shareBefore,
            mayProbe,
            Proof.awaiting(shift.id(), at.verifyBy()));
    Move move = Move.to(next);
    if (at.restoring() != null) {
      move = move.doing(new Action.Abandon(at.restoring().id()));
    }
    move =
        move.doing(at.carryOut(shift))
            .telling(at.entry(Kind.TRIPPED, decision, from, next, reason, by, evidence, shift))
            .with(Effect.TRIPPED)
            .with(Effect.FRESH_EVIDENCE);
    return evidence == null ? move : move.with(Effect.COUNTED);
  }

  private static String sentence(@Nullable Evidence evidence) {
    return evidence == null ? "" : evidence.sentence();
  }

  private static String guardrail(@Nullable Evidence evidence) {
    return evidence == null ? "" : evidence.guardrail();
  }
}
