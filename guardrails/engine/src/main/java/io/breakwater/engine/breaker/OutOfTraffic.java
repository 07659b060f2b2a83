package io.breakwater.engine.breaker;

import io.breakwater.engine.Action;
import io.breakwater.engine.DecisionRecord;
import io.breakwater.engine.DecisionRecord.Kind;
import io.breakwater.engine.Event.ShiftReported;
import io.breakwater.engine.Event.ShiftReported.Phase;
import io.breakwater.engine.Evidence;
import io.breakwater.engine.Verdict;
import io.breakwater.engine.backend.TrafficShift;
import io.breakwater.engine.breaker.BreakerState.FailedAction;
import io.breakwater.engine.breaker.BreakerState.ForcedOpen;
import io.breakwater.engine.breaker.BreakerState.HalfOpen;
import io.breakwater.engine.breaker.BreakerState.Open;
import io.breakwater.engine.breaker.BreakerState.Reverted;
import io.breakwater.engine.breaker.BreakerState.Tripping;
import io.breakwater.engine.breaker.Move.Effect;
import io.breakwater.engine.breaker.Proof.Outcome;
import io.breakwater.engine.breaker.Stimulus.Looked;
import io.breakwater.engine.breaker.Stimulus.Observed;
import io.breakwater.engine.detect.ProbeTest;
import io.breakwater.engine.policy.Mode;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The rows for a version that is on its way out of traffic, out of it, or being probed. */
final class OutOfTraffic {
  private static final Duration LONGEST_COOLDOWN = Duration.ofMinutes(30);
  private static final int MOST_DOUBLINGS = 20;
  private static final int MOST_REASSERTIONS = 3;

  private OutOfTraffic() {}

  static Move tripping(Tripping state, Looked look, Situation at) {
    return settle(state, state.proof().looked(look, at.settings().drain()), at);
  }

  private static Move settle(Tripping state, Proof proof, Situation at) {
    Outcome outcome = proof.outcome(at.now());
    if (outcome == Outcome.PENDING) {
      return Move.to(state.with(proof));
    }
    if (outcome == Outcome.FAILED) {
      return failed(state, proof, state.decision(), state.shareBefore(), state.mayProbe(), at);
    }
    boolean latched = at.latches();
    Instant probeAt = latched || !state.mayProbe() ? null : at.now().plus(at.settings().cooldown());
    Open next =
        new Open(
            at.now(),
            state.decision(),
            state.target(),
            state.shareBefore(),
            probeAt,
            0,
            0,
            latched,
            state.mayProbe(),
            null);
    Move move =
        Move.to(next)
            .telling(verified(state, next, state.decision(), state.since(), proof, outcome, at));
    return latched
        ? move.telling(
            at.entry(
                Kind.LATCHED,
                state.decision(),
                state,
                next,
                "more than "
                    + at.settings().tripsBeforeLatch()
                    + " trips within an hour: only a person resets"))
        : move;
  }

  private static DecisionRecord verified(
      BreakerState from,
      BreakerState to,
      String decision,
      Instant asked,
      Proof proof,
      Outcome outcome,
      Situation at) {
    String how =
        outcome == Outcome.PROVEN
            ? "read back as planned, then "
                + proof.quietCalls()
                + " calls of the model with none of version "
                + at.version()
            : "verified by read-back only: "
                + proof.quietCalls()
                + " calls of the model since the drain, too few to tell";
    return at.entry(
        Kind.VERIFIED,
        decision,
        from,
        to,
        "traffic moved; proven after "
            + Words.seconds(Duration.between(asked, at.now()))
            + ": "
            + how);
  }

  private static Move failed(
      BreakerState from,
      Proof proof,
      String decision,
      double shareBefore,
      boolean mayProbe,
      Situation at) {
    return failed(
            from, proof.missing(at.settings().verifyWithin()), decision, shareBefore, mayProbe, at)
        .doing(new Action.Abandon(proof.shift()));
  }

  private static Move failed(
      BreakerState from,
      String detail,
      String decision,
      double shareBefore,
      boolean mayProbe,
      Situation at) {
    FailedAction next = new FailedAction(at.now(), decision, detail, shareBefore, mayProbe);
    return Move.to(next)
        .telling(
            at.entry(
                Kind.FAILED, decision, from, next, "the traffic could not be moved: " + detail));
  }

