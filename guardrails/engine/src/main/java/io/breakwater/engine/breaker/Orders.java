package io.breakwater.engine.breaker;

import io.breakwater.engine.Action;
import io.breakwater.engine.DecisionRecord;
import io.breakwater.engine.DecisionRecord.Kind;
import io.breakwater.engine.Event.Ordered;
import io.breakwater.engine.backend.TrafficShift;
import io.breakwater.engine.breaker.BreakerState.Closed;
import io.breakwater.engine.breaker.BreakerState.Disabled;
import io.breakwater.engine.breaker.BreakerState.FailedAction;
import io.breakwater.engine.breaker.BreakerState.ForcedClosed;
import io.breakwater.engine.breaker.BreakerState.ForcedOpen;
import io.breakwater.engine.breaker.BreakerState.HalfOpen;
import io.breakwater.engine.breaker.BreakerState.Observing;
import io.breakwater.engine.breaker.BreakerState.Open;
import io.breakwater.engine.breaker.BreakerState.PendingApproval;
import io.breakwater.engine.breaker.BreakerState.Reverted;
import io.breakwater.engine.breaker.BreakerState.Tripping;
import io.breakwater.engine.breaker.Move.Effect;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The rows for orders that people give. */
final class Orders {
  private Orders() {}

  static Move told(BreakerState state, Ordered order, Situation at) {
    return switch (order.verb()) {
      case TRIP -> trip(state, order, at);
      case HOLD -> hold(state, order, at);
      case DISABLE -> disable(state, order, at);
      case RELEASE -> release(state, order.by(), order.reason(), at);
      case RESET -> reset(state, order, at);
      case APPROVE -> approve(state, order, at);
      case PROMOTE -> promote(state, order, at);
    };
  }

  private static Move trip(BreakerState state, Ordered order, Situation at) {
    if (state instanceof ForcedOpen) {
      return Move.refuse(state, already(state, at));
    }
    Out out = Out.of(state);
    if (out != null && !(state instanceof HalfOpen)) {
      return forcedOpen(state, order, out, at);
    }
    String target = out != null ? out.target : at.target().version();
    if (target == null) {
      return Move.refuse(state, "nowhere to send the traffic: " + at.target().objection());
    }
    if (state instanceof FailedAction failed) {
      return tripAgain(state, order, target, failed.shareBefore(), failed.mayProbe(), at);
    }
    if (state instanceof Reverted reverted) {
      return tripAgain(state, order, target, reverted.shareBefore(), reverted.mayProbe(), at);
    }
    return forceOpen(state, order, target, out, at);
  }

  private static Move tripAgain(
      BreakerState state,
      Ordered order,
      String target,
      double shareBefore,
      boolean mayProbe,
      Situation at) {
    double share = at.share() > 0 ? at.share() : shareBefore;
    return InTraffic.trip(
        state, at.freshDecision(), target, order.reason(), order.by(), null, share, mayProbe, at);
  }

  /** The version is out already, or on its way: only the reason changes. */
  private static Move forcedOpen(BreakerState state, Ordered order, Out out, Situation at) {
    Proof moving = OutOfTraffic.proof(state);
    ForcedOpen next =
        new ForcedOpen(
            at.now(),
            at.freshDecision(),
            moving != null ? moving.shift() : at.lastShift() != null ? at.lastShift() : "",
            out.target,
            out.shareBefore,
            moving == null,
            expires(order, at),
            0,
            moving);
    return Move.to(next)
        .telling(ordered(Kind.FORCED_OPEN, state, next, order, null, at))
        .with(Effect.TRIPPED);
  }

  private static Move forceOpen(
      BreakerState state, Ordered order, String target, @Nullable Out out, Situation at) {
    String decision = at.freshDecision();
    TrafficShift shift = at.shift(decision, target, 0);
    ForcedOpen next =
        new ForcedOpen(
            at.now(),
            decision,
            shift.id(),
            target,
            out != null ? out.shareBefore : at.share(),
            false,
            expires(order, at),
            0,
            Proof.awaiting(shift.id(), at.verifyBy()));
    return abandoning(Move.to(next), out, at)
        .doing(at.carryOut(shift))
        .telling(ordered(Kind.FORCED_OPEN, state, next, order, shift, at))
        .with(Effect.TRIPPED)
        .with(Effect.FRESH_EVIDENCE);
  }

