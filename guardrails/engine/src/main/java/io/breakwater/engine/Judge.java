package io.breakwater.engine;

import io.breakwater.engine.ModelState.GuardrailState;
import io.breakwater.engine.ModelState.Second;
import io.breakwater.engine.breaker.Judgement;
import io.breakwater.engine.breaker.Judgement.Kind;
import io.breakwater.engine.breaker.Target;
import io.breakwater.engine.detect.Block;
import io.breakwater.engine.detect.CanaryErrorDetector;
import io.breakwater.engine.detect.ErrorDetector;
import io.breakwater.engine.detect.ErrorLimitDetector;
import io.breakwater.engine.detect.Excursion;
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

  /** An episode of breaches is over below this share of the evidence needed. */
  static final double CALM = 0.5;

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
    ErrorDetector before = old == null ? detector(guardrail) : old.detector();
    boolean comparable = draft.stable != null || guardrail instanceof ErrorsLimit;
    ErrorDetector detector = comparable ? before.next(pane) : before;
    boolean evaluated = detector.mixture().looks() > before.mixture().looks();
    Verdict verdict =
        Traffic.within(version.lastCall, IDLE, draft) ? detector.verdict() : Verdict.NO_DATA;
    long bits = old == null ? 0 : old.recentBreaches();
    Instant breachSince = old == null ? null : old.breachSince();
    if (evaluated && verdict != Verdict.NO_DATA) {
      boolean breach = verdict == Verdict.BREACH;
      bits = shifted(bits, breach, guardrail.breaches().of());
      breachSince = breach ? (breachSince == null ? pane.end() : breachSince) : null;
    }
    Excursion excursion = detector.mixture().excursion();
    return new GuardrailState(
        verdict,
        detector.evidenceRatio(),
        excursion.tally().calls(),
        excursion.tally().errors(),
        detector,
        bits,
        breachSince,
        old != null && old.told());
  }

  private static long shifted(long bits, boolean breach, int of) {
    long mask = of == 64 ? -1L : (1L << of) - 1;
    return (bits << 1 | (breach ? 1 : 0)) & mask;
  }

  static ErrorDetector detector(Guardrail guardrail) {
    if (guardrail instanceof ErrorsLimit limit) {
      return ErrorLimitDetector.of(limit.max(), limit.alpha());
    }
    return CanaryErrorDetector.of(((ErrorsAgainstStable) guardrail).alpha());
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

  /** Whether no guardrail has half of the evidence it needs. */
  boolean calm(VersionDraft version) {
    for (GuardrailState state : version.verdicts.values()) {
      if (state.evidenceRatio() > CALM) {
        return false;
      }
    }
    return true;
  }

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
    Evidence evidence = new Testimony(draft, guardrail, version, state.detector()).evidence();
    Kind kind = Kind.CONFIRMED;
    String why = "";
    if (breaches < guardrail.breaches().needed() || waitsForStable(version, state)) {
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
    return isAtLeast(severe, evidence.calls(), evidence.errors())
        || isAtLeast(severe, late.calls(), late.errors());
  }

  private static boolean isAtLeast(double share, long calls, long errors) {
    return calls >= ErrorDetector.MIN_CALLS && errors >= share * calls;
  }

  private boolean waitsForStable(VersionDraft version, GuardrailState state) {
    Instant since = state.breachSince();
    return draft.stable != null
        && !version.version.equals(draft.stable)
        && state.detector().mixture().excursion().tally().againstCalls() < ErrorDetector.MIN_CALLS
        && since != null
        && draft.now.isBefore(since.plus(LONGEST_WAIT));
  }

  /** Why the fault is not this version's alone, or null. */
  private @Nullable String shared(Guardrail guardrail, VersionDraft version, GuardrailState state) {
    if (version.version.equals(draft.stable)) {
      return sharedByCanary(guardrail, version);
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

  /** The stable version breaches: the fault is shared when another version breaches as well. */
  private @Nullable String sharedByCanary(Guardrail guardrail, VersionDraft stable) {
    for (VersionDraft other : draft.versions.values()) {
      GuardrailState state = other.verdicts.get(guardrail.name());
      if (other != stable && state != null && state.verdict() == Verdict.BREACH) {
        return "version "
            + other.version
            + " is above the same limit: the fault is not one version's";
      }
    }
    return null;
  }

  /**
   * Whether the stable version breaches a limit, or fails more than it allows in the time of the
   * evidence, of which the last 10 s count.
   */
  private boolean isBad(VersionDraft stable, ErrorsLimit limit, GuardrailState evidence) {
    GuardrailState own = stable.verdicts.get(limit.name());
    if (own != null && own.verdict() == Verdict.BREACH) {
      return true;
    }
    Excursion excursion = evidence.detector().mixture().excursion();
    long windowStart = draft.now.getEpochSecond() - Traffic.WINDOW_SECONDS + 1;
    boolean recent = excursion.since() != null && excursion.since().getEpochSecond() >= windowStart;
    Second seen =
        recent
            ? new Second(0, excursion.tally().againstCalls(), excursion.tally().againstErrors(), 0)
            : Traffic.recent(stable, windowStart);
    return seen.calls() >= ErrorDetector.MIN_CALLS && seen.errors() > limit.max() * seen.calls();
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
