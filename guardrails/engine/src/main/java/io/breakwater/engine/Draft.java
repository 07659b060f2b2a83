package io.breakwater.engine;

import io.breakwater.engine.ModelState.InstanceState;
import io.breakwater.engine.ModelState.LedgerEntry;
import io.breakwater.engine.ModelState.VersionState;
import io.breakwater.engine.breaker.Situation;
import io.breakwater.engine.policy.ModelPolicy;
import io.breakwater.engine.reference.References;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The next state while one step is being made; never leaves it. */
final class Draft {
  private static final DateTimeFormatter ID_TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);
  private static final Pattern NOT_URL_SAFE = Pattern.compile("[^A-Za-z0-9._~-]");

  final Instant now;

  /** The time of the event before. */
  final Instant before;

  ModelPolicy policy;
  @Nullable String stable;
  final Map<String, VersionDraft> versions = new TreeMap<>();
  final Map<String, InstanceState> instances;
  final Set<Finding> findings = EnumSet.noneOf(Finding.class);
  final Map<String, LedgerEntry> ledger;
  Instant watchingSince;
  @Nullable Instant lastCall;
  @Nullable String incarnation;
  Map<String, Double> targetShares;
  References references;
  BaselineWindow stableDurations;
  @Nullable String refusal;
  final List<Action> actions = new ArrayList<>();
  private long decisions;
  private final List<DecisionRecord> records = new ArrayList<>();

  Draft(ModelState state, Instant at) {
    before = state.now();
    now = at.isBefore(state.now()) ? state.now() : at;
    policy = state.policy();
    stable = state.stable();
    state.versions().forEach((name, version) -> versions.put(name, new VersionDraft(version)));
    instances = new TreeMap<>(state.instances());
    findings.addAll(state.findings());
    ledger = new TreeMap<>(state.ledger());
    watchingSince = state.watchingSince();
    lastCall = state.lastCall();
    decisions = state.decisions();
    incarnation = state.incarnation();
    targetShares = state.targetShares();
    references = state.references();
    stableDurations = state.stableDurations();
  }

  /** Id for a decision about a version or, when null, the whole model. */
  String freshDecision(@Nullable String version) {
    return ID_TIME.format(now)
        + "-"
        + urlSafe(policy.model())
        + "-"
        + (version == null ? "" : urlSafe(version) + "-")
        + (decisions + 1);
  }

  private static String urlSafe(String name) {
    return NOT_URL_SAFE.matcher(name).replaceAll("_");
  }

  /** Files a record; the id of a fresh decision is used up by it. */
  void tell(DecisionRecord record) {
    if (record.decision().equals(freshDecision(record.version()))) {
      decisions++;
    }
    records.add(record);
  }

  /** Files a record about the whole model, by the engine itself. */
  void tell(DecisionRecord.Kind kind, String from, String to, String reason) {
    tell(
        new DecisionRecord(
            freshDecision(null),
            kind,
            now,
            policy.model(),
            null,
            from,
            to,
            reason,
            Situation.AUTOMATIC,
            null,
            null,
            policy.digest()));
  }

  Step step() {
    Map<String, VersionState> states = new TreeMap<>();
    versions.forEach((name, version) -> states.put(name, version.state()));
    ModelState next =
        new ModelState(
            policy,
            now,
            stable,
            states,
            instances,
            findings,
            ledger,
            watchingSince,
            lastCall,
            decisions,
            incarnation,
            targetShares,
            references,
            stableDurations);
    return new Step(next, actions, records, refusal);
  }
}
