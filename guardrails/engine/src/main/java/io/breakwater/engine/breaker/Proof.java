package io.breakwater.engine.breaker;

import io.breakwater.engine.Event.ShiftReported.Phase;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How far it is proven that a shift to weight 0 took effect; a value. There are two proofs: the
 * target reads back as planned, and the version's live calls stop.
 *
 * <p>Panes count for the second once the calls in flight had {@code drain} and their process one
 * flush to report them. Then the version must have no call while the model serves {@value
 * #QUIET_CALLS} calls or 5 s pass, whichever comes first; a call of the version starts this again.
 *
 * @param shift id of the shift
 * @param deadline when it counts as failed
 * @param appliedAt when the target took the change, or null
 * @param convergedAt when it read back as planned, or null
 * @param quietSince since when panes show no call of the version, or null before they count
 * @param quietCalls calls of the model since then
 * @param stragglers calls of the version after drain and flush
 */
public record Proof(
    String shift,
    Instant deadline,
    @Nullable Instant appliedAt,
    @Nullable Instant convergedAt,
    @Nullable Instant quietSince,
    long quietCalls,
    long stragglers) {
  static final long QUIET_CALLS = 20;
  static final Duration QUIET_TIME = Duration.ofSeconds(5);

  /** Where the proof stands. */
  enum Outcome {
    PENDING,
    PROVEN,
    /** The target reads back as planned, and there was too little traffic for the second proof. */
    READ_BACK_ONLY,
    FAILED
  }

  /** Nothing proven yet. */
  public static Proof awaiting(String shift, Instant deadline) {
    return new Proof(shift, deadline, null, null, null, 0, 0);
  }

  /** After a report on this shift. */
  Proof reported(Phase phase, Instant at) {
    return new Proof(
        shift,
        deadline,
        appliedAt == null ? at : appliedAt,
        phase == Phase.CONVERGED && convergedAt == null ? at : convergedAt,
        quietSince,
        quietCalls,
        stragglers);
  }

  /** After a pane. */
  Proof looked(Stimulus.Looked look, Duration drain) {
    if (appliedAt == null || look.start().isBefore(appliedAt.plus(drain).plus(look.flush()))) {
      return this;
    }
    long calls = look.tally().calls();
    return calls > 0
        ? quiet(look.end(), 0, stragglers + calls)
        : quiet(
            quietSince == null ? look.start() : quietSince,
            quietCalls + look.modelCalls(),
            stragglers);
  }

  private Proof quiet(Instant since, long calls, long moreStragglers) {
    return new Proof(shift, deadline, appliedAt, convergedAt, since, calls, moreStragglers);
  }

  Outcome outcome(Instant now) {
    boolean late = !now.isBefore(deadline);
    if (convergedAt == null || quietSince == null) {
      return late ? Outcome.FAILED : Outcome.PENDING;
    }
    if (quietCalls >= QUIET_CALLS) {
      return Outcome.PROVEN;
    }
    if (!now.isBefore(quietSince.plus(QUIET_TIME)) || (late && stragglers == 0)) {
      return Outcome.READ_BACK_ONLY;
    }
    return late ? Outcome.FAILED : Outcome.PENDING;
  }

  /** In words, what is missing. */
  String missing(Duration within) {
    String time = Words.seconds(within);
    if (appliedAt == null) {
      return "the target did not take the change within " + time;
    }
    if (convergedAt == null) {
      return "the target took the change and did not read back as planned within " + time;
    }
    return quietSince == null
        ? "the target reads back as planned, but verify-within ("
            + time
            + ") ended before drain and one flush had passed"
        : "the target reads back as planned, but "
            + stragglers
            + " calls were served after the drain, the last one at "
            + quietSince;
  }
}
