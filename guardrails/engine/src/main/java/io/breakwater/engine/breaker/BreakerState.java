package io.breakwater.engine.breaker;

import io.breakwater.engine.Evidence;
import io.breakwater.engine.detect.ProbeTest;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Where the breaker of one version stands. Each state carries just what it needs. */
public sealed interface BreakerState {
  /** The name as people read it, for example {@code HALF_OPEN}. */
  String name();

  /** Since when. */
  Instant since();

  /** The decision that led here, or null. */
  default @Nullable String decision() {
    return null;
  }

  /** Whether only a person can leave it. */
  default boolean latched() {
    return false;
  }

  /** When a person's order that led here ends; null where there is none, or when it never does. */
  default @Nullable Instant expires() {
    return null;
  }

  /**
   * Mode observe: breaches are counted and told once per episode.
   *
   * @param inEpisode whether a breach goes on that was told already
   */
  record Observing(Instant since, boolean inEpisode) implements BreakerState {
    @Override
    public String name() {
      return "OBSERVING";
    }
  }

  /** In traffic, nothing against it. */
  record Closed(Instant since) implements BreakerState {
    @Override
    public String name() {
      return "CLOSED";
    }
  }

  /**
   * A breach that is being confirmed.
   *
   * @param guardrail the guardrail that breached
   */
  record Suspect(Instant since, String guardrail) implements BreakerState {
    @Override
    public String name() {
      return "SUSPECT";
    }
  }

  /**
   * A confirmed breach waits for a person; evaluation goes on.
   *
   * @param deadline when the wait is over
   * @param evidence why approval is asked for
   * @param mayProbe whether the version may be probed once it is out
   */
  record PendingApproval(
      Instant since, String decision, Instant deadline, Evidence evidence, boolean mayProbe)
      implements BreakerState {
    @Override
    public String name() {
      return "PENDING_APPROVAL";
    }
  }

  /**
   * A shift is asked for and not verified yet.
   *
   * @param shift id of the shift
   * @param target the version that takes the traffic
   * @param shareBefore share of the tripped version before, 0..1
   * @param appliedAt when the target took the change, or null
   * @param convergedAt when it read back as planned, or null
   * @param quietCalls calls of the model since the drain ended with none of this version
   * @param quietSince since when panes show no call of this version, or null
   * @param stragglers calls of this version after drain and flush
   * @param mayProbe whether the version may be probed once it is out
   */
  record Tripping(
      Instant since,
      String decision,
      String shift,
      String target,
      double shareBefore,
      Instant deadline,
      @Nullable Instant appliedAt,
      @Nullable Instant convergedAt,
      long quietCalls,
      @Nullable Instant quietSince,
      long stragglers,
      boolean mayProbe)
      implements BreakerState {
    static Tripping of(
        Instant since,
        String decision,
        String target,
        double shareBefore,
        boolean mayProbe,
        Proof proof) {
      return new Tripping(
          since,
          decision,
          proof.shift(),
          target,
          shareBefore,
          proof.deadline(),
          proof.appliedAt(),
          proof.convergedAt(),
          proof.quietCalls(),
          proof.quietSince(),
          proof.stragglers(),
          mayProbe);
    }

    Proof proof() {
      return new Proof(shift, deadline, appliedAt, convergedAt, quietSince, quietCalls, stragglers);
    }

    Tripping with(Proof proof) {
      return of(since, decision, target, shareBefore, mayProbe, proof);
    }

    @Override
    public String name() {
      return "TRIPPING";
    }
  }

