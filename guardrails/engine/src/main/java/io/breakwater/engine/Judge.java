package io.breakwater.engine;

import io.breakwater.engine.ModelState.GuardrailState;
import io.breakwater.engine.ModelState.Second;
import io.breakwater.engine.breaker.Judgement;
import io.breakwater.engine.breaker.Judgement.Kind;
import io.breakwater.engine.breaker.Target;
import io.breakwater.engine.detect.Block;
import io.breakwater.engine.detect.CanaryRateDetector;
import io.breakwater.engine.detect.Excursion;
import io.breakwater.engine.detect.RateDetector;
import io.breakwater.engine.detect.RateLimitDetector;
import io.breakwater.engine.detect.Tally;
import io.breakwater.engine.policy.Guardrail;
import io.breakwater.engine.policy.Guardrail.ErrorsAgainstStable;
import io.breakwater.engine.policy.Guardrail.ErrorsLimit;
import io.breakwater.engine.policy.Then;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** From evidence to verdicts, and from the verdicts of a version to one judgement. */
final class Judge {
  /** A version without a call for so long has no verdict but NO_DATA. */
  private static final Duration IDLE = Duration.ofSeconds(10);

  /** How long a breach waits for the stable version's calls. */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

  /** How long after its last breach an episode of breaches is over. */
  private static final Duration EPISODE_END = Duration.ofSeconds(10);

  private final Draft draft;

  Judge(Draft draft) {
    this.draft = draft;
  }

  /** Whether a guardrail applies to a version: the stable one is judged by limits only. */
  private boolean applies(Guardrail guardrail, VersionDraft version) {
    return !(guardrail instanceof ErrorsAgainstStable) || !version.version.equals(draft.stable);
  }

  /** Feeds one pane to the detectors of a version. */
  void look(VersionDraft version, Block pane) {
    for (Guardrail guardrail : draft.policy.guardrails()) {
      if (applies(guardrail, version)) {
        version.verdicts.put(guardrail.name(), looked(guardrail, version, pane));
      }
    }
  }

  private GuardrailState looked(Guardrail guardrail, VersionDraft version, Block pane) {
    GuardrailState old = version.verdicts.get(guardrail.name());
    if (old == null || isOver(old)) {
      old = GuardrailState.of(detector(guardrail));
    }
    boolean comparable = draft.stable != null || guardrail instanceof ErrorsLimit;
    RateDetector before = (RateDetector) old.detector();
    RateDetector detector = comparable ? before.next(pane) : before;
    boolean evaluated = detector.looks() > before.looks();
    Verdict verdict =
        Traffic.within(version.lastCall, IDLE, draft) ? detector.verdict() : Verdict.NO_DATA;
    long bits = old.recentBreaches();
    Instant since = old.breachSince();
    Instant last = old.lastBreach();
    if (evaluated && verdict != Verdict.NO_DATA) {
      boolean breach = verdict == Verdict.BREACH;
      bits = shifted(bits, breach, guardrail.breaches().of());
      since = breach ? (since == null ? pane.end() : since) : null;
      last = breach ? pane.end() : last;
    }
    Tally tally = detector.mixture().excursion().tally();
    return new GuardrailState(
        verdict,
        detector.evidenceRatio(),
        tally.calls(),
        tally.bad(),
        detector,
        bits,
        since,
        last,
        old.told(),
        "");
  }

  private static RateDetector rates(GuardrailState state) {
    return (RateDetector) state.detector();
  }

  /** Whether an episode of breaches is over: it passed, and did not breach for 10 s. */
  private boolean isOver(GuardrailState state) {
    Instant last = state.lastBreach();
    return last != null
        && state.verdict() == Verdict.PASS
        && !last.plus(EPISODE_END).isAfter(draft.now);
  }

  private static long shifted(long bits, boolean breach, int of) {
    long mask = of == 64 ? -1L : (1L << of) - 1;
    return (bits << 1 | (breach ? 1 : 0)) & mask;
  }

  static RateDetector detector(Guardrail guardrail) {
    if (guardrail instanceof ErrorsLimit limit) {
      return RateLimitDetector.of(limit.max(), limit.alpha());
    }
    return CanaryRateDetector.of(((ErrorsAgainstStable) guardrail).alpha());
  }

  /**
   * What the tripping guardrails together say. A breach of this version alone counts more than one
   * that the stable version shares, since limits differ; both count more than a suspicion.
   */
  Judgement judge(VersionDraft version, Target target) {
    Judgement strongest = Judgement.none(Kind.NO_DATA, calm(version));
    for (Guardrail guardrail : draft.policy.guardrails()) {
      if (guardrail.then() == Then.TRIP) {
        Judgement judgement = judge(guardrail, version, target);
        strongest = weight(judgement) > weight(strongest) ? judgement : strongest;
      }
    }
    return strongest;
  }

  private static int weight(Judgement judgement) {
    return switch (judgement.kind()) {
      case NO_DATA -> 0;
      case PASS -> 1;
      case SUSPECT -> 2;
      case UPSTREAM -> 3;
      case CONFIRMED, NO_SAFE_TARGET -> 4;
    };
  }

  /** Whether no guardrail is in an episode of breaches. */
  private static boolean calm(VersionDraft version) {
    for (GuardrailState state : version.verdicts.values()) {
      if (state.lastBreach() != null) {
        return false;
      }
    }
    return true;
  }