  private static Move hold(BreakerState state, Ordered order, Situation at) {
    if (state instanceof ForcedClosed) {
      return Move.refuse(state, already(state, at));
    }
    ForcedClosed next = new ForcedClosed(at.now(), at.freshDecision(), expires(order, at));
    return restoring(state, next, next.decision(), Kind.FORCED_CLOSED, order, at);
  }

  private static Move disable(BreakerState state, Ordered order, Situation at) {
    if (state instanceof Disabled) {
      return Move.refuse(state, already(state, at));
    }
    Disabled next = new Disabled(at.now(), at.freshDecision(), expires(order, at));
    return abandoning(Move.to(next), Out.of(state), at)
        .telling(ordered(Kind.DISABLED, state, next, order, null, at))
        .with(Effect.FRESH_EVIDENCE);
  }

  private static Move reset(BreakerState state, Ordered order, Situation at) {
    if (state instanceof Open || state instanceof HalfOpen) {
      return restoring(state, at.resting(), decision(state, at), Kind.RESET, order, at);
    }
    if (state instanceof FailedAction || state instanceof Reverted) {
      BreakerState next = at.resting();
      return Move.to(next)
          .telling(ordered(Kind.RESET, decision(state, at), state, next, order, null, at))
          .with(Effect.FRESH_EVIDENCE);
    }
    return Move.refuse(
        state,
        "nothing to reset: "
            + is(state, at)
            + " (reset is for OPEN, HALF_OPEN, FAILED_ACTION and REVERTED; "
            + instead(state)
            + ")");
  }

  private static String instead(BreakerState state) {
    if (state instanceof PendingApproval) {
      return "hold keeps the version in traffic";
    }
    if (state instanceof Tripping) {
      return "wait until the traffic has moved, or hold";
    }
    return state instanceof ForcedOpen || state instanceof ForcedClosed || state instanceof Disabled
        ? "release ends the order"
        : "it is in traffic";
  }

  /** Into {@code next}, with the share from before the version was taken out. */
  private static Move restoring(
      BreakerState state,
      BreakerState next,
      String decision,
      Kind kind,
      Ordered order,
      Situation at) {
    Out out = Out.of(state);
    Move move = Move.to(next).with(Effect.FRESH_EVIDENCE);
    if (out == null || out.shareBefore <= 0) {
      return move.telling(ordered(kind, decision, state, next, order, null, at));
    }
    move = abandoning(move, out, at);
    TrafficShift shift = at.shift(decision, out.target, out.shareBefore);
    return move.doing(at.carryOut(shift))
        .telling(ordered(kind, decision, state, next, order, shift, at));
  }

  static Move release(BreakerState state, String by, String reason, Situation at) {
    BreakerState next;
    if (state instanceof ForcedOpen forced) {
      next = released(forced, at);
    } else if (state instanceof ForcedClosed || state instanceof Disabled) {
      next = at.resting();
    } else {
      return Move.refuse(
          state,
          "nothing to release: "
              + is(state, at)
              + " (release ends FORCED_OPEN, FORCED_CLOSED and DISABLED)");
    }
    Move move =
        Move.to(next)
            .telling(
                at.entry(Kind.RELEASED, decision(state, at), state, next, reason, by, null, null));
    return state instanceof ForcedOpen ? move : move.with(Effect.FRESH_EVIDENCE);
  }

  private static BreakerState released(ForcedOpen forced, Situation at) {
    Proof moving = forced.moving();
    return moving == null
        ? new Open(
            at.now(),
            forced.decision(),
            forced.target(),
            forced.shareBefore(),
            at.now().plus(at.settings().cooldown()),
            0,
            forced.reassertions(),
            false,
            true,
            null)
        : Tripping.of(
            at.now(), forced.decision(), forced.target(), forced.shareBefore(), true, moving);
  }

