package io.breakwater.engine;

import static io.breakwater.engine.LatencyStage.OVER_P99;
import static io.breakwater.engine.LatencyStage.P99_AT_MOST_50_MS;
import static io.breakwater.engine.Stage.AGAINST_STABLE;
import static io.breakwater.engine.Stage.AT_MOST_5;
import static io.breakwater.engine.Stage.PANE;
import static io.breakwater.engine.Stage.START;
import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.engine.Distribution.Names;
import io.breakwater.engine.Event.ShiftReported.Phase;
import io.breakwater.engine.Event.Verb;
import io.breakwater.engine.ModelState.InstanceState;
import io.breakwater.engine.ModelState.VersionState;
import io.breakwater.engine.Pane.InstancePane;
import io.breakwater.engine.Pane.Reading;
import io.breakwater.engine.Pane.VersionPane;
import io.breakwater.engine.breaker.BreakerState;
import io.breakwater.engine.policy.Breaches;
import io.breakwater.engine.policy.BreakerSettings;
import io.breakwater.engine.policy.BreakerSettings.OnApprovalTimeout;
import io.breakwater.engine.policy.Guardrail;
import io.breakwater.engine.policy.Mode;
import io.breakwater.engine.policy.ModelPolicy;
import io.breakwater.engine.policy.ReferenceSource;
import io.breakwater.engine.policy.Then;
import io.breakwater.engine.policy.WarmUp;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Leaving out the panes that {@link Engine#restsUntil} lets be left out changes nothing. */
class RestTest {
  private static final Guardrail CLASS_TRIPS =
      new Guardrail.Drift("class native", "class", 0.03, Then.TRIP, Breaches.AT_ONCE);
  private static final Guardrail CLASS_ALERTS =
      new Guardrail.Drift("class native", "class", 0.03, Then.ALERT, Breaches.AT_ONCE);
  private static final Guardrail CLASS_OFTEN =
      new Guardrail.Drift("class native", "class", 0.03, Then.TRIP, new Breaches(5, 10));
  private static final Guardrail ERRORS_OFTEN =
      new Guardrail.ErrorsLimit("often", 0.1, 1e-4, Then.ALERT, new Breaches(3, 5), 0.5);

  private static final int SEEDS = 6;

  /** Which versions fail, are slow or drift: one bit for each. */
  private static final int[] BAD = {2, 2, 2, 1, 3};

  private final Set<DecisionRecord.Kind> kinds = new HashSet<>();
  private SplittableRandom random = new SplittableRandom(1);
  private ModelState every;
  private ModelState some;
  private boolean mayRest;
  private boolean leftOut;
  private boolean timed = true;
  private int slow = 3;
  private boolean obeyed;
  private Instant now = START;
  private int stepped;
  private int all;

  private enum Rules {
    NONE(),
    ERRORS(AGAINST_STABLE, AT_MOST_5, ERRORS_OFTEN),
    LATENCY(OVER_P99, P99_AT_MOST_50_MS),
    DRIFT_ALERTS(CLASS_ALERTS),
    DRIFT_TRIPS(CLASS_OFTEN),
    ALL(AGAINST_STABLE, AT_MOST_5, ERRORS_OFTEN, OVER_P99, P99_AT_MOST_50_MS, CLASS_TRIPS);

    final List<Guardrail> guardrails;

    Rules(Guardrail... guardrails) {
      this.guardrails = List.of(guardrails);
    }
  }

  /** What people and backends are told of a model, whichever panes were stepped. */
  private record Shown(
      Map<String, BreakerState> breakers,
      Map<String, Set<Finding>> told,
      Map<String, Map<String, Verdict>> verdicts,
      Map<String, InstanceState> instances,
      Set<Finding> findings) {
    static Shown of(ModelState state) {
      Map<String, BreakerState> breakers = new TreeMap<>();
      Map<String, Set<Finding>> told = new TreeMap<>();
      Map<String, Map<String, Verdict>> verdicts = new TreeMap<>();
      state
          .versions()
          .forEach(
              (name, version) -> {
                Map<String, Verdict> own = new TreeMap<>();
                version.guardrails().forEach((rule, stands) -> own.put(rule, stands.verdict()));
                own.values().removeIf(Verdict.NO_DATA::equals);
                breakers.put(name, version.breaker());
                told.put(name, version.told());
                verdicts.put(name, own);
              });
      return new Shown(breakers, told, verdicts, state.instances(), state.findings());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "NONE, OBSERVE",
    "NONE, ENFORCE",
    "ERRORS, OBSERVE",
    "ERRORS, APPROVE",
    "ERRORS, ENFORCE",
    "LATENCY, OBSERVE",
    "LATENCY, APPROVE",
    "LATENCY, ENFORCE",
    "DRIFT_ALERTS, ENFORCE",
    "DRIFT_TRIPS, OBSERVE",
    "DRIFT_TRIPS, APPROVE",
    "DRIFT_TRIPS, ENFORCE",
    "ALL, OBSERVE",
    "ALL, APPROVE",
    "ALL, ENFORCE"
  })
  void anyTraffic_leadsToTheSameWithoutThePanesThatAreNotDue(Rules rules, Mode mode) {
    for (int seed = 1; seed <= SEEDS; seed++) {
      random = new SplittableRandom(seed);
      start(policy(mode, rules));
      for (int stretch = 0; stretch < 12; stretch++) {
        wander(mode, rules);
      }
    }
    assertThat(all - stepped).isGreaterThan(1_000);
    assertThat(kinds).contains(DecisionRecord.Kind.BLIND, DecisionRecord.Kind.RELEASED);
    if (mode == Mode.ENFORCE && rules != Rules.NONE && rules != Rules.DRIFT_ALERTS) {
      assertThat(kinds).contains(DecisionRecord.Kind.TRIPPED);
    }
  }

  @Test
  void aDayOfFewCalls_provesAVersionAtTheSamePane() {
    start(policy(Mode.ENFORCE, Rules.ALL));
    Duration width = Duration.ofSeconds(1);
    for (int i = 0; i < 110; i++) {
      pane(width, traffic(100, 0), List.of());
    }
    while (!kinds.contains(DecisionRecord.Kind.PROVEN)) {
      boolean calls = now.getEpochSecond() % 23 < 7;
      pane(width, calls ? traffic(1, 0) : List.of(), List.of());
      assertThat(now).isBefore(START.plus(Duration.ofDays(7)));
    }
    assertThat(stepped).isLessThan(all * 9 / 10);
  }

  @Test
  void oneVersionTooMany_isForgottenAtTheNextPane() {
    start(policy(Mode.ENFORCE, Rules.NONE));
    List<VersionPane> versions = new ArrayList<>();
    for (int version = 0; version <= Traffic.MAX_VERSIONS; version++) {
      versions.add(new VersionPane("v" + version, 1, 0, Map.of()));
    }
    pane(PANE, versions, List.of());
    pane(PANE, versions, List.of());
    assertThat(some.findings()).contains(Finding.UNGUARDED);
    pane(PANE, List.of(), List.of());
    assertThat(some.findings()).doesNotContain(Finding.UNGUARDED);
  }

  @Test
  void silence_endsAtTheSamePane() {
    start(policy(Mode.ENFORCE, Rules.ALL));
    pane(PANE, traffic(5, 0), beats());
    while (some.versions().containsKey("2") || !some.instances().isEmpty()) {
      pane(PANE, List.of(), List.of());
      assertThat(now).isBefore(START.plus(Duration.ofHours(1)));
    }
    assertThat(kinds).contains(DecisionRecord.Kind.BLIND);
    assertThat(stepped).isLessThan(all / 50);
  }

  private ModelPolicy policy(Mode mode, Rules rules) {
    OnApprovalTimeout onTimeout =
        OnApprovalTimeout.values()[random.nextInt(OnApprovalTimeout.values().length)];
    return new ModelPolicy(
        "credit",
        "1",
        mode,
        rules.guardrails,
        new ReferenceSource.FirstRows("1", 1_000),
        ModelPolicy.DEFAULT_DRIFT_ALARMS_PER_DAY,
        new WarmUp(20, Duration.ofMillis(5_000 + random.nextInt(4) * 8_150L)),
        new BreakerSettings(
            Duration.ofSeconds(20),
            5,
            Duration.ofSeconds(15),
            onTimeout,
            Duration.ofSeconds(10),
            Duration.ofSeconds(1),
            0.01,
            Duration.ofSeconds(12)),
        "router",
        "digest");
  }

  private void start(ModelPolicy policy) {
    now = START;
    mayRest = false;
    leftOut = false;
    every = Engine.start(policy, START);
    some = every;
  }

  /** A stretch of time in which much, little or nothing comes. */
  private void wander(Mode mode, Rules rules) {
    int panes = 1 + random.nextInt(random.nextInt(12) == 0 ? 8_000 : 300);
    int eachPanes = random.nextInt(3) == 0 ? 0 : 1 + random.nextInt(30);
    int bad = random.nextInt(3) == 0 ? BAD[random.nextInt(BAD.length)] : 0;
    boolean beating = random.nextBoolean();
    int other = random.nextInt(3) == 0 ? BAD[random.nextInt(BAD.length)] : 0;
    boolean read = random.nextInt(3) > 0;
    timed = random.nextInt(3) > 0;
    slow = random.nextInt(3) == 0 ? BAD[random.nextInt(BAD.length)] : 0;
    obeyed = random.nextInt(5) > 0;
    for (int i = 0; i < panes; i++) {
      boolean busy = eachPanes > 0 && i % eachPanes == 0;
      boolean full = read && eachPanes > 0 && i % 10 == 0;
      pane(
          busy ? traffic(random.nextInt(40), bad) : List.of(),
          beating && i % 10 == 3 ? beats() : List.of(),
          full ? classes(other) : List.of());
    }
    int dice = random.nextInt(12);
    if (dice == 0) {
      makeUp();
      now = now.plus(Duration.ofSeconds(random.nextInt(1_000)));
      event(new Event.Resumed(now));
    } else if (dice == 1) {
      event(new Event.PolicyChanged(now, policy(mode, rules)));
    } else if (dice < 4) {
      order(Verb.values()[random.nextInt(Verb.values().length)]);
    } else if (dice == 4) {
      event(new Event.TargetObserved(now, Map.of("1", 0.9, "2", 0.1), "boot-" + panes % 3));
    }
  }

  private void order(Verb verb) {
    String version = random.nextInt(8) == 0 ? "1" : "2";
    Duration expires = random.nextBoolean() ? Duration.ofSeconds(20) : null;
    VersionState known = every.versions().get(version);
    String decision = known == null ? null : known.breaker().decision();
    event(new Event.Ordered(now, verb, version, "ada", "because", expires, decision));
  }

  private List<VersionPane> traffic(int calls, int bad) {
    List<VersionPane> versions = new ArrayList<>();
    for (int version = 1; version <= 2; version++) {
      long failed = (bad & version) == 0 ? 0 : random.nextInt(calls + 1);
      if (calls > 0 && !(obeyed && isOut(String.valueOf(version)))) {
        versions.add(
            new VersionPane(
                String.valueOf(version),
                calls,
                failed,
                failed > 0 ? Map.of("OrtException", failed) : Map.of()));
      }
    }
    return versions;
  }

  private boolean isOut(String version) {
    VersionState known = every.versions().get(version);
    return known != null
        && (known.breaker() instanceof BreakerState.Tripping
            || known.breaker() instanceof BreakerState.Open
            || known.breaker() instanceof BreakerState.ForcedOpen);
  }

  private static List<InstancePane> beats() {
    return List.of(
        new InstancePane("jvm-1", 1, Map.of("1", 1L, "2", 1L)),
        new InstancePane("jvm-2", 1, Map.of()));
  }

  private List<Reading> classes(int other) {
    return List.of(
        new Reading("1", "class", names((other & 1) != 0)),
        new Reading("2", "class", names((other & 2) != 0)));
  }

  private Names names(boolean other) {
    long yes = (other ? 80 : 40) + random.nextInt(20);
    return new Names(Map.of("yes", yes, "no", 100 - yes), 0);
  }

  private void pane(List<VersionPane> versions, List<InstancePane> beats, List<Reading> readings) {
    List<InstancePane> instances = new ArrayList<>(beats);
    for (VersionPane version : versions) {
      long failed = version.errors();
      boolean late = (slow & Integer.parseInt(version.version())) != 0;
      long over = late ? (version.calls() - failed) / (1 + random.nextInt(9)) : 0;
      instances.add(
          new InstancePane(
              "pod-" + version.version(),
              0,
              Map.of(version.version(), version.calls()),
              Map.of(version.version(), failed),
              timed
                  ? Map.of(
                      version.version(),
                      LatencyStage.durations(version.calls() - failed - over, over))
                  : Map.of()));
    }
    pane(PANE, versions, instances, readings);
  }

  private void pane(Duration width, List<VersionPane> versions, List<InstancePane> instances) {
    pane(width, versions, instances, List.of());
  }

  private void pane(
      Duration width,
      List<VersionPane> versions,
      List<InstancePane> instances,
      List<Reading> readings) {
    Instant start = now;
    now = now.plus(width);
    Pane pane = new Pane(start, now, versions, instances, readings);
    Step step = Engine.step(every, new Event.PaneClosed(pane));
    every = step.next();
    all++;
    boolean empty = versions.isEmpty() && instances.isEmpty() && readings.isEmpty();
    leftOut = empty && mayRest && now.isBefore(Engine.restsUntil(some));
    if (leftOut) {
      assertThat(step.records()).as("not due at %s", now).isEmpty();
      assertThat(step.actions()).as("not due at %s", now).isEmpty();
      assertThat(difference("", Shown.of(some), Shown.of(every))).as("at %s", now).isEmpty();
    } else {
      compare(new Event.PaneClosed(pane), step);
      mayRest = step.records().isEmpty();
    }
    reports(step);
  }

  private void event(Event event) {
    makeUp();
    Step step = Engine.step(every, event);
    every = step.next();
    compare(event, step);
    mayRest = false;
    reports(step);
  }

  /** The last pane, where it was left out: before anything else happens. */
  private void makeUp() {
    if (leftOut) {
      Pane last = new Pane(now.minus(PANE), now, List.of(), List.of());
      some = Engine.step(some, new Event.PaneClosed(last)).next();
      leftOut = false;
    }
  }

  private void reports(Step step) {
    for (Action action : step.actions()) {
      if (action instanceof Action.Shift asked && random.nextInt(4) > 0) {
        event(report(asked, Phase.APPLIED));
        event(report(asked, random.nextInt(4) > 0 ? Phase.CONVERGED : Phase.FAILED));
      }
    }
  }

  private Event report(Action.Shift asked, Phase phase) {
    return new Event.ShiftReported(now, asked.shift().id(), phase, "router", "weights");
  }

  private void compare(Event event, Step expected) {
    Step step = Engine.step(some, event);
    some = step.next();
    stepped++;
    step.records().forEach(record -> kinds.add(record.kind()));
    assertThat(difference("", step, expected)).as("at %s", event.at()).isEmpty();
  }

  /** The first part in which two values differ, or nothing. */
  private static String difference(String where, Object one, Object other) {
    if (Objects.equals(one, other)) {
      return "";
    }
    if (one instanceof Map<?, ?> map
        && other instanceof Map<?, ?> others
        && map.keySet().equals(others.keySet())) {
      return map.keySet().stream()
          .map(key -> difference(where + "." + key, map.get(key), others.get(key)))
          .filter(found -> !found.isEmpty())
          .findFirst()
          .orElse(where);
    }
    if (one instanceof Record && other != null && one.getClass() == other.getClass()) {
      for (RecordComponent part : one.getClass().getRecordComponents()) {
        try {
          part.getAccessor().setAccessible(true);
          String found =
              difference(
                  where + "." + part.getName(),
                  part.getAccessor().invoke(one),
                  part.getAccessor().invoke(other));
          if (!found.isEmpty()) {
            return found;
          }
        } catch (ReflectiveOperationException e) {
          throw new LinkageError(where, e);
        }
      }
    }
    return where + ": " + one + " instead of " + other;
  }
}