  static Move open(Open state, Looked look, Situation at) {
    Proof moving = state.moving();
    if (moving != null) {
      return settle(state, moving.looked(look, at.settings().drain()), at);
    }
    Instant probeAt = state.probeAt();
    boolean due = probeAt != null && !at.now().isBefore(probeAt) && !state.latched();
    boolean may = at.policy().mode() != Mode.OBSERVE && at.target().isSafe();
    return due && may && state.shareBefore() > 0 ? probe(state, at) : Move.to(state);
  }

  private static Move settle(Open state, Proof proof, Situation at) {
    Outcome outcome = proof.outcome(at.now());
    if (outcome == Outcome.PENDING) {
      return Move.to(state.with(proof));
    }
    if (outcome == Outcome.FAILED) {
      return failed(state, proof, state.decision(), state.shareBefore(), state.mayProbe(), at);
    }
    Open next = state.with(null);
    Instant asked = proof.deadline().minus(at.settings().verifyWithin());
    return Move.to(next)
        .telling(verified(state, next, state.decision(), asked, proof, outcome, at));
  }

  private static Move probe(Open state, Situation at) {
    String decision = at.freshDecision();
    double probeShare = Math.min(at.settings().probeShare(), state.shareBefore());
    TrafficShift shift = at.shift(decision, state.target(), probeShare);
    HalfOpen next =
        new HalfOpen(
            at.now(),
            decision,
            shift.id(),
            state.target(),
            state.shareBefore(),
            at.now().plus(at.settings().probeDeadline()),
            state.failedProbes(),
            null,
            ProbeTest.FRESH);
    String reason =
        "cooldown over after decision "
            + state.decision()
            + ": "
            + Words.percent(probeShare)
            + " of the traffic probes version "
            + at.version();
    return Move.to(next)
        .doing(at.carryOut(shift))
        .telling(
            at.entry(Kind.PROBING, decision, state, next, reason, Situation.AUTOMATIC, null, shift))
        .with(Effect.FRESH_EVIDENCE);
  }

  static Move halfOpen(HalfOpen state, Looked look, Situation at) {
    ProbeTest probes = state.probes().next(look.probes());
    HalfOpen probed = state.with(state.deadline(), state.convergedAt(), probes);
    Evidence evidence = look.judgement().evidence();
    if (evidence != null) {
      return back(probed, "the probes breached: " + evidence.sentence(), evidence, at);
    }
    String counts = probes.bad() + " of " + probes.calls() + " probe calls " + look.probesWhat();
    if (probes.verdict() == Verdict.BREACH) {
      return back(probed, counts, null, at);
    }
    if (probes.verdict() == Verdict.PASS) {
      return heal(probed, "the probes passed: " + counts, at);
    }
    if (at.now().isBefore(state.deadline())) {
      return Move.to(probed);
    }
    String time = Words.seconds(at.settings().probeDeadline());
    return back(probed, "the probes did not pass within " + time + ": " + counts, null, at);
  }

  private static Move heal(HalfOpen state, String reason, Situation at) {
    BreakerState next = at.resting();
    TrafficShift shift = at.shift(state.decision(), state.target(), state.shareBefore());
    return Move.to(next)
        .doing(at.carryOut(shift))
        .telling(
            at.entry(
                Kind.RESET,
                state.decision(),
                state,
                next,
                reason + "; share of " + Words.percent(state.shareBefore()) + " restored",
                Situation.AUTOMATIC,
                null,
                shift))
        .with(Effect.FRESH_EVIDENCE);
  }

  /** From HALF_OPEN back to OPEN with the cooldown doubled. */
  private static Move back(
      HalfOpen state, String reason, @Nullable Evidence evidence, Situation at) {
    TrafficShift shift = at.shift(state.decision(), state.target(), 0);
    int failedProbes = state.failedProbes() + 1;
    Duration cooldown = cooldown(at.settings().cooldown(), failedProbes);
    Open next =
        new Open(
            at.now(),
            state.decision(),
            state.target(),
            state.shareBefore(),
            at.now().plus(cooldown),
            failedProbes,
            0,
            false,
            true,
            Proof.awaiting(shift.id(), at.verifyBy()));
    Move move = Move.to(next);
    if (state.convergedAt() == null) {
      move = move.doing(new Action.Abandon(state.shift()));
    }
    return move.doing(at.carryOut(shift))
        .telling(
            at.entry(
                Kind.PROBE_FAILED,
                state.decision(),
                state,
                next,
                reason + "; next probes in " + Words.seconds(cooldown),
                Situation.AUTOMATIC,
                evidence,
                shift))
        .with(Effect.FRESH_EVIDENCE);
  }

