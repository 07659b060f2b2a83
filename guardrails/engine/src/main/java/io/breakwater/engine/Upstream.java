package io.breakwater.engine;

import io.breakwater.engine.ModelState.GuardrailState;
import io.breakwater.engine.ModelState.Second;
import io.breakwater.engine.detect.Excursion;
import io.breakwater.engine.detect.RateDetector;
import io.breakwater.engine.detect.Tally;
import io.breakwater.engine.policy.Guardrail;
import io.breakwater.engine.policy.Guardrail.DurationLimit;
import io.breakwater.engine.policy.Guardrail.ErrorsLimit;
import org.jspecify.annotations.Nullable;

/** Whether a breach of one version is shared by another, so that neither is to blame. */
final class Upstream {
  /** Few, since to blame a version wrongly costs more than to wait. */
  private static final double DEVIATIONS = 2;

  private final Draft draft;

  Upstream(Draft draft) {
    this.draft = draft;
  }

  /** Why the fault is not this version's alone, or null. */
  @Nullable String shared(Guardrail guardrail, VersionDraft version, RateDetector evidence) {
    if (version.version.equals(draft.stable)) {
      return isLimit(guardrail) ? sharedByCanary(guardrail, version, evidence) : null;
    }
    VersionDraft stable = draft.stable == null ? null : draft.versions.get(draft.stable);
    if (stable == null) {
      return null;
    }
    for (Guardrail other : draft.policy.guardrails()) {
      boolean concerned =
          other.equals(guardrail)
              || (guardrail.againstStable() && other.signal().equals(guardrail.signal()));
      if (isLimit(other) && concerned && isBad(stable, other, guardrail, evidence)) {
        return "the stable version "
            + stable.version
            + " is above its limit too ("
            + other.name()
            + "): the fault lies upstream of both";
      }
    }
    return null;
  }

  /** The stable version breaches: the fault is shared when a canary is as bad. */
  private @Nullable String sharedByCanary(
      Guardrail limit, VersionDraft stable, RateDetector evidence) {
    for (VersionDraft other : draft.versions.values()) {
      if (other != stable && isBad(other, limit, limit, evidence)) {
        return "version "
            + other.version
            + " is above the limit of the stable version too ("
            + limit.name()
            + "): the fault lies upstream of both";
      }
    }
    return null;
  }

  private static boolean isLimit(Guardrail guardrail) {
    return guardrail instanceof ErrorsLimit || guardrail instanceof DurationLimit;
  }

  private static double allowed(Guardrail limit) {
    return limit instanceof ErrorsLimit errors
        ? errors.max()
        : 1 - ((DurationLimit) limit).quantile();
  }

  /**
   * Whether another version breaches a limit, or has more bad calls than it allows in the time of
   * the evidence, of which the last 10 s count; two standard deviations are left to chance.
   */
  private boolean isBad(
      VersionDraft other, Guardrail limit, Guardrail breached, RateDetector evidence) {
    GuardrailState own = other.verdicts.get(limit.name());
    if (own != null && own.verdict() == Verdict.BREACH) {
      return true;
    }
    Excursion excursion = evidence.mixture().excursion();
    Tally tally = excursion.tally();
    long windowStart = draft.now.getEpochSecond() - Traffic.WINDOW_SECONDS + 1;
    long start =
        excursion.since() == null
            ? windowStart
            : Math.max(windowStart, excursion.since().getEpochSecond());
    boolean sameCounts = limit.equals(breached) || limit instanceof ErrorsLimit;
    if (sameCounts && start > windowStart && tally.againstCalls() > 0) {
      return isAbove(limit, tally.againstCalls(), tally.againstBad());
    }
    Second seen = Traffic.recent(other, start);
    return isAbove(limit, Traffic.calls(seen, limit), Traffic.bad(seen, limit));
  }

  private static boolean isAbove(Guardrail limit, long calls, long bad) {
    return calls >= RateDetector.MIN_CALLS
        && RateDetector.isAbove(allowed(limit), calls, bad, DEVIATIONS);
  }
}
