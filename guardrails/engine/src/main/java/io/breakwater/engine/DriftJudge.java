package io.breakwater.engine;

import io.breakwater.engine.ModelState.GuardrailState;
import io.breakwater.engine.breaker.Judgement;
import io.breakwater.engine.breaker.Judgement.Kind;
import io.breakwater.engine.breaker.Target;
import io.breakwater.engine.breaker.Words;
import io.breakwater.engine.detect.CanaryDriftTest;
import io.breakwater.engine.detect.DriftDetector;
import io.breakwater.engine.detect.DriftFinding;
import io.breakwater.engine.policy.Guardrail.Drift;
import io.breakwater.engine.policy.Then;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a breach of a drift guardrail means: the canary changed, or the traffic did.
 *
 * <p>A canary is to blame when the comparison with the stable version rejects too, at the edge and
 * side where its drift shows most. When the stable version left the reference as well, or no
 * difference between the two shows within 30 looks of the breach, the traffic itself changed.
 */
final class DriftJudge {
  /** Without a call for so long, a version's drift says nothing. */
  static final Duration IDLE = Duration.ofSeconds(30);

  private static final long LOOKS_TO_COMPARE = 30;

  private final Draft draft;
  private final VersionDraft version;

  DriftJudge(Draft draft, VersionDraft version) {
    this.draft = draft;
    this.version = version;
  }

  /** The signal of a guardrail with an expanded name. */
  static String signal(String name) {
    return name.substring(0, name.length() - Drift.nameOf("").length());
  }

  /** The rule behind a guardrail in an episode of breaches, or null. */
  @Nullable Drift rule(String name) {
    return DriftReferences.rule(draft.policy, signal(name));
  }

  /** What one guardrail says, by its expanded name. */
  Judgement judge(Drift rule, String name, Target target, boolean calm) {
    GuardrailState state = version.driftState.guardrails().get(name);
    if (state == null
        || !(state.detector() instanceof DriftDetector detector)
        || !detector.isArmed()
        || Long.bitCount(state.recentBreaches()) == 0
        || !Traffic.within(version.lastCall, IDLE, draft)) {
      return Judgement.none(Kind.PASS, calm);
    }
    DriftFinding finding = detector.strongest();
    Evidence evidence = evidence(name, detector, finding);
    Kind kind = Kind.SUSPECT;
    String why = "";
    if (Long.bitCount(state.recentBreaches()) >= rule.breaches().needed()) {
      if (rule.then() == Then.ALERT) {
        kind = Kind.CONFIRMED;
      } else {
        String shared = shared(name);
        if (shared != null) {
          kind = Kind.UPSTREAM;
          why = shared;
        } else if (draft.stable == null || differs(name, detector, finding.side())) {
          kind = target.isSafe() ? Kind.CONFIRMED : Kind.NO_SAFE_TARGET;
          why = target.isSafe() ? "" : String.valueOf(target.objection());
        } else if (hadTime(name, state)) {
          kind = Kind.UPSTREAM;
          why = alike(name);
        }
      }
    }
    return new Judgement(kind, evidence, false, rule.mayProbe(), calm, why);
  }

  /** Why the traffic changed and not this version, or null. */
  private @Nullable String shared(String name) {
    if (version.version.equals(draft.stable)) {
      return "the traffic changed: the stable version "
          + version.version
          + " itself left the reference";
    }
    VersionDraft stable = draft.stable == null ? null : draft.versions.get(draft.stable);
    GuardrailState state = stable == null ? null : stable.driftState.guardrails().get(name);
    if (state == null
        || state.verdict() != Verdict.BREACH
        || !(state.detector() instanceof DriftDetector detector)) {
      return null;
    }
    return "the traffic changed: version "
        + draft.stable
        + " moved too ("
        + detector.strongest().sentence()
        + ")";
  }

  private boolean differs(String name, DriftDetector detector, int side) {
    CanaryDriftTest test = version.driftState.comparisons().get(name);
    return test != null
        && detector.edges().sides() > side
        && test.lnEvidence(side) >= DriftWatch.lnComparison(signal(name));
  }

  private boolean hadTime(String name, GuardrailState state) {
    Instant since = state.breachSince();
    Duration look = DriftWatch.look(signal(name));
    return since != null && !draft.now.isBefore(since.plus(look.multipliedBy(LOOKS_TO_COMPARE)));
  }

  private String alike(String name) {
    CanaryDriftTest test = version.driftState.comparisons().get(name);
    return test == null || test.blocks() == 0
        ? "version "
            + version.version
            + " could not be compared: version "
            + draft.stable
            + " had no rows meanwhile"
        : "the traffic changed: version "
            + version.version
            + " does not differ from version "
            + draft.stable
            + " there";
  }

  private Evidence evidence(String name, DriftDetector detector, DriftFinding finding) {
    Instant since = finding.since() == null ? draft.now : finding.since();
    Instant until = finding.until() == null ? draft.now : finding.until();
    CanaryDriftTest test = version.driftState.comparisons().get(name);
    String compared =
        test == null || test.blocks() == 0
            ? ""
            : "; version "
                + draft.stable
                + " has "
                + Words.percent(test.againstShare(detector.edges(), finding.side()));
    return new Evidence(
        name,
        signal(name),
        version.version,
        test == null ? null : draft.stable,
        since,
        until,
        Evidence.ROWS,
        finding.what(),
        finding.seen(),
        finding.bad(),
        0,
        0,
        finding.normal(),
        detector.lnEvidence(),
        detector.lnThreshold(),
        Map.of(),
        finding.sentence()
            + compared
            + "; within "
            + Words.seconds(Duration.between(since, until)));
  }
}