  static Duration cooldown(Duration first, int failedProbes) {
    Duration grown = first.multipliedBy(1L << Math.min(failedProbes, MOST_DOUBLINGS));
    boolean capped = failedProbes > 0 && grown.compareTo(LONGEST_COOLDOWN) > 0;
    return capped && first.compareTo(LONGEST_COOLDOWN) < 0
        ? LONGEST_COOLDOWN
        : capped ? first : grown;
  }

  static Move forcedOpen(ForcedOpen state, Looked look, Situation at) {
    Proof moving = state.moving();
    return moving == null
        ? Move.to(state)
        : settle(state, moving.looked(look, at.settings().drain()), at);
  }

  private static Move settle(ForcedOpen state, Proof proof, Situation at) {
    Outcome outcome = proof.outcome(at.now());
    if (outcome == Outcome.PENDING) {
      return Move.to(state.with(false, proof));
    }
    if (outcome == Outcome.FAILED) {
      return failed(state, proof, state.decision(), state.shareBefore(), true, at);
    }
    ForcedOpen next = state.with(true, null);
    Instant asked = proof.deadline().minus(at.settings().verifyWithin());
    return Move.to(next)
        .telling(verified(state, next, state.decision(), asked, proof, outcome, at));
  }

  static Move reported(BreakerState state, ShiftReported report, Situation at) {
    if (state instanceof HalfOpen halfOpen && halfOpen.shift().equals(report.shift())) {
      return probeReported(halfOpen, report, at);
    }
    Proof proof = proof(state);
    if (proof != null && proof.shift().equals(report.shift())) {
      return proofReported(state, proof, report, at);
    }
    TrafficShift restoring = at.restoring();
    boolean failed = report.phase() == Phase.FAILED;
    return failed && restoring != null && restoring.id().equals(report.shift())
        ? notRestored(state, restoring, report, at)
        : Move.to(state);
  }

  private static Move notRestored(
      BreakerState state, TrafficShift restoring, ShiftReported report, Situation at) {
    String reason = "the share could not be restored: " + words(report);
    return Move.to(state)
        .telling(
            at.entry(
                Kind.FAILED,
                restoring.decision(),
                state,
                state,
                reason,
                Situation.AUTOMATIC,
                null,
                restoring));
  }

  private static Move probeReported(HalfOpen state, ShiftReported report, Situation at) {
    return switch (report.phase()) {
      case FAILED -> back(state, "the probe share could not be set: " + words(report), null, at);
      case CONVERGED -> Move.to(state.with(state.deadline(), at.now(), state.probes()));
      case APPLIED -> Move.to(state);
    };
  }

  private static Move proofReported(
      BreakerState state, Proof proof, ShiftReported report, Situation at) {
    Proof next = proof.reported(report.phase(), at.now());
    boolean failed = report.phase() == Phase.FAILED;
    if (state instanceof Tripping tripping) {
      return failed
          ? failed(
              tripping,
              words(report),
              tripping.decision(),
              tripping.shareBefore(),
              tripping.mayProbe(),
              at)
          : settle(tripping, next, at);
    }
    if (state instanceof Open open) {
      return failed
          ? failed(open, words(report), open.decision(), open.shareBefore(), open.mayProbe(), at)
          : settle(open, next, at);
    }
    if (state instanceof ForcedOpen forced) {
      return failed
          ? failed(forced, words(report), forced.decision(), forced.shareBefore(), true, at)
          : settle(forced, next, at);
    }
    return Move.to(state);
  }

  private static String words(ShiftReported report) {
    return report.backend() + ": " + report.detail();
  }

  /** Of the shift to weight 0 that is under way, or null. */
  static @Nullable Proof proof(BreakerState state) {
    if (state instanceof Tripping tripping) {
      return tripping.proof();
    }
    if (state instanceof Open open) {
      return open.moving();
    }
    return state instanceof ForcedOpen forced ? forced.moving() : null;
  }

  static Move observed(BreakerState state, Observed observed, Situation at) {
    if (observed.share() <= 0 || proof(state) != null) {
      return Move.to(state);
    }
    if (state instanceof Open open) {
      boolean may = at.policy().mode() != Mode.OBSERVE && observed.restarted();
      return may && open.reassertions() < MOST_REASSERTIONS
          ? reassert(open, at)
          : reverted(open, open.decision(), open.shareBefore(), open.mayProbe(), observed, at);
    }
    if (state instanceof ForcedOpen forced) {
      return observed.restarted() && forced.reassertions() < MOST_REASSERTIONS
          ? reassert(forced, at)
          : reverted(forced, forced.decision(), forced.shareBefore(), true, observed, at);
    }
    return Move.to(state);
  }

