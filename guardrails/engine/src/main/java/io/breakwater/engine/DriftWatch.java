package io.breakwater.engine;

import io.breakwater.engine.ModelState.DriftState;
import io.breakwater.engine.ModelState.GuardrailState;
import io.breakwater.engine.Pane.Reading;
import io.breakwater.engine.breaker.BreakerState;
import io.breakwater.engine.detect.CanaryDriftTest;
import io.breakwater.engine.detect.DriftDetector;
import io.breakwater.engine.policy.Guardrail.Drift;
import io.breakwater.engine.reference.Reference;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Feeds the readings of a pane to references, drift detectors and comparisons with stable. */
final class DriftWatch {
  /** Looks a day at scores and classes, which come every second. */
  static final double FAST_LOOKS_PER_DAY = 86_400;

  /** Looks a day at most at features, of which one is due 9 s after the last. */
  static final double SLOW_LOOKS_PER_DAY = 9_600;

  private static final Duration FAST_LOOK = Duration.ofSeconds(1);
  private static final Duration SLOW_LOOK = Duration.ofSeconds(10);

  /** Probability of a false rejection per canary-day in the comparison with stable. */
  private static final double COMPARISON_ALPHA = 1e-4;

  /** How long after its last breach an episode of breaches is over. */
  private static final Duration EPISODE_END = Duration.ofSeconds(60);

  private final Draft draft;
  private final Pane pane;
  private final DriftReferences references;
  private final Map<String, Map<String, Distribution>> readings = new TreeMap<>();

  DriftWatch(Draft draft, Pane pane) {
    this.draft = draft;
    this.pane = pane;
    this.references = new DriftReferences(draft);
  }

  void look() {
    for (Reading reading : pane.readings()) {
      readings
          .computeIfAbsent(reading.signal(), signal -> new HashMap<>())
          .put(reading.version(), reading.values());
    }
    readings.keySet().removeIf(signal -> DriftReferences.rule(draft.policy, signal) == null);
    if (readings.isEmpty()) {
      return;
    }
    int armed = 0;
    for (VersionDraft version : draft.versions.values()) {
      armed += version.driftState.armed();
    }
    for (VersionDraft version : draft.versions.values()) {
      if (!(version.breaker instanceof BreakerState.Disabled)) {
        look(version, Math.max(1, armed));
      }
    }
    // After the looks: a reference judges only what came after it.
    references.gather(pane);
  }

  private void look(VersionDraft version, int armed) {
    Map<String, GuardrailState> states = null;
    Map<String, CanaryDriftTest> tests = null;
    for (Map.Entry<String, Map<String, Distribution>> entry : readings.entrySet()) {
      String signal = entry.getKey();
      String name = Drift.nameOf(signal);
      Distribution own = entry.getValue().get(version.version);
      Distribution stable = draft.stable == null ? null : entry.getValue().get(draft.stable);
      if (own == null && (stable == null || !version.driftState.comparisons().containsKey(name))) {
        continue;
      }
      states = states == null ? new TreeMap<>(version.driftState.guardrails()) : states;
      tests = tests == null ? new TreeMap<>(version.driftState.comparisons()) : tests;
      GuardrailState old = states.get(name);
      GuardrailState next = old;
      if (own != null) {
        next = looked(version, signal, old, own, armed);
        states.put(name, next);
      }
      compare(version, signal, name, tests, next, own, stable);
    }
    if (states != null && tests != null) {
      version.driftState = DriftState.of(states, tests);
    }
  }

  private GuardrailState looked(
      VersionDraft version,
      String signal,
      @Nullable GuardrailState known,
      Distribution look,
      int armed) {
    Drift rule = DriftReferences.rule(draft.policy, signal);
    Reference reference = references.reference(version.version, signal);
    String objection = references.objection(version.version, signal);
    GuardrailState old =
        known == null || isOver(known) ? GuardrailState.of(DriftDetector.UNARMED) : known;
    if (rule == null || reference == null || !objection.isEmpty()) {
      return noData(old, DriftDetector.UNARMED, objection);
    }
    double lnThreshold = Math.log(looksPerDay(signal) / draft.policy.driftAlarmsPerDay() * armed);
    DriftDetector before = (DriftDetector) old.detector();
    if (before.edges().edges().isEmpty() || before.needsOtherEdges(reference, look)) {
      before = DriftDetector.of(reference, look, rule.tolerance(), lnThreshold);
      old = GuardrailState.of(before);
    }
    DriftDetector detector =
        before.withThreshold(lnThreshold).next(look, pane.end().minus(look(signal)), pane.end());
    if (!detector.blindness().isEmpty()) {
      return noData(old, detector, DriftState.UNGUARDED + detector.blindness());
    }
    double lnEvidence = detector.lnEvidence();
    Verdict verdict = detector.verdict(lnEvidence);
    boolean breach = verdict == Verdict.BREACH;
    int side = detector.strongestSide();
    return new GuardrailState(
        verdict,
        lnEvidence / detector.lnThreshold(),
        detector.seen(side),
        detector.bad(side),
        detector,
        verdict == Verdict.NO_DATA
            ? old.recentBreaches()
            : Judge.shifted(old.recentBreaches(), breach, rule.breaches().of()),
        breach ? (old.breachSince() == null ? draft.now : old.breachSince()) : null,
        breach ? draft.now : old.lastBreach(),
        old.told(),
        verdict == Verdict.NO_DATA ? few(detector) : "");
  }

  private static String few(DriftDetector detector) {
    return detector.rows() + " of " + DriftDetector.MIN_ROWS + " rows since the reference is armed";
  }

  private static GuardrailState noData(GuardrailState old, DriftDetector detector, String note) {
    return new GuardrailState(Verdict.NO_DATA, 0, 0, 0, detector, 0, null, null, old.told(), note);
  }

  /** Whether an episode of breaches is over: it passed, and did not breach for a minute. */
  private boolean isOver(GuardrailState state) {
    Instant last = state.lastBreach();
    return last != null
        && state.verdict() == Verdict.PASS
        && !last.plus(EPISODE_END).isAfter(draft.now);
  }

  private static double looksPerDay(String signal) {
    return isFast(signal) ? FAST_LOOKS_PER_DAY : SLOW_LOOKS_PER_DAY;
  }

  /** Whether a signal is looked at every second. */
  static boolean isFast(String signal) {
    return signal.equals("class") || signal.equals("score") || signal.startsWith("score:");
  }

  /** Time that a look at a signal covers. */
  static Duration look(String signal) {
    return isFast(signal) ? FAST_LOOK : SLOW_LOOK;
  }

  /** Natural logarithm of the value at which the comparison with stable rejects. */
  static double lnComparison(String signal) {
    return Math.log(looksPerDay(signal) / COMPARISON_ALPHA);
  }

  private void compare(
      VersionDraft version,
      String signal,
      String name,
      Map<String, CanaryDriftTest> tests,
      @Nullable GuardrailState after,
      @Nullable Distribution own,
      @Nullable Distribution stable) {
    DriftDetector detector =
        after != null && after.detector() instanceof DriftDetector drift ? drift : null;
    boolean canary = draft.stable != null && !version.version.equals(draft.stable);
    if (!canary || detector == null || !detector.isArmed()) {
      tests.remove(name);
      return;
    }
    CanaryDriftTest test = tests.get(name);
    boolean rearmed = own != null && detector.looks() == 1;
    if (test == null || rearmed) {
      test = CanaryDriftTest.of(detector.edges());
    }
    tests.put(name, test.next(detector.edges(), own, stable, lnComparison(signal)));
  }
}
