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
import io.breakwater.engine.Pane.InstancePane;
import io.breakwater.engine.Pane.Reading;
import io.breakwater.engine.Pane.VersionPane;
import io.breakwater.engine.policy.Breaches;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Leaving out the panes that {@link Engine#restsUntil} lets be left out changes nothing. */
class RestTest {
  private static final Guardrail CLASS_TRIPS =
      new Guardrail.Drift("class native", "class", 0.03, Then.TRIP, Breaches.AT_ONCE);
  private static final Guardrail CLASS_ALERTS =
      new Guardrail.Drift("class native", "class", 0.03, Then.ALERT, Breaches.AT_ONCE);
  private static final Guardrail ERRORS_OFTEN =
      new Guardrail.ErrorsLimit("often", 0.1, 1e-4, Then.ALERT, new Breaches(3, 5), 0.5);

  private final Set<DecisionRecord.Kind> kinds = new HashSet<>();
  private SplittableRandom random = new SplittableRandom(1);
  private ModelState every;
  private ModelState some;
  private boolean mayRest;
  private boolean leftOut;
  private Instant now = START;
  private int stepped;
  private int all;

  @ParameterizedTest
  @CsvSource({
    "OBSERVE, 1",
    "OBSERVE, 2",
    "OBSERVE, 3",
    "APPROVE, 4",
    "APPROVE, 5",
    "APPROVE, 6",
    "ENFORCE, 7",
    "ENFORCE, 8",
    "ENFORCE, 9",
    "ENFORCE, 10"
  })
  void anyTraffic_leadsToTheSameWithoutThePanesThatAreNotDue(Mode mode, int seed) {
    random = new SplittableRandom(seed);
    start(policy(mode, seed % 2 == 0 ? CLASS_TRIPS : CLASS_ALERTS));
    for (int stretch = 0; stretch < 30; stretch++) {
      wander(mode);
    }
    assertThat(all - stepped).isGreaterThan(100);
    assertThat(kinds).hasSizeGreaterThan(3);
  }

  @Test
  void aDayOfFewCalls_provesAVersionAtTheSamePane() {
    start(policy(Mode.ENFORCE, CLASS_TRIPS));
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
  void silence_endsAtTheSamePane() {
    start(policy(Mode.ENFORCE, CLASS_TRIPS));
    pane(PANE, traffic(5, 0), beats());
    while (some.versions().containsKey("2") || !some.instances().isEmpty()) {
      pane(PANE, List.of(), List.of());
      assertThat(now).isBefore(START.plus(Duration.ofHours(1)));
    }
    assertThat(kinds).contains(DecisionRecord.Kind.BLIND);
    assertThat(stepped).isLessThan(all / 50);
  }

  private static ModelPolicy policy(Mode mode, Guardrail drift) {
    return LatencyStage.with(
        Stage.policy(
                mode,
                settings -> settings,
                AGAINST_STABLE,
                AT_MOST_5,
                ERRORS_OFTEN,
                OVER_P99,
                P99_AT_MOST_50_MS,
                drift)
            .comparedWith(new ReferenceSource.FirstRows("1", 1_000)),
        new WarmUp(20, Duration.ofSeconds(5)));
  }

  private void start(ModelPolicy policy) {
    every = Engine.start(policy, START);
    some = every;
  }

  /** A stretch of time in which much, little or nothing comes. */
  private void wander(Mode mode) {
    int panes = 1 + random.nextInt(random.nextInt(8) == 0 ? 8_000 : 300);
    int eachPanes = random.nextInt(3) == 0 ? 0 : 1 + random.nextInt(30);
    int bad = random.nextInt(3) == 0 ? 1 + random.nextInt(3) : 0;
    boolean beating = random.nextBoolean();
    boolean other = random.nextInt(3) == 0;
    for (int i = 0; i < panes; i++) {
      boolean busy = eachPanes > 0 && i % eachPanes == 0;
      boolean full = eachPanes > 0 && i % 10 == 0;
      pane(
          busy ? traffic(random.nextInt(40), bad) : List.of(),
          beating && i % 10 == 3 ? beats() : List.of(),
          full ? classes(other) : List.of());
    }
    int dice = random.nextInt(10);
    if (dice == 0) {
      makeUp();
      now = now.plus(Duration.ofSeconds(random.nextInt(1_000)));
      event(new Event.Resumed(now));
    } else if (dice == 1) {
      event(new Event.PolicyChanged(now, policy(mode, CLASS_ALERTS)));
    } else if (dice < 5) {
      Verb verb = Verb.values()[random.nextInt(Verb.values().length)];
      String version = String.valueOf(1 + random.nextInt(3));
      Duration expires = random.nextBoolean() ? Duration.ofSeconds(20) : null;
      event(new Event.Ordered(now, verb, version, "ada", "because", expires, "none"));
    } else if (dice == 5) {
      event(new Event.TargetObserved(now, Map.of("1", 0.9, "2", 0.1), "boot-" + panes % 3));
    }
  }

  private List<VersionPane> traffic(int calls, int bad) {
    List<VersionPane> versions = new ArrayList<>();
    for (int version = 1; version <= 2; version++) {
      long failed = (bad & version) == 0 ? 0 : random.nextInt(calls + 1);
      if (calls > 0) {
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

  private static List<InstancePane> beats() {
    return List.of(
        new InstancePane("jvm-1", 1, Map.of("1", 1L, "2", 1L)),
        new InstancePane("jvm-2", 1, Map.of()));
  }

  private List<Reading> classes(boolean other) {
    long yes = (other ? 80 : 40) + random.nextInt(20);
    Names stable = new Names(Map.of("yes", 50L, "no", 50L), 0);
    Names canary = new Names(Map.of("yes", yes, "no", 100 - yes), 0);
    return List.of(new Reading("1", "class", stable), new Reading("2", "class", canary));
  }

  private void pane(List<VersionPane> versions, List<InstancePane> beats, List<Reading> readings) {
    List<InstancePane> instances = new ArrayList<>(beats);
    for (VersionPane version : versions) {
      long failed = version.errors();
      long slow = (version.calls() - failed) / (1 + random.nextInt(9));
      instances.add(
          new InstancePane(
              "pod-" + version.version(),
              0,
              Map.of(version.version(), version.calls()),
              Map.of(version.version(), failed),
              Map.of(
                  version.version(),
                  LatencyStage.durations(version.calls() - failed - slow, slow))));
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