  /**
   * Out of traffic.
   *
   * @param probeAt when probing may start; null when it never may
   * @param failedProbes probes that failed since the trip
   * @param reassertions how often the shift was repeated after the target restarted
   * @param mayProbe whether it may ever be probed
   * @param moving proof of a repeated shift that is under way, or null
   */
  record Open(
      Instant since,
      String decision,
      String target,
      double shareBefore,
      @Nullable Instant probeAt,
      int failedProbes,
      int reassertions,
      boolean latched,
      boolean mayProbe,
      @Nullable Proof moving)
      implements BreakerState {
    Open with(@Nullable Proof proof) {
      return new Open(
          since,
          decision,
          target,
          shareBefore,
          probeAt,
          failedProbes,
          reassertions,
          latched,
          mayProbe,
          proof);
    }

    Open reasserting(String newDecision, Proof proof) {
      return new Open(
          since,
          newDecision,
          target,
          shareBefore,
          probeAt,
          failedProbes,
          reassertions + 1,
          latched,
          mayProbe,
          proof);
    }

    @Override
    public String name() {
      return "OPEN";
    }
  }

  /**
   * A small share of traffic probes the version.
   *
   * @param convergedAt when the target read back with the probe share, or null
   * @param probes what the probes say so far
   */
  record HalfOpen(
      Instant since,
      String decision,
      String shift,
      String target,
      double shareBefore,
      Instant deadline,
      int failedProbes,
      @Nullable Instant convergedAt,
      ProbeTest probes)
      implements BreakerState {
    HalfOpen with(Instant newDeadline, @Nullable Instant converged, ProbeTest newProbes) {
      return new HalfOpen(
          since,
          decision,
          shift,
          target,
          shareBefore,
          newDeadline,
          failedProbes,
          converged,
          newProbes);
    }

    @Override
    public String name() {
      return "HALF_OPEN";
    }
  }

  /**
   * The traffic could not be moved in time; a person is needed.
   *
   * @param shareBefore share of the version before the trip, 0..1
   * @param mayProbe whether the version may be probed once it is out
   */
  record FailedAction(
      Instant since, String decision, String detail, double shareBefore, boolean mayProbe)
      implements BreakerState {
    @Override
    public String name() {
      return "FAILED_ACTION";
    }

    @Override
    public boolean latched() {
      return true;
    }
  }

  /**
   * Somebody else moved the traffic back; a person is needed.
   *
   * @param shareBefore share of the version before the trip, 0..1
   * @param mayProbe whether the version may be probed once it is out
   */
  record Reverted(
      Instant since, String decision, String detail, double shareBefore, boolean mayProbe)
      implements BreakerState {
    @Override
    public String name() {
      return "REVERTED";
    }

    @Override
    public boolean latched() {
      return true;
    }
  }

  /**
   * Taken out of traffic by a person.
   *
   * @param verified whether the traffic has moved
   * @param expires when the order ends, or null
   * @param reassertions how often the shift was repeated after the target restarted
   * @param moving proof of a shift that is under way, or null
   */
  record ForcedOpen(
      Instant since,
      String decision,
      String shift,
      String target,
      double shareBefore,
      boolean verified,
      @Nullable Instant expires,
      int reassertions,
      @Nullable Proof moving)
      implements BreakerState {
    ForcedOpen with(boolean nowVerified, @Nullable Proof proof) {
      return new ForcedOpen(
          since, decision, shift, target, shareBefore, nowVerified, expires, reassertions, proof);
    }

    ForcedOpen reasserting(String newDecision, Proof proof) {
      return new ForcedOpen(
          since,
          newDecision,
          proof.shift(),
          target,
          shareBefore,
          false,
          expires,
          reassertions + 1,
          proof);
    }

    @Override
    public String name() {
      return "FORCED_OPEN";
    }
  }

  /** Kept in traffic by a person. */
  record ForcedClosed(Instant since, String decision, @Nullable Instant expires)
      implements BreakerState {
    @Override
    public String name() {
      return "FORCED_CLOSED";
    }
  }

  /** Not judged at all, by a person's order. */
  record Disabled(Instant since, String decision, @Nullable Instant expires)
      implements BreakerState {
    @Override
    public String name() {
      return "DISABLED";
    }
  }
}
