package io.breakwater.engine;

import io.breakwater.engine.breaker.Words;
import io.breakwater.engine.detect.CanaryRateDetector;
import io.breakwater.engine.detect.Excursion;
import io.breakwater.engine.detect.RateDetector;
import io.breakwater.engine.detect.Tally;
import io.breakwater.engine.policy.Guardrail;
import java.time.Duration;
import java.time.Instant;

/** Puts a detector's state into evidence that people can read. */
final class Testimony {
  private final Draft draft;
  private final Guardrail guardrail;
  private final VersionDraft version;
  private final RateDetector detector;
  private final String what;

  Testimony(Draft draft, Guardrail guardrail, VersionDraft version, RateDetector detector) {
    this.draft = draft;
    this.guardrail = guardrail;
    this.version = version;
    this.detector = detector;
    this.what = Latency.what(draft, guardrail);
  }

  Evidence evidence() {
    Excursion excursion = detector.mixture().excursion();
    Instant since = excursion.since() == null ? draft.now : excursion.since();
    Instant until = excursion.until() == null ? draft.now : excursion.until();
    Tally tally = excursion.tally();
    boolean compared = detector instanceof CanaryRateDetector;
    return new Evidence(
        guardrail.name(),
        guardrail.signal(),
        version.version,
        compared ? draft.stable : null,
        since,
        until,
        Evidence.CALLS,
        what,
        tally.calls(),
        tally.bad(),
        tally.againstCalls(),
        tally.againstBad(),
        detector.baseline(),
        detector.mixture().lnMean(),
        detector.lnThreshold(),
        tally.errorTypes(),
        sentence(tally, Duration.between(since, until), compared));
  }

  private String sentence(Tally tally, Duration time, boolean compared) {
    String own =
        tally.bad()
            + " of "
            + tally.calls()
            + " calls "
            + what
            + " ("
            + Words.percent(tally.badShare())
            + ") within "
            + Words.seconds(time);
    if (!compared) {
      return own + "; at most " + Words.percent(detector.baseline()) + " is allowed";
    }
    return own
        + ", against "
        + tally.againstBad()
        + " of "
        + tally.againstCalls()
        + " ("
        + Words.percent(tally.againstBadShare())
        + ") on version "
        + draft.stable
        + "; normal is "
        + Words.percent(detector.baseline());
  }
}
