package io.breakwater.engine;

import static java.util.Objects.requireNonNull;

import io.breakwater.engine.backend.TrafficShift;
import io.breakwater.engine.breaker.BreakerState;
import io.breakwater.engine.detect.CanaryDriftTest;
import io.breakwater.engine.detect.Detector;
import io.breakwater.engine.detect.DriftDetector;
import io.breakwater.engine.policy.Guardrail;
import io.breakwater.engine.policy.ModelPolicy;
import io.breakwater.engine.policy.ReferenceSource;
import io.breakwater.engine.policy.WarmUp;
import io.breakwater.engine.reference.GatheredReferences;
import io.breakwater.engine.reference.Progress;
import io.breakwater.engine.reference.Reference;
import io.breakwater.engine.reference.ReferenceGatherer;
import io.breakwater.engine.reference.ReferenceSet;
import io.breakwater.engine.reference.References;
import io.breakwater.signals.HistogramSnapshot;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * All the engine knows of one model; a value. Maps and sets are sorted, so that equal states read
 * the same.
 *
 * @param policy the configuration in force
 * @param now time of the last event
 * @param stable the version traffic goes back to, or null when none is known
 * @param versions by version
 * @param instances by {@code service.instance.id}
 * @param findings what is noteworthy now
 * @param ledger what is remembered of versions that are not served any more
 * @param watchingSince since when silence means something: the start, or the last resumption
 * @param lastCall end of the last pane with a live call of any version, or null
 * @param decisions how many decisions were made
 * @param incarnation the target's incarnation as last read, or null
 * @param targetShares share of traffic per version as last read from the target, 0..1
 * @param references what is known to be normal
 * @param stableDurations of the stable version, where thresholds of latency come from
 */
