package io.breakwater.engine;

import io.breakwater.engine.ModelState.GuardrailState;
import io.breakwater.engine.ModelState.LedgerEntry;
import io.breakwater.engine.breaker.BreakerState;
import io.breakwater.engine.breaker.Situation;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/** How versions become GOOD by themselves, and what is remembered of those that left. */
final class Ledger {
  private static final Duration PROVING_TIME = Duration.ofHours(24);
  private static final long PROVING_CALLS = 10_000;
  private static final int MAX_REMEMBERED = 1_000;

  private Ledger() {}

  /** Counts a pane towards being proven: no guardrail breaches and at least one passes. */
  static void count(Draft draft, VersionDraft version, Duration pane, long calls) {
    boolean passes = version.driftState.passing() > 0;
    if (!version.driftState.raised().isEmpty()) {
      version.passMillis = 0;
      version.passCalls = 0;
      return;
    }
    for (GuardrailState state : version.verdicts.values()) {
      if (state.verdict() == Verdict.BREACH) {
        version.passMillis = 0;
        version.passCalls = 0;
        return;
      }
      passes |= state.verdict() == Verdict.PASS;
    }
    if (!passes || !version.inTraffic()) {
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
