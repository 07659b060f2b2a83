package io.breakwater.engine.breaker;

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

  /** A confirmed breach waits for a person; evaluation goes on. */
  record PendingApproval(Instant since, String decision, Instant deadline) implements BreakerState {
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
      long quietCalls)
      implements BreakerState {
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
   */
  record Open(
      Instant since,
      String decision,
      String target,
      double shareBefore,
      @Nullable Instant probeAt,
      int failedProbes,
      int reassertions,
      boolean latched)
      implements BreakerState {
    @Override
    public String name() {
      return "OPEN";
    }
  }

  /** A small share of traffic probes the version. */
  record HalfOpen(
      Instant since,
      String decision,
      String shift,
      String target,
      double shareBefore,
      Instant deadline,
      int failedProbes)
      implements BreakerState {
    @Override
    public String name() {
      return "HALF_OPEN";
    }
  }

  /** The traffic could not be moved in time; a person is needed. */
  record FailedAction(Instant since, String decision, String detail) implements BreakerState {
    @Override
    public String name() {
      return "FAILED_ACTION";
    }

    @Override
    public boolean latched() {
      return true;
    }
  }

  /** Somebody else moved the traffic back; a person is needed. */
  record Reverted(Instant since, String decision, String detail) implements BreakerState {
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
   */
  record ForcedOpen(
      Instant since,
      String decision,
      String shift,
      String target,
      double shareBefore,
      boolean verified,
      @Nullable Instant expires)
      implements BreakerState {
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