public record ModelState(
    ModelPolicy policy,
    Instant now,
    @Nullable String stable,
    Map<String, VersionState> versions,
    Map<String, InstanceState> instances,
    Set<Finding> findings,
    Map<String, LedgerEntry> ledger,
    Instant watchingSince,
    @Nullable Instant lastCall,
    long decisions,
    @Nullable String incarnation,
    Map<String, Double> targetShares,
    References references,
    BaselineWindow stableDurations) {

  public ModelState {
    requireNonNull(policy, "policy");
    requireNonNull(now, "now");
    requireNonNull(watchingSince, "watchingSince");
    versions = sorted(versions);
    instances = sorted(instances);
    findings = Collections.unmodifiableSet(new TreeSet<>(findings));
    ledger = sorted(ledger);
    targetShares = sorted(targetShares);
    requireNonNull(references, "references");
    requireNonNull(stableDurations, "stableDurations");
  }

  /** A model nothing has been seen of. */
  static ModelState of(ModelPolicy policy, Instant now) {
    return new ModelState(
        policy,
        now,
        policy.stable(),
        Map.of(),
        Map.of(),
        Set.of(),
        Map.of(),
        now,
        null,
        0,
        null,
        Map.of(),
        References.NONE,
        BaselineWindow.NONE);
  }

  /**
   * The same with one drift guardrail as if it had seen nothing, for all versions.
   *
   * @param guardrail expanded name: {@code feature:age native}
   */
  public ModelState withoutDriftEvidence(String guardrail) {
    Map<String, VersionState> fresh = new TreeMap<>(versions);
    fresh.replaceAll((name, version) -> VersionDraft.withoutDriftEvidence(version, guardrail));
    return with(fresh, findings);
  }

  /** The same with other findings. */
  public ModelState withFindings(Set<Finding> newFindings) {
    return with(versions, newFindings);
  }

  private ModelState with(Map<String, VersionState> newVersions, Set<Finding> newFindings) {
    return new ModelState(
        policy,
        now,
        stable,
        newVersions,
        instances,
        newFindings,
        ledger,
        watchingSince,
        lastCall,
        decisions,
        incarnation,
        targetShares,
        references,
        stableDurations);
  }

  /**
   * The duration in seconds above which a call is slow under a guardrail; null for guardrails on
   * other signals, and while a threshold that comes from the stable version is not known.
   */
  public @Nullable Double slowAbove(Guardrail guardrail) {
    return Latency.slowAbove(guardrail, stable, stableDurations);
  }

  /**
   * What a version's signal is compared with; null while that is not known, and where no drift
   * guardrail asks for it.
   *
   * @param signal as in {@link Pane.Reading}
   */
  public @Nullable Reference reference(String version, String signal) {
    if (policy.reference() instanceof ReferenceSource.Prepared) {
      ReferenceSet prepared = references.prepared();
      return prepared == null ? null : prepared.signals().get(signal);
    }
    return gathered(version).complete().get(signal);
  }

  /** How far the reference of a version's signal is; null when it is complete or not begun. */
  public @Nullable Progress gathering(String version, String signal) {
    ReferenceGatherer open = gathered(version).open().get(signal);
    return open == null ? null : open.progress();
  }

  private GatheredReferences gathered(String version) {
    String whose =
        policy.reference() instanceof ReferenceSource.FirstRows first && first.version() != null
            ? first.version()
            : version;
    return references.gathered().getOrDefault(whose, GatheredReferences.NONE);
  }

  private static <V> SortedMap<String, V> sorted(Map<String, V> map) {
    return map.isEmpty() ? Collections.emptySortedMap() : copied(map);
  }

  private static <V> SortedMap<String, V> copied(Map<String, V> map) {
    return Collections.unmodifiableSortedMap(new TreeMap<>(map));
  }

  /**
   * What is known of one version.
   *
   * @param share share of the model's live calls in the last 10 s, 0..1
   * @param lastCall end of the last pane with a live call, or null
   * @param verdicts of guardrails on rates, by guardrail name; they change with every pane
   * @param recent live calls of the last seconds
   * @param firstCall beginning of the first pane with a live call
   * @param trips when it tripped by itself within the last hour
   * @param told findings people were told about in the present episode of breaches
   * @param passMillis time during which no guardrail breached and at least one passed
   * @param passCalls live calls during that time
   * @param lastShift id of the last shift asked for, or null
   * @param restoring shift that brings the version back and has no outcome yet, or null
   * @param driftState of guardrails on drift; changes with readings only
   * @param durations in seconds, of all successful live calls of warm instances since the first
   * @param trippedBy name of the guardrail that tripped it last, or null
   */
  public record VersionState(
      String version,
      BreakerState breaker,
      Standing standing,
      double share,
      @Nullable Instant lastCall,
      Map<String, GuardrailState> verdicts,
      List<Second> recent,
      Instant firstCall,
      List<Instant> trips,
      Set<Finding> told,
      long passMillis,
      long passCalls,
      @Nullable String lastShift,
      @Nullable TrafficShift restoring,
      DriftState driftState,
      HistogramSnapshot durations,
      @Nullable String trippedBy) {
    public VersionState {
      requireNonNull(version, "version");
      requireNonNull(breaker, "breaker");
      requireNonNull(standing, "standing");
      requireNonNull(firstCall, "firstCall");
      verdicts = sorted(verdicts);
      recent = List.copyOf(recent);
      trips = List.copyOf(trips);
      told = Collections.unmodifiableSet(new TreeSet<>(told));
      requireNonNull(driftState, "driftState");
      requireNonNull(durations, "durations");
    }

    /** How the drift guardrails stand, by expanded name: {@code feature:age native}. */
    public Map<String, GuardrailState> drift() {
      return driftState.guardrails();
    }

    /** How all guardrails stand, by name; made anew at every call. */
    public Map<String, GuardrailState> guardrails() {
      Map<String, GuardrailState> all = new TreeMap<>(verdicts);
      all.putAll(drift());
      return Collections.unmodifiableMap(all);
    }
  }

  /**
   * How the drift guardrails of one version stand; shared by all states between two changes, since
   * there may be a thousand of them.
   *
   * @param guardrails by expanded name
   * @param comparisons of canaries with the stable version, by the same names
   * @param raised names of guardrails that are in an episode of breaches
   * @param armed how many have a reference and can judge
   * @param passing how many passed at their last look
   * @param blind how many can never judge from what is received
   */
  public record DriftState(
      Map<String, GuardrailState> guardrails,
      Map<String, CanaryDriftTest> comparisons,
      Set<String> raised,
      int armed,
      int passing,
      int blind) {
    /** Nothing was judged. */
    public static final DriftState NONE = new DriftState(Map.of(), Map.of(), Set.of(), 0, 0, 0);

    /** What begins the note of a guardrail that can never judge from what is received. */
    public static final String UNGUARDED = "UNGUARDED: ";

    public DriftState {
      guardrails = sorted(guardrails);
      comparisons = sorted(comparisons);
      raised = Collections.unmodifiableSet(new TreeSet<>(raised));
    }

    DriftState with(String name, GuardrailState state) {
      Map<String, GuardrailState> next = new TreeMap<>(guardrails);
      next.put(name, state);
      return of(next, comparisons);
    }

    DriftState interrupted() {
      Map<String, GuardrailState> states = new TreeMap<>(guardrails);
      states.replaceAll((name, state) -> state.with(state.detector().interrupted()));
      Map<String, CanaryDriftTest> tests = new TreeMap<>(comparisons);
      tests.replaceAll((name, test) -> test.interrupted());
      return of(states, tests);
    }

    DriftState without(String name) {
      Map<String, GuardrailState> states = new TreeMap<>(guardrails);
      Map<String, CanaryDriftTest> tests = new TreeMap<>(comparisons);
      states.remove(name);
      tests.remove(name);
      return of(states, tests);
    }

    static DriftState of(
        Map<String, GuardrailState> guardrails, Map<String, CanaryDriftTest> comparisons) {
      Set<String> raised = new TreeSet<>();
      int armed = 0;
      int passing = 0;
      int blind = 0;
      for (Map.Entry<String, GuardrailState> entry : guardrails.entrySet()) {
        GuardrailState state = entry.getValue();
        if (state.lastBreach() != null) {
          raised.add(entry.getKey());
        }
        passing += state.verdict() == Verdict.PASS ? 1 : 0;
        blind += state.note().startsWith(UNGUARDED) ? 1 : 0;
        armed += state.detector() instanceof DriftDetector drift && drift.isArmed() ? 1 : 0;
      }
      return new DriftState(guardrails, comparisons, raised, armed, passing, blind);
    }
  }

  /**
   * Live calls of one version in one second of the clock.
   *
   * @param epochSecond which second
   * @param panes panes with a call
   * @param timed successful calls of warm instances whose durations are known
   * @param slow how many of these were slow, by name of the guardrail that says what slow is;
   *     absent where none was
   */
  public record Second(
      long epochSecond, long calls, long errors, int panes, long timed, Map<String, Long> slow) {
    public Second {
      slow = sorted(slow);
    }

    /** Both together, under the later second. */
    Second plus(Second more) {
      return new Second(
          Math.max(epochSecond, more.epochSecond),
          calls + more.calls,
          errors + more.errors,
          panes + more.panes,
          timed + more.timed,
          sum(slow, more.slow));
    }

    static Map<String, Long> sum(Map<String, Long> some, Map<String, Long> more) {
      if (some.isEmpty() || more.isEmpty()) {
        return some.isEmpty() ? more : some;
      }
      Map<String, Long> sum = new TreeMap<>(some);
      more.forEach((guardrail, count) -> sum.merge(guardrail, count, Long::sum));
      return sum;
    }
  }

  /**
   * How one guardrail stands for one version.
   *
   * @param verdict the latest
   * @param evidenceRatio logarithm of the detector's value over that of its threshold: at 1 it
   *     breaches; 0 or below means nothing speaks against the version
   * @param seen calls or rows in the present evidence
   * @param bad bad ones among them
   * @param detector the test
   * @param recentBreaches one bit per evaluation, the latest lowest: whether it breached
   * @param breachSince since when it breaches without interruption, or null
   * @param lastBreach when it breached last in the present episode of breaches, or null when there
   *     is none; an episode is over 10 s after its last breach, and the detector starts afresh
   * @param told whether people were told of the present episode, for {@code then: alert}
   * @param note why there is no verdict, in words; empty when there is one
   */
  public record GuardrailState(
      Verdict verdict,
      double evidenceRatio,
      long seen,
      long bad,
      Detector detector,
      long recentBreaches,
      @Nullable Instant breachSince,
      @Nullable Instant lastBreach,
      boolean told,
      String note) {
    public GuardrailState {
      requireNonNull(verdict, "verdict");
      requireNonNull(detector, "detector");
      requireNonNull(note, "note");
    }

    /** A guardrail that has seen nothing. */
    static GuardrailState of(Detector detector) {
      return new GuardrailState(Verdict.NO_DATA, 0, 0, 0, detector, 0, null, null, false, "");
    }

    GuardrailState with(Detector newDetector) {
      return new GuardrailState(
          verdict,
          evidenceRatio,
          seen,
          bad,
          newDetector,
          recentBreaches,
          breachSince,
          lastBreach,
          told,
          note);
    }

    GuardrailState wasTold() {
      return new GuardrailState(
          verdict,
          evidenceRatio,
          seen,
          bad,
          detector,
          recentBreaches,
          breachSince,
          lastBreach,
          true,
          note);
    }
  }

  /**
   * One serving process.
   *
   * @param lastBeat null when it never beat
   * @param blind whether it used to beat and is silent
   * @param served which versions it serves
   */
  public record InstanceState(
      @Nullable Instant lastBeat,
      @Nullable Instant lastCall,
      boolean blind,
      Map<String, Served> served) {
    public InstanceState {
      served = sorted(served);
    }
  }

  /**
   * What a process did for one version.
   *
   * @param first beginning of the first pane with a live call
   * @param last end of the last one
   * @param calls live calls in all
   */
  public record Served(Instant first, Instant last, long calls) {
    Served plus(Served later) {
      return new Served(first, later.last, calls + later.calls);
    }

    /** Whether its latency counts from {@code at} on. */
    boolean isWarm(WarmUp warmUp, Instant at) {
      return calls >= warmUp.calls() && !at.isBefore(first.plus(warmUp.time()));
    }
  }

  /**
   * What is remembered of a version that is not served any more.
   *
   * @param since when it left
   */
  public record LedgerEntry(Standing standing, Instant since) {}
}
