package io.breakwater.engine.breaker;

import io.breakwater.engine.DecisionRecord.Kind;
import io.breakwater.engine.breaker.BreakerState.Closed;
import io.breakwater.engine.breaker.BreakerState.Disabled;
import io.breakwater.engine.breaker.BreakerState.ForcedClosed;
import io.breakwater.engine.breaker.BreakerState.ForcedOpen;
import io.breakwater.engine.breaker.BreakerState.HalfOpen;
import io.breakwater.engine.breaker.BreakerState.Observing;
import io.breakwater.engine.breaker.BreakerState.Open;
import io.breakwater.engine.breaker.BreakerState.PendingApproval;
import io.breakwater.engine.breaker.BreakerState.Suspect;
import io.breakwater.engine.breaker.BreakerState.Tripping;
import io.breakwater.engine.breaker.Move.Effect;
import io.breakwater.engine.breaker.Stimulus.Looked;
import io.breakwater.engine.breaker.Stimulus.Observed;
import io.breakwater.engine.breaker.Stimulus.Reported;
import io.breakwater.engine.breaker.Stimulus.Told;
import io.breakwater.engine.policy.Mode;
import java.time.Instant;

/**
 * The breaker's table: what a state and a stimulus lead to. The rows live in {@link InTraffic},
 * {@link OutOfTraffic} and {@link Orders}; what is not in a row leaves the state as it is.
 *
 * <p>Stateless and safe for use by many threads.
 */
public final class BreakerTable {
  private BreakerTable() {}

  /** What {@code stimulus} leads to. */
  public static Move next(BreakerState state, Stimulus stimulus, Situation at) {
    if (stimulus instanceof Looked look) {
      return looked(state, look, at);
    }
    if (stimulus instanceof Reported reported) {
      return OutOfTraffic.reported(state, reported.report(), at);
    }
    if (stimulus instanceof Observed observed) {
      return OutOfTraffic.observed(state, observed, at);
    }
    if (stimulus instanceof Told told) {
      return Orders.told(state, told.order(), at);
    }
    if (stimulus instanceof Stimulus.PolicyChanged) {
      return policyChanged(state, at);
    }
    if (stimulus instanceof Stimulus.Left) {
      return left(state, at);
    }
    return OutOfTraffic.resumed(state, at);
  }

  private static Move looked(BreakerState state, Looked look, Situation at) {
    if (state instanceof Observing observing) {
      return InTraffic.observing(observing, look, at);
    }
    if (state instanceof Closed closed) {
      return InTraffic.closed(closed, look, at);
    }
    if (state instanceof Suspect suspect) {
      return InTraffic.suspect(suspect, look, at);
    }
    if (state instanceof PendingApproval pending) {
      return InTraffic.pending(pending, look, at);
    }
    if (state instanceof Tripping tripping) {
      return OutOfTraffic.tripping(tripping, look, at);
    }
    if (state instanceof Open open) {
      return OutOfTraffic.open(open, look, at);
    }
    if (state instanceof HalfOpen halfOpen) {
      return OutOfTraffic.halfOpen(halfOpen, look, at);
    }
    if (expired(state, at)) {
      return Orders.release(state, Situation.AUTOMATIC, "the order expired", at);
    }
    return state instanceof ForcedOpen forced
        ? OutOfTraffic.forcedOpen(forced, look, at)
        : Move.to(state);
  }

  private static boolean expired(BreakerState state, Situation at) {
    Instant expires = state.expires();
    return expires != null && !at.now().isBefore(expires);
  }

  private static Move policyChanged(BreakerState state, Situation at) {
    boolean observe = at.policy().mode() == Mode.OBSERVE;
    if (observe && state instanceof PendingApproval pending) {
      return Move.to(at.resting())
          .telling(
              at.entry(
                  Kind.ENDED,
                  pending.decision(),
                  pending,
                  at.resting(),
                  "the mode is observe now: approval is not asked for any more"));
    }
    boolean moves =
        observe ? state instanceof Closed || state instanceof Suspect : state instanceof Observing;
    return Move.to(moves ? at.resting() : state);
  }

  private static Move left(BreakerState state, Situation at) {
    if (state instanceof Closed || state instanceof Observing || state instanceof Suspect) {
      return Move.to(state).with(Effect.ENDED);
    }
    boolean byPerson =
        state instanceof ForcedOpen || state instanceof ForcedClosed || state instanceof Disabled;
    String decision = state.decision();
    if (byPerson || state instanceof Tripping || decision == null) {
      return Move.to(state);
    }
    return Move.to(state)
        .with(Effect.ENDED)
        .telling(
            at.entry(Kind.ENDED, decision, state, state, "the version is not served any more"));
  }
}
