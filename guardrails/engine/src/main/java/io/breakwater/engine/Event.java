package io.breakwater.engine;

import io.breakwater.engine.policy.ModelPolicy;
import io.breakwater.engine.reference.ReferenceSet;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Everything that can happen to a model. The engine's state changes by events alone. */
public sealed interface Event {
  /** The engine's "now". Events of one model come in ascending order. */
  Instant at();

  /** An interval of the grid ended. */
  record PaneClosed(Pane pane) implements Event {
    @Override
    public Instant at() {
      return pane.end();
    }
  }

  /**
   * What became of a traffic shift the engine asked for.
   *
   * @param shift id of the shift
   * @param backend name of the backend that reports
   * @param detail the target's own words
   */
  record ShiftReported(Instant at, String shift, Phase phase, String backend, String detail)
      implements Event {
    /** How far the shift got. */
    public enum Phase {
      /** The target took the change. */
      APPLIED,
      /** The target reads back as planned. */
      CONVERGED,
      /** The runner gave up; nothing more will be tried for this shift. */
      FAILED
    }
  }

  /**
   * The target was read without being asked to change.
   *
   * @param shares share of traffic per version, 0..1
   * @param incarnation changes when the target restarted; null when it cannot tell
   */
  record TargetObserved(Instant at, Map<String, Double> shares, @Nullable String incarnation)
      implements Event {
    public TargetObserved {
      shares = Map.copyOf(shares);
    }
  }

  /**
   * A person or a program gave an order.
   *
   * @param by who, for the record
   * @param expires after which a hold, trip or disable ends; null means never
   * @param decision which decision is approved; only for {@link Verb#APPROVE}
   */
  record Ordered(
      Instant at,
      Verb verb,
      String version,
      String by,
      String reason,
      @Nullable Duration expires,
      @Nullable String decision)
      implements Event {}

  /** The orders. */
  enum Verb {
    /** To FORCED_OPEN: out of traffic until released. */
    TRIP,
    /** To FORCED_CLOSED: in traffic whatever the evidence. */
    HOLD,
    /** To DISABLED: not judged at all. */
    DISABLE,
    /** From a forced state back to automatic. */
    RELEASE,
    /** From OPEN, latched or failed to CLOSED. */
    RESET,
    /** Carries out one pending decision. */
    APPROVE,
    /** The version becomes GOOD and stable. */
    PROMOTE
  }

  /** The guardrail file changed. */
  record PolicyChanged(Instant at, ModelPolicy policy) implements Event {}

  /**
   * A reference that was built beforehand is to be used. It takes effect where the policy asks for
   * this one; where it asks for another, nothing happens.
   */
  record ReferenceGiven(Instant at, ReferenceSet reference) implements Event {}

  /**
   * The collector came back after a stop. Open test blocks are dropped, silence during the stop is
   * nobody's fault, and shifts without an outcome are asked for again under their old ids.
   */
  record Resumed(Instant at) implements Event {}
}
