package io.breakwater.engine.breaker;

import static java.util.Objects.requireNonNull;

import io.breakwater.engine.Event;
import io.breakwater.engine.detect.Tally;
import java.time.Duration;
import java.time.Instant;

/** What can happen to one breaker. */
public sealed interface Stimulus {
  /**
   * A pane was judged. Also the breaker's clock tick.
   *
   * @param start beginning of the pane
   * @param end end of the pane
   * @param tally the version's and the stable version's calls in it
   * @param modelCalls calls of all versions in it
   * @param flush how often the processes of this version report
   * @param probes what counts if the version is being probed: of calls that failed or, when it was
   *     out for its latency, of calls that took too long
   * @param probesWhat what makes a probe bad, in words: {@code failed}, {@code took over 50 ms}
   */
  record Looked(
      Instant start,
      Instant end,
      Tally tally,
      long modelCalls,
      Duration flush,
      Judgement judgement,
      Tally probes,
      String probesWhat)
      implements Stimulus {
    /** Probes are judged by failures. */
    public Looked(
        Instant start,
        Instant end,
        Tally tally,
        long modelCalls,
        Duration flush,
        Judgement judgement) {
      this(start, end, tally, modelCalls, flush, judgement, tally, "failed");
    }

    public Looked {
      requireNonNull(probes, "probes");
      requireNonNull(probesWhat, "probesWhat");
      requireNonNull(start, "start");
      requireNonNull(end, "end");
      requireNonNull(tally, "tally");
      requireNonNull(flush, "flush");
      requireNonNull(judgement, "judgement");
    }
  }

  /** A report on a shift this breaker asked for. */
  record Reported(Event.ShiftReported report) implements Stimulus {}

  /**
   * The target was read.
   *
   * @param share what the version gets there, 0..1
   * @param restarted whether the target restarted since it was read before
   */
  record Observed(double share, boolean restarted) implements Stimulus {}

  /** A person's order. */
  record Told(Event.Ordered order) implements Stimulus {}

  /** The policy changed; the situation carries the new one. */
  record PolicyChanged() implements Stimulus {}

  /** The collector came back after a stop. */
  record Resumed() implements Stimulus {}

  /** The version is not served any more. */
  record Left() implements Stimulus {}
}
