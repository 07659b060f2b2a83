package io.breakwater.engine;

import io.breakwater.engine.DecisionRecord.Kind;
import io.breakwater.engine.ModelState.GuardrailState;
import io.breakwater.engine.breaker.BreakerState;
import io.breakwater.engine.breaker.Judgement;
import io.breakwater.engine.breaker.Situation;
import io.breakwater.engine.breaker.Stimulus;
import io.breakwater.engine.breaker.Target;
import io.breakwater.engine.detect.Tally;
import io.breakwater.engine.policy.Guardrail;
import io.breakwater.engine.policy.Then;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One pane: traffic is counted, evidence grows, breakers move. */
final class Watch {
  /** So many of the features that drift at the same time are named. */
  private static final int MOST_NAMED = 5;

  private final Draft draft;
  private final Pane pane;
  private final Judge judge;
  private final PaneCounts counts;

  Watch(Draft draft, Pane pane) {
    this.draft = draft;
    this.pane = pane;
    this.judge = new Judge(draft);
    this.counts = new PaneCounts(draft, pane);
  }

  void look() {
    makeUpForPanesLeftOut();
    Traffic.count(draft, pane);
    counts.remember();
    for (VersionDraft version : draft.versions.values()) {
      if (!(version.breaker instanceof BreakerState.Disabled)) {
        judge.look(version, pane, counts);
      }
    }
    new DriftWatch(draft, pane).look();
    for (VersionDraft version : versions()) {
      move(version);
      alert(version);
      Ledger.count(
          draft,
          version,
          Duration.between(pane.start(), pane.end()),
          counts.errors(version).calls());
    }
    for (VersionDraft version : versions()) {
      if (Traffic.gone(draft, version)) {
        Breakers.apply(draft, version, new Stimulus.Left());
      }
    }
    Findings.update(draft);
  }

  /** Nothing came in them and nothing was due ({@link Rest}); only the time that passed counts. */
  private void makeUpForPanesLeftOut() {
    if (draft.before.isBefore(pane.start())) {
      Duration leftOut = Duration.between(draft.before, pane.start());
      versions().forEach(version -> Ledger.count(draft, version, leftOut, 0));
    }
  }

  /** A copy: versions may leave. */
  private List<VersionDraft> versions() {
    return new ArrayList<>(draft.versions.values());
  }

  private void move(VersionDraft version) {
    Target target = SafeTarget.of(draft, version);
    Judgement judgement = judge.judge(version, target);
    if (version.told.contains(Finding.UPSTREAM) && blamesTheVersionAlone(judgement)) {
      // The shared fault is over: only what the version does from now on speaks against it.
      version.forgetEvidence();
      judgement = Judgement.none(Judgement.Kind.NO_DATA, true);
    }
    Guardrail by = outForLatency(version);
    Stimulus.Looked look =
        new Stimulus.Looked(
            pane.start(),
            pane.end(),
            counts.errors(version),
            counts.modelCalls,
            Traffic.flush(version),
            judgement,
            by == null ? counts.errors(version) : slow(by, version),
            by == null ? "failed" : Latency.what(draft, by));
    Breakers.apply(draft, version, look, target);
    remember(version, judgement);
  }

  private Tally slow(Guardrail guardrail, VersionDraft version) {
    Tally slow = counts.of(guardrail, version);
    return slow == null ? Tally.NONE : slow;
  }

  /** The guardrail on latency that took the version out, or null. */
  private @Nullable Guardrail outForLatency(VersionDraft version) {
    for (Guardrail guardrail : draft.policy.guardrails()) {
      if (guardrail.name().equals(version.trippedBy)
          && guardrail.signal().equals(Guardrail.DURATION)) {
        return guardrail;
      }
    }
    return null;
  }

  private static boolean blamesTheVersionAlone(Judgement judgement) {
    return judgement.kind() == Judgement.Kind.CONFIRMED
        || judgement.kind() == Judgement.Kind.NO_SAFE_TARGET;
  }

