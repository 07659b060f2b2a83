package io.breakwater.engine;

import io.breakwater.engine.ModelState.GuardrailState;
import io.breakwater.engine.ModelState.Second;
import io.breakwater.engine.breaker.Judgement;
import io.breakwater.engine.breaker.Judgement.Kind;
import io.breakwater.engine.breaker.Target;
import io.breakwater.engine.detect.Block;
import io.breakwater.engine.detect.CanaryRateDetector;
import io.breakwater.engine.detect.RateDetector;
import io.breakwater.engine.detect.RateLimitDetector;
import io.breakwater.engine.detect.Tally;
import io.breakwater.engine.policy.Guardrail;
import io.breakwater.engine.policy.Guardrail.Drift;
import io.breakwater.engine.policy.Guardrail.DurationLimit;
import io.breakwater.engine.policy.Guardrail.ErrorsAgainstStable;
import io.breakwater.engine.policy.Guardrail.ErrorsLimit;
import io.breakwater.engine.policy.Guardrail.SlowerThanStable;
import io.breakwater.engine.policy.Then;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** From evidence to verdicts, and from the verdicts of a version to one judgement. */
final class Judge {
  /** A version without a call for so long has no verdict but NO_DATA. */
  static final Duration IDLE = Duration.ofSeconds(10);

  /** How long a breach waits for the stable version's calls. */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

  /** How long after its last breach an episode of breaches is over. */
  private static final Duration EPISODE_END = Duration.ofSeconds(10);

  private final Draft draft;

  Judge(Draft draft) {
    this.draft = draft;
  }

  /**
   * Whether a guardrail on a rate applies to a version: the stable one is judged by limits only.
   */
  private boolean applies(Guardrail guardrail, VersionDraft version) {
    return !(guardrail instanceof Drift)
        && !(guardrail.againstStable() && version.version.equals(draft.stable));
  }

  /** Feeds one pane to the detectors of a version. */
  void look(VersionDraft version, Pane pane, PaneCounts counts) {
    for (Guardrail guardrail : draft.policy.guardrails()) {
      if (applies(guardrail, version)) {
        Tally tally = counts.of(guardrail, version);
        Block block = tally == null ? null : new Block(pane.start(), pane.end(), tally);
        version.verdicts.put(guardrail.name(), looked(guardrail, version, block));
      }
    }
  }

