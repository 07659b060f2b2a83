package io.breakwater.engine;

import io.breakwater.engine.ModelState.DriftState;
import io.breakwater.engine.ModelState.GuardrailState;
import io.breakwater.engine.ModelState.Second;
import io.breakwater.engine.ModelState.VersionState;
import io.breakwater.engine.backend.TrafficShift;
import io.breakwater.engine.breaker.BreakerState;
import io.breakwater.signals.HistogramSnapshot;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A version's next state while one step is being made; never leaves it. */
final class VersionDraft {
  final String version;
  BreakerState breaker;
  Standing standing;
  double share;
  @Nullable Instant lastCall;
  final Map<String, GuardrailState> verdicts;
  List<Second> recent;
  final Instant firstCall;
  List<Instant> trips;
  final Set<Finding> told = EnumSet.noneOf(Finding.class);
  long passMillis;
  long passCalls;
  @Nullable String lastShift;
  @Nullable TrafficShift restoring;
  DriftState driftState;
  HistogramSnapshot durations;
  @Nullable String trippedBy;

  /** A version that has its first live call. */
  VersionDraft(String version, BreakerState breaker, Standing standing, Instant firstCall) {
    this.version = version;
    this.breaker = breaker;
    this.standing = standing;
    this.firstCall = firstCall;
    verdicts = new TreeMap<>();
    recent = List.of();
    trips = List.of();
    driftState = DriftState.NONE;
    durations = Latency.NONE;
  }

  VersionDraft(VersionState state) {
    version = state.version();
    breaker = state.breaker();
    standing = state.standing();
    share = state.share();
    lastCall = state.lastCall();
    verdicts = new TreeMap<>(state.verdicts());
    recent = state.recent();
    firstCall = state.firstCall();
    trips = state.trips();
    told.addAll(state.told());
    passMillis = state.passMillis();
    passCalls = state.passCalls();
    lastShift = state.lastShift();
    restoring = state.restoring();
    driftState = state.driftState();
    durations = state.durations();
    trippedBy = state.trippedBy();
  }

  VersionState state() {
    return new VersionState(
        version,
        breaker,
        standing,
        share,
        lastCall,
        verdicts,
        recent,
        firstCall,
        trips,
        told,
        passMillis,
        passCalls,
        lastShift,
        restoring,
        driftState,
        durations,
        trippedBy);
  }

  /** The version with one drift guardrail as if it had seen nothing. */
  static VersionState withoutDriftEvidence(VersionState version, String guardrail) {
    VersionDraft draft = new VersionDraft(version);
    draft.driftState = draft.driftState.without(guardrail);
    return draft.state();
  }

  /** Whether the version serves by the engine's leave. */
  boolean inTraffic() {
    return inTraffic(breaker);
  }

  static boolean inTraffic(BreakerState breaker) {
    return breaker instanceof BreakerState.Closed
        || breaker instanceof BreakerState.Observing
        || breaker instanceof BreakerState.Suspect
        || breaker instanceof BreakerState.ForcedClosed
        || breaker instanceof BreakerState.Disabled;
  }

  /**
   * Tests start afresh. The durations stay: they are no test but what people read, and say "since
   * its first warm call" whatever happened to the evidence.
   */
  void forgetDrift() {
    driftState = DriftState.NONE;
  }

  void forgetEvidence() {
    verdicts.clear();
    driftState = DriftState.NONE;
    told.clear();
    passMillis = 0;
    passCalls = 0;
  }
}