  private static void remember(VersionDraft version, Judgement judgement) {
    if (judgement.kind() == Judgement.Kind.UPSTREAM) {
      version.told.add(Finding.UPSTREAM);
    } else if (judgement.kind() == Judgement.Kind.INSTANCE) {
      version.told.add(Finding.INSTANCE);
    } else if (judgement.kind() == Judgement.Kind.NO_SAFE_TARGET) {
      version.told.add(Finding.NO_SAFE_TARGET);
    } else if (judgement.calm()) {
      version.told.clear();
    }
  }

  /** Tells people once per episode of a guardrail that only alerts. */
  private void alert(VersionDraft version) {
    for (Guardrail guardrail : draft.policy.guardrails()) {
      GuardrailState state = version.verdicts.get(guardrail.name());
      if (guardrail.then() != Then.ALERT || state == null) {
        continue;
      }
      Judgement judgement = judge.judge(guardrail, version, Target.safe(version.version));
      boolean breach =
          Judgement.Kind.CONFIRMED == judgement.kind()
              || Judgement.Kind.UPSTREAM == judgement.kind()
              || Judgement.Kind.INSTANCE == judgement.kind();
      if (breach && !state.told()) {
        version.verdicts.put(guardrail.name(), state.wasTold());
        draft.tell(breached(version, guardrail.name(), judgement, List.of()));
      }
    }
    alertOfDrift(version);
  }

  /** Tells once of all that begin to drift in one pane: related features move together. */
  private void alertOfDrift(VersionDraft version) {
    DriftJudge drift = new DriftJudge(draft, version);
    Judgement strongest = null;
    List<String> others = new ArrayList<>();
    for (String name : List.copyOf(version.driftState.raised())) {
      Guardrail.Drift rule = drift.rule(name);
      GuardrailState state = version.driftState.guardrails().get(name);
      if (rule == null || rule.then() != Then.ALERT || state == null || state.told()) {
        continue;
      }
      Judgement judgement = drift.judge(rule, name, Target.safe(version.version), false);
      if (judgement.kind() == Judgement.Kind.CONFIRMED) {
        version.driftState = version.driftState.with(name, state.wasTold());
        others.add(name);
        strongest = lead(judgement) > lead(strongest) ? judgement : strongest;
      }
    }
    if (strongest != null && strongest.evidence() != null) {
      others.remove(strongest.evidence().guardrail());
      draft.tell(breached(version, strongest.evidence().guardrail(), strongest, others));
    }
  }

  /** By how much evidence exceeds its threshold, on the log scale. */
  private static double lead(@Nullable Judgement judgement) {
    Evidence evidence = judgement == null ? null : judgement.evidence();
    return evidence == null
        ? Double.NEGATIVE_INFINITY
        : evidence.logEvidence() - evidence.logThreshold();
  }

  private static String alsoDrift(List<String> others) {
    if (others.isEmpty()) {
      return "";
    }
    int named = Math.min(MOST_NAMED, others.size());
    String rest = others.size() > named ? " and " + (others.size() - named) + " more" : "";
    return "; at the same time: " + String.join(", ", others.subList(0, named)) + rest;
  }

  private DecisionRecord breached(
      VersionDraft version, String guardrail, Judgement judgement, List<String> others) {
    Evidence evidence = judgement.evidence();
    boolean instance = judgement.kind() == Judgement.Kind.INSTANCE;
    return new DecisionRecord(
        draft.freshDecision(version.version),
        instance ? Kind.INSTANCE : Kind.BREACHED,
        draft.now,
        draft.policy.model(),
        version.version,
        version.breaker.name(),
        version.breaker.name(),
        guardrail
            + ": "
            + (instance ? judgement.why() + "; " : "")
            + (evidence == null ? "" : evidence.sentence())
            + alsoDrift(others),
        Situation.AUTOMATIC,
        evidence,
        null,
        draft.policy.digest());
  }
}
