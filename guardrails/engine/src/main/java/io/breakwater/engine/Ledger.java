package io.breakwater.engine;

import io.breakwater.engine.ModelState.DriftState;
import io.breakwater.engine.ModelState.GuardrailState;
import io.breakwater.engine.ModelState.LedgerEntry;
import io.breakwater.engine.ModelState.VersionState;
import io.breakwater.engine.breaker.BreakerState;
import io.breakwater.engine.breaker.Situation;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How versions become GOOD by themselves, and what is remembered of those that left. */
final class Ledger {
  private static final Duration PROVING_TIME = Duration.ofHours(24);
  private static final long PROVING_CALLS = 10_000;
  private static final int MAX_REMEMBERED = 1_000;

  private Ledger() {}

  /** Counts a pane towards being proven: no guardrail breaches and at least one passes. */
  static void count(Draft draft, VersionDraft version, Duration pane, long calls) {
    Verdict verdict = together(version.driftState, version.verdicts.values());
    if (verdict == Verdict.BREACH) {
      version.passMillis = 0;
      version.passCalls = 0;
    }
    if (verdict != Verdict.PASS || !version.inTraffic()) {
      return;
    }
    version.passMillis += pane.toMillis();
    version.passCalls += calls;
    boolean proven =
        version.passMillis >= PROVING_TIME.toMillis() && version.passCalls >= PROVING_CALLS;
    if (proven && version.standing != Standing.GOOD) {
      prove(draft, version);
    }
  }

  /** When a version will be proven by the passing of time alone; null when it will not. */
  static @Nullable Instant provenAt(ModelState state, VersionState version) {
    boolean proving =
        version.standing() != Standing.GOOD
            && version.passCalls() >= PROVING_CALLS
            && VersionDraft.inTraffic(version.breaker())
            && together(version.driftState(), version.verdicts().values()) == Verdict.PASS;
    return proving ? state.now().plus(PROVING_TIME).minusMillis(version.passMillis()) : null;
  }

  private static Verdict together(DriftState drift, Collection<GuardrailState> rates) {
    if (!drift.raised().isEmpty()) {
      return Verdict.BREACH;
    }
    boolean passes = drift.passing() > 0;
    for (GuardrailState state : rates) {
      if (state.verdict() == Verdict.BREACH) {
        return Verdict.BREACH;
      }
      passes |= state.verdict() == Verdict.PASS;
    }
    return passes ? Verdict.PASS : Verdict.NO_DATA;
  }

  private static void prove(Draft draft, VersionDraft version) {
    BreakerState breaker = version.breaker;
    draft.tell(
        new DecisionRecord(
            draft.freshDecision(version.version),
            DecisionRecord.Kind.PROVEN,
            draft.now,
            draft.policy.model(),
            version.version,
            breaker.name(),
            breaker.name(),
            "GOOD after "
                + PROVING_TIME.toHours()
                + " h and "
                + version.passCalls
                + " calls without a breach",
            Situation.AUTOMATIC,
            null,
            null,
            draft.policy.digest()));
    version.standing = Standing.GOOD;
    if (draft.policy.stable() == null) {
      Breakers.makeStable(draft, version);
    }
  }

  /** Keeps the standing of a version that is not served any more. */
  static void remember(Draft draft, VersionDraft version) {
    if (version.standing == Standing.UNKNOWN) {
      return;
    }
    draft.ledger.put(version.version, new LedgerEntry(version.standing, draft.now));
    while (draft.ledger.size() > MAX_REMEMBERED) {
      draft.ledger.remove(oldest(draft.ledger));
    }
  }

  private static String oldest(Map<String, LedgerEntry> ledger) {
    String oldest = "";
    Instant since = Instant.MAX;
    for (Map.Entry<String, LedgerEntry> entry : ledger.entrySet()) {
      if (entry.getValue().since().isBefore(since)) {
        oldest = entry.getKey();
        since = entry.getValue().since();
      }
    }
    return oldest;
  }
}