  /**
   * How a guardrail stands after one more pane.
   *
   * @param pane null while it cannot be judged
   */
  private GuardrailState looked(Guardrail guardrail, VersionDraft version, @Nullable Block pane) {
    GuardrailState old = version.verdicts.get(guardrail.name());
    if (old == null || isOver(old)) {
      old = GuardrailState.of(detector(guardrail));
    }
    boolean comparable = draft.stable != null || !guardrail.againstStable();
    RateDetector before = rates(old);
    RateDetector detector = comparable && pane != null ? before.next(pane) : before;
    boolean evaluated = detector.looks() > before.looks();
    double lnEvidence = detector.lnEvidence();
    Verdict verdict =
        Traffic.within(version.lastCall, IDLE, draft)
            ? detector.verdict(lnEvidence)
            : Verdict.NO_DATA;
    if (verdict == Verdict.PASS && Latency.isUnguarded(draft, guardrail, version)) {
      verdict = Verdict.NO_DATA;
    }
    long bits = old.recentBreaches();
    Instant since = old.breachSince();
    Instant last = old.lastBreach();
    if (evaluated && verdict != Verdict.NO_DATA) {
      boolean breach = verdict == Verdict.BREACH;
      bits = shifted(bits, breach, guardrail.breaches().of());
      since = breach ? (since == null ? draft.now : since) : null;
      last = breach ? draft.now : last;
    }
    Tally tally = detector.mixture().excursion().tally();
    return new GuardrailState(
        verdict,
        lnEvidence / detector.lnThreshold(),
        tally.calls(),
        tally.bad(),
        detector,
        bits,
        since,
        last,
        old.told(),
        verdict == Verdict.NO_DATA ? Latency.note(draft, guardrail, version) : "");
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

  static long shifted(long bits, boolean breach, int of) {
    long mask = of == 64 ? -1L : (1L << of) - 1;
    return (bits << 1 | (breach ? 1 : 0)) & mask;
  }

  private static RateDetector detector(Guardrail guardrail) {
    if (guardrail instanceof ErrorsAgainstStable errors) {
      return CanaryRateDetector.of(errors.alpha());
    }
    if (guardrail instanceof ErrorsLimit limit) {
      return RateLimitDetector.of(limit.max(), limit.alpha());
    }
    if (guardrail instanceof SlowerThanStable slower) {
      return CanaryRateDetector.tempered(slower.alpha());
    }
    if (guardrail instanceof DurationLimit limit) {
      return RateLimitDetector.of(1 - limit.quantile(), limit.alpha());
    }
    throw new IllegalArgumentException(guardrail.name() + " (expected: a guardrail on a rate)");
  }

  /**
   * What the tripping guardrails together say. A breach of this version alone counts more than one
   * that the stable version shares or that one instance causes, since limits differ; all of them
   * count more than a suspicion.
   */
  Judgement judge(VersionDraft version, Target target) {
    Judgement strongest = Judgement.none(Kind.NO_DATA, calm(version));
    for (Guardrail guardrail : draft.policy.guardrails()) {
      if (guardrail.then() == Then.TRIP) {
        Judgement judgement = judge(guardrail, version, target);
        strongest = weight(judgement) > weight(strongest) ? judgement : strongest;
      }
    }
    return drift(version, target, strongest);
  }

  /** The same with the drift guardrails, of which only those that breach are looked at. */
  private Judgement drift(VersionDraft version, Target target, Judgement others) {
    Judgement strongest = others;
    if (strongest.kind() == Kind.NO_DATA
        && version.driftState.passing() > 0
        && Traffic.within(version.lastCall, IDLE, draft)) {
      strongest = Judgement.none(Kind.PASS, others.calm());
    }
    DriftJudge drift = new DriftJudge(draft, version);
    for (String name : version.driftState.raised()) {
      Drift rule = drift.rule(name);
      if (rule != null && rule.then() == Then.TRIP) {
        Judgement judgement = drift.judge(rule, name, target, false);
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
      case UPSTREAM, INSTANCE -> 3;
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
    return version.driftState.raised().isEmpty();
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
    Culprit culprit = culprit(rates(state));
    if (breaches < guardrail.breaches().needed() || waits(version, state, culprit)) {
      kind = Kind.SUSPECT;
    } else {
      String shared = new Upstream(draft).shared(guardrail, version, rates(state));
      if (shared != null) {
        kind = Kind.UPSTREAM;
        why = shared;
      } else if (culprit != null && culprit.isCertain()) {
        kind = Kind.INSTANCE;
        why = culprit.sentence(evidence.what(), version.version);
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

  private static @Nullable Culprit culprit(RateDetector detector) {
    Tally tally = detector.mixture().excursion().tally();
    boolean compared = detector instanceof CanaryRateDetector;
    double normal =
        compared ? Math.max(detector.baseline(), tally.againstBadShare()) : detector.baseline();
    return Culprit.of(tally, normal);
  }

  /** Whether the bad share is severe: in the evidence or, when that is long, of late. */
  private boolean isSevere(Guardrail guardrail, VersionDraft version, Evidence evidence) {
    Double severe = guardrail.severe();
    if (severe == null) {
      return false;
    }
    Second late = Traffic.recent(version, draft.now.getEpochSecond() - 1);
    return isAtLeast(severe, evidence.seen(), evidence.bad())
        || isAtLeast(severe, Traffic.calls(late, guardrail), Traffic.bad(late, guardrail));
  }

  private static boolean isAtLeast(double share, long calls, long bad) {
    return calls >= RateDetector.MIN_CALLS && bad >= share * calls;
  }

  /**
   * Whether a breach waits for the evidence of others: for the stable version's calls; when the
   * stable version breaches, for the canaries' verdicts; and where one instance seems to be to
   * blame, for enough calls to tell.
   */
  private boolean waits(VersionDraft version, GuardrailState state, @Nullable Culprit culprit) {
    Instant since = state.breachSince();
    if (since == null || !draft.now.isBefore(since.plus(LONGEST_WAIT))) {
      return false;
    }
    if (culprit != null && !culprit.isCertain()) {
      return true;
    }
    if (draft.stable == null) {
      return false;
    }
    if (version.version.equals(draft.stable)) {
      return draft.versions.values().stream()
          .anyMatch(other -> other != version && Traffic.within(other.lastCall, IDLE, draft));
    }
    Tally tally = rates(state).mixture().excursion().tally();
    return tally.againstCalls() < RateDetector.MIN_CALLS;
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