  private static Move reassert(Open state, Situation at) {
    TrafficShift shift = at.shift(at.freshDecision(), state.target(), 0);
    Proof proof = Proof.awaiting(shift.id(), at.verifyBy());
    Open next = state.reasserting(at.freshDecision(), proof);
    return reasserted(state, next, state.decision(), next.reassertions(), shift, at);
  }

  private static Move reassert(ForcedOpen state, Situation at) {
    TrafficShift shift = at.shift(at.freshDecision(), state.target(), 0);
    Proof proof = Proof.awaiting(shift.id(), at.verifyBy());
    ForcedOpen next = state.reasserting(at.freshDecision(), proof);
    return reasserted(state, next, state.decision(), next.reassertions(), shift, at);
  }

  private static Move reasserted(
      BreakerState from,
      BreakerState to,
      String before,
      int times,
      TrafficShift shift,
      Situation at) {
    String reason =
        "the target restarted and lost decision "
            + before
            + ": traffic is back, and moved again ("
            + times
            + " of "
            + MOST_REASSERTIONS
            + " times)";
    return Move.to(to)
        .doing(at.carryOut(shift))
        .telling(
            at.entry(
                Kind.REASSERTED,
                shift.decision(),
                from,
                to,
                reason,
                Situation.AUTOMATIC,
                null,
                shift));
  }

  private static Move reverted(
      BreakerState from,
      String decision,
      double shareBefore,
      boolean mayProbe,
      Observed observed,
      Situation at) {
    String share = Words.percent(observed.share());
    String detail =
        observed.restarted()
            ? "the target restarted again and serves " + share + "; not moved again by itself"
            : "the target serves "
                + share
                + " without having restarted: somebody else changed it, and it is left as it is";
    Reverted next = new Reverted(at.now(), decision, detail, shareBefore, mayProbe);
    return Move.to(next).telling(at.entry(Kind.REVERTED, decision, from, next, detail));
  }

  /** After a stop of the collector: shifts without an outcome are asked for again. */
  static Move resumed(BreakerState state, Situation at) {
    if (state instanceof HalfOpen halfOpen) {
      return resumed(halfOpen, at);
    }
    Proof proof = proof(state);
    if (proof == null) {
      return at.restoring() == null
          ? Move.to(state)
          : Move.to(state).doing(at.carryOut(at.restoring()));
    }
    boolean outcomeKnown = proof.convergedAt() != null;
    Proof again =
        new Proof(
            proof.shift(),
            at.verifyBy(),
            outcomeKnown ? proof.appliedAt() : null,
            proof.convergedAt(),
            null,
            0,
            0);
    Move move = resumed(state, again);
    return outcomeKnown ? move : move.doing(at.carryOut(shiftOf(state, again, at)));
  }

  private static Move resumed(BreakerState state, Proof again) {
    if (state instanceof Tripping tripping) {
      return Move.to(tripping.with(again));
    }
    if (state instanceof Open open) {
      return Move.to(open.with(again));
    }
    return state instanceof ForcedOpen forced ? Move.to(forced.with(false, again)) : Move.to(state);
  }

  private static Move resumed(HalfOpen state, Situation at) {
    HalfOpen again =
        state.with(
            at.now().plus(at.settings().probeDeadline()), state.convergedAt(), state.probes());
    double probeShare = Math.min(at.settings().probeShare(), state.shareBefore());
    return state.convergedAt() != null
        ? Move.to(again)
        : Move.to(again)
            .doing(
                at.carryOut(
                    new TrafficShift(
                        state.shift(),
                        decisionOf(state.shift()),
                        at.policy().model(),
                        at.version(),
                        state.target(),
                        probeShare)));
  }

  private static TrafficShift shiftOf(BreakerState state, Proof proof, Situation at) {
    String target =
        state instanceof Tripping tripping
            ? tripping.target()
            : state instanceof Open open ? open.target() : ((ForcedOpen) state).target();
    return new TrafficShift(
        proof.shift(), decisionOf(proof.shift()), at.policy().model(), at.version(), target, 0);
  }

  private static String decisionOf(String shift) {
    return shift.substring(0, shift.lastIndexOf('.'));
  }
}