  private static Move approve(BreakerState state, Ordered order, Situation at) {
    if (!(state instanceof PendingApproval pending)) {
      return Move.refuse(state, "nothing waits for approval: " + is(state, at));
    }
    if (!pending.decision().equals(order.decision())) {
      return Move.refuse(
          state,
          "decision: "
              + order.decision()
              + " (expected: "
              + pending.decision()
              + ", the one that waits for approval)");
    }
    String target = at.target().version();
    if (target == null) {
      return Move.refuse(state, "nowhere to send the traffic: " + at.target().objection());
    }
    Move trip =
        InTraffic.trip(
            state,
            pending.decision(),
            target,
            pending.evidence().sentence(),
            order.by(),
            pending.evidence(),
            at.share(),
            pending.mayProbe(),
            at);
    return trip.telling(
        ordered(Kind.APPROVED, pending.decision(), state, trip.next(), order, null, at));
  }

  private static Move promote(BreakerState state, Ordered order, Situation at) {
    boolean resting = state instanceof Closed || state instanceof Observing;
    if (!resting && !(state instanceof ForcedClosed) && !(state instanceof Disabled)) {
      return Move.refuse(
          state, "cannot become stable: " + is(state, at) + " (expected: CLOSED; reset it first)");
    }
    BreakerState next = resting ? at.resting() : state;
    return Move.to(next)
        .telling(ordered(Kind.PROMOTED, state, next, order, null, at))
        .with(Effect.PROMOTED);
  }

  /** Stops shifts of the state that is left. */
  private static Move abandoning(Move move, @Nullable Out out, Situation at) {
    Move next = move;
    if (out != null && out.inFlight != null) {
      next = next.doing(new Action.Abandon(out.inFlight));
    }
    return at.restoring() == null ? next : next.doing(new Action.Abandon(at.restoring().id()));
  }

  private static DecisionRecord ordered(
      Kind kind,
      BreakerState from,
      BreakerState to,
      Ordered order,
      @Nullable TrafficShift shift,
      Situation at) {
    return ordered(kind, at.freshDecision(), from, to, order, shift, at);
  }

  private static DecisionRecord ordered(
      Kind kind,
      String decision,
      BreakerState from,
      BreakerState to,
      Ordered order,
      @Nullable TrafficShift shift,
      Situation at) {
    return at.entry(kind, decision, from, to, order.reason(), order.by(), null, shift);
  }

  private static String decision(BreakerState state, Situation at) {
    String decision = state.decision();
    return decision == null ? at.freshDecision() : decision;
  }

  private static @Nullable Instant expires(Ordered order, Situation at) {
    return order.expires() == null ? null : at.now().plus(order.expires());
  }

  private static String already(BreakerState state, Situation at) {
    return "already done: " + is(state, at) + "; release ends the order";
  }

  private static String is(BreakerState state, Situation at) {
    return "version " + at.version() + " is " + state.name() + " since " + state.since();
  }

  /** Where a version that is out of traffic went, and from which share. */
  private static final class Out {
    private final String target;
    private final double shareBefore;
    private final @Nullable String inFlight;

    private Out(String target, double shareBefore, @Nullable String inFlight) {
      this.target = target;
      this.shareBefore = shareBefore;
      this.inFlight = inFlight;
    }

    static @Nullable Out of(BreakerState state) {
      if (state instanceof HalfOpen half) {
        String inFlight = half.convergedAt() == null ? half.shift() : null;
        return new Out(half.target(), half.shareBefore(), inFlight);
      }
      Proof proof = OutOfTraffic.proof(state);
      String inFlight = proof == null ? null : proof.shift();
      if (state instanceof Tripping tripping) {
        return new Out(tripping.target(), tripping.shareBefore(), inFlight);
      }
      if (state instanceof Open open) {
        return new Out(open.target(), open.shareBefore(), inFlight);
      }
      return state instanceof ForcedOpen forced
          ? new Out(forced.target(), forced.shareBefore(), inFlight)
          : null;
    }
  }
}