  /** What one guardrail says. */
  Judgement judge(Guardrail guardrail, VersionDraft version, Target target) {
    GuardrailState state = version.verdicts.get(guardrail.name());
    if (state == null || !applies(guardrail, version)) {
      return Judgement.none(Kind.NO_DATA, calm(version));
    }
    int breaches = Long.bitCount(state.recentBreaches());
    if (state.verdict() == Verdict.NO_DATA || breaches == 0) {
      return Judgement.none(
          state.verdict() == Verdict.NO_DATA ? Kind.NO_DATA : Kind.PASS, calm(version));
    }
    Evidence evidence = new Testimony(draft, guardrail, version, rates(state)).evidence();
    Kind kind = Kind.CONFIRMED;
    String why = "";
    if (breaches < guardrail.breaches().needed() || waits(version, state)) {
      kind = Kind.SUSPECT;
    } else {
      String shared = shared(guardrail, version, state);
      if (shared != null) {
        kind = Kind.UPSTREAM;
        why = shared;
      } else if (!target.isSafe()) {
        kind = Kind.NO_SAFE_TARGET;
        why = String.valueOf(target.objection());
      }
    }
    return new Judgement(
        kind,
        evidence,
        isSevere(guardrail, version, evidence),
        guardrail.mayProbe(),
        calm(version),
        why);
  }

  /** Whether the failing share is severe: in the evidence or, when that is long, of late. */
  private boolean isSevere(Guardrail guardrail, VersionDraft version, Evidence evidence) {
    Double severe = guardrail.severe();
    if (severe == null) {
      return false;
    }
    Second late = Traffic.recent(version, draft.now.getEpochSecond() - 1);
    return isAtLeast(severe, evidence.seen(), evidence.bad())
        || isAtLeast(severe, late.calls(), late.errors());
  }

  private static boolean isAtLeast(double share, long calls, long errors) {
    return calls >= RateDetector.MIN_CALLS && errors >= share * calls;
  }

  /**
   * Whether a breach waits for the evidence of others: for the stable version's calls, or, when the
   * stable version breaches, for the canaries' verdicts.
   */
  private boolean waits(VersionDraft version, GuardrailState state) {
    Instant since = state.breachSince();
    if (draft.stable == null || since == null || !draft.now.isBefore(since.plus(LONGEST_WAIT))) {
      return false;
    }
    if (version.version.equals(draft.stable)) {
      return draft.versions.values().stream()
          .anyMatch(other -> other != version && Traffic.within(other.lastCall, IDLE, draft));
    }
    Tally tally = rates(state).mixture().excursion().tally();
    return tally.againstCalls() < RateDetector.MIN_CALLS;
  }

  /** Why the fault is not this version's alone, or null. */
  private @Nullable String shared(Guardrail guardrail, VersionDraft version, GuardrailState state) {
    if (version.version.equals(draft.stable)) {
      return guardrail instanceof ErrorsLimit limit ? sharedByCanary(limit, version, state) : null;
    }
    VersionDraft stable = draft.stable == null ? null : draft.versions.get(draft.stable);
    if (stable == null) {
      return null;
    }
    for (Guardrail other : draft.policy.guardrails()) {
      boolean concerned = guardrail instanceof ErrorsAgainstStable || other.equals(guardrail);
      if (other instanceof ErrorsLimit limit && concerned && isBad(stable, limit, state)) {
        return "the stable version "
            + stable.version
            + " is above its limit too ("
            + limit.name()
            + "): the fault lies upstream of both";
      }
    }
    return null;
  }

  /** The stable version breaches: the fault is shared when a canary is as bad. */
  private @Nullable String sharedByCanary(
      ErrorsLimit limit, VersionDraft stable, GuardrailState evidence) {
    for (VersionDraft other : draft.versions.values()) {
      if (other != stable && isBad(other, limit, evidence)) {
        return "version "
            + other.version
            + " is above the limit of the stable version too ("
            + limit.name()
            + "): the fault lies upstream of both";
      }
    }
    return null;
  }

  /**
   * Whether another version breaches a limit, or fails more than it allows in the time of the
   * evidence, of which the last 10 s count.
   */
  private boolean isBad(VersionDraft other, ErrorsLimit limit, GuardrailState evidence) {
    GuardrailState own = other.verdicts.get(limit.name());
    if (own != null && own.verdict() == Verdict.BREACH) {
      return true;
    }
    Excursion excursion = rates(evidence).mixture().excursion();
    Tally tally = excursion.tally();
    long windowStart = draft.now.getEpochSecond() - Traffic.WINDOW_SECONDS + 1;
    long start =
        excursion.since() == null
            ? windowStart
            : Math.max(windowStart, excursion.since().getEpochSecond());
    if (start > windowStart && tally.againstCalls() > 0) {
      return isAbove(limit, tally.againstCalls(), tally.againstBad());
    }
    Second seen = Traffic.recent(other, start);
    return isAbove(limit, seen.calls(), seen.errors());
  }

  private static boolean isAbove(ErrorsLimit limit, long calls, long errors) {
    return calls >= RateDetector.MIN_CALLS && errors > limit.max() * calls;
  }

  /** Whether a version breaches a limit now. */
  boolean breachesALimit(VersionDraft version) {
    for (Guardrail guardrail : draft.policy.guardrails()) {
      GuardrailState state = version.verdicts.get(guardrail.name());
      if (guardrail instanceof ErrorsLimit && state != null && state.verdict() == Verdict.BREACH) {
        return true;
      }
    }
    return false;
  }
}
