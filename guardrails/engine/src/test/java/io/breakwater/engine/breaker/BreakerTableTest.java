package io.breakwater.engine.breaker;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.engine.Action;
import io.breakwater.engine.DecisionRecord;
import io.breakwater.engine.Event;
import io.breakwater.engine.Event.ShiftReported.Phase;
import io.breakwater.engine.Event.Verb;
import io.breakwater.engine.Evidence;
import io.breakwater.engine.Finding;
import io.breakwater.engine.backend.TrafficShift;
import io.breakwater.engine.breaker.Stimulus.Looked;
import io.breakwater.engine.detect.ProbeTest;
import io.breakwater.engine.detect.Tally;
import io.breakwater.engine.policy.BreakerSettings;
import io.breakwater.engine.policy.BreakerSettings.OnApprovalTimeout;
import io.breakwater.engine.policy.Mode;
import io.breakwater.engine.policy.ModelPolicy;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Walks every state x stimulus pair; the expected outcomes are in {@code table.md}. */
class BreakerTableTest {
  private static final Instant NOW = Instant.parse("2026-11-21T02:20:00Z");
  private static final Instant SINCE = NOW.minusSeconds(10);
  private static final Instant LATER = NOW.plusSeconds(60);
  private static final String SHIFT = "d-1.1";
  private static final Duration PANE = Duration.ofMillis(100);
  private static final Evidence EVIDENCE =
      new Evidence(
          "errors against stable",
          "errors",
          "2",
          "1",
          SINCE,
          NOW,
          Evidence.CALLS,
          "failed",
          101,
          52,
          398,
          1,
          0.002,
          25,
          22.9,
          Map.of(),
          "52 of 101 calls failed");

  /** A special case of a state with what surrounds it. */
  private record Case(BreakerState state, Situation situation) {}

  private record Row(String next, String written, String done) {}

  private static final Map<String, Case> STATES = states();
  private static final Map<String, Stimulus> STIMULI = stimuli();

  @TestFactory
  Stream<DynamicTest> everyStateWithEveryStimulus() throws IOException {
    Map<String, Row> rows = rows();
    return STATES.keySet().stream()
        .flatMap(
            state ->
                STIMULI.keySet().stream()
                    .map(
                        stimulus ->
                            DynamicTest.dynamicTest(
                                state + " | " + stimulus, () -> walk(rows, state, stimulus))));
  }

  @Test
  void table_namesOnlyStatesAndStimuliThatAreTried() throws IOException {
    for (String pair : rows().keySet()) {
      String[] parts = pair.split(" \\| ");
      assertThat(STATES).containsKey(parts[0]);
      assertThat(parts[1].equals("any pane") || STIMULI.containsKey(parts[1])).as(pair).isTrue();
    }
  }

  @Test
  void everyStateOfTheBreaker_isTried() {
    Set<Class<?>> tried =
        STATES.values().stream().map(c -> c.state().getClass()).collect(Collectors.toSet());
    assertThat(tried).containsExactlyInAnyOrder(BreakerState.class.getPermittedSubclasses());
  }

  private static void walk(Map<String, Row> rows, String name, String stimulus) {
    Case tried = STATES.get(name);
    Move move =
        BreakerTable.next(tried.state(), adapted(stimulus, tried), situation(tried, stimulus));
    Row row = rows.get(name + " | " + stimulus);
    if (row == null && stimulus.startsWith("pane")) {
      row = rows.get(name + " | any pane");
    }
    boolean order = STIMULI.get(stimulus) instanceof Stimulus.Told;
    if (row == null) {
      row = new Row(label(tried.state()), "", "");
      assertThat(move.refusal() != null).as("refused").isEqualTo(order);
    } else {
      assertThat(move.refusal()).isNull();
    }
    boolean ended = move.effects().contains(Move.Effect.ENDED);
    assertThat(ended ? "ended" : label(move.next())).isEqualTo(row.next());
    assertThat(
            move.records().stream()
                .map(record -> record.kind().name())
                .collect(Collectors.joining(", ")))
        .isEqualTo(row.written());
    assertThat(
            move.actions().stream().map(BreakerTableTest::words).collect(Collectors.joining(", ")))
        .isEqualTo(row.done());
    for (DecisionRecord record : move.records()) {
      assertThat(record.from()).isEqualTo(tried.state().name());
      assertThat(record.to()).isEqualTo(move.next().name());
      assertThat(record.reason()).isNotBlank();
    }
  }

  private static String words(Action action) {
    return action instanceof Action.Shift shift
        ? "shift to " + Words.percent(shift.shift().share())
        : "abandon";
  }

  private static String label(BreakerState state) {
    if (state instanceof BreakerState.Observing observing && observing.inEpisode()) {
      return "OBSERVING (told)";
    }
    return state instanceof BreakerState.Open && state.latched() ? "OPEN (latched)" : state.name();
  }

  /** The canary has calls where it is in traffic; there are 10 calls of the model in a pane. */
  private static Stimulus adapted(String name, Case tried) {
    Stimulus stimulus = STIMULI.get(name);
    boolean probing = tried.state() instanceof BreakerState.HalfOpen;
    if (stimulus instanceof Looked look && probing && !name.equals("pane: straggler")) {
      return looked(new Tally(10, 0, Map.of(), 40, 0), look.judgement());
    }
    return stimulus;
  }

  private static Situation situation(Case tried, String stimulus) {
    Situation at = tried.situation();
    boolean nowhere = stimulus.equals("pane: breach, nowhere to go");
    ModelPolicy policy = at.policy();
    if (stimulus.startsWith("policy: ")) {
      Mode mode = Mode.valueOf(stimulus.substring("policy: ".length()).toUpperCase());
      policy = policy(mode, policy.breaker());
    }
    return new Situation(
        policy,
        at.version(),
        at.now(),
        at.share(),
        nowhere ? Target.none("nobody is alive") : at.target(),
        at.trips(),
        at.told(),
        at.freshId(),
        at.lastShift(),
        at.restoring());
  }

  private static Map<String, Row> rows() throws IOException {
    Map<String, Row> rows = new LinkedHashMap<>();
    try (InputStream in = BreakerTableTest.class.getResourceAsStream("table.md")) {
      for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList()) {
        if (line.startsWith("| ") && !line.startsWith("| state ")) {
          String[] cells = line.split("\\|", -1);
          Row old =
              rows.put(
                  cells[1].trim() + " | " + cells[2].trim(),
                  new Row(cells[3].trim(), cells[4].trim(), cells[5].trim()));
          assertThat(old).as(line).isNull();
        }
      }
    }
    return rows;
  }

  private static ModelPolicy policy(Mode mode, BreakerSettings settings) {
    return ModelPolicy.of("credit", "1", mode, List.of(), settings, "router", "digest");
  }

  private static BreakerSettings onTimeout(OnApprovalTimeout then) {
    BreakerSettings d = BreakerSettings.DEFAULTS;
    return new BreakerSettings(
        d.cooldown(),
        d.tripsBeforeLatch(),
        d.approvalTimeout(),
        then,
        d.verifyWithin(),
        d.drain(),
        d.probeShare(),
        d.probeDeadline());
  }

  private static Situation at(Mode mode) {
    return at(policy(mode, BreakerSettings.DEFAULTS), 1, Set.of(), null);
  }

  private static Situation at(
      ModelPolicy policy, int trips, Set<Finding> told, TrafficShift restoring) {
    List<Instant> times = new ArrayList<>();
    for (int i = 0; i < trips; i++) {
      times.add(NOW.minusSeconds(60L * i + 10));
    }
    return new Situation(
        policy, "2", NOW, 0.2, Target.safe("1"), times, told, () -> "d-2", SHIFT, restoring);
  }

  private static Map<String, Case> states() {
    Situation enforce = at(Mode.ENFORCE);
    Situation approve = at(Mode.APPROVE);
    Map<String, Case> states = new LinkedHashMap<>();
    states.put("OBSERVING", new Case(new BreakerState.Observing(SINCE, false), at(Mode.OBSERVE)));
    states.put(
        "OBSERVING (told)", new Case(new BreakerState.Observing(SINCE, true), at(Mode.OBSERVE)));
    BreakerState closed = new BreakerState.Closed(SINCE);
    states.put("CLOSED", new Case(closed, enforce));
    Set<Finding> both = Set.of(Finding.UPSTREAM, Finding.INSTANCE, Finding.NO_SAFE_TARGET);
    states.put("CLOSED (episode told)", new Case(closed, at(enforce.policy(), 0, both, null)));
    TrafficShift restoring = new TrafficShift(SHIFT, "d-1", "credit", "2", "1", 0.2);
    states.put(
        "CLOSED (share being restored)",
        new Case(closed, at(enforce.policy(), 0, Set.of(), restoring)));
    states.put("CLOSED (mode approve)", new Case(closed, approve));
    BreakerState suspect = new BreakerState.Suspect(SINCE, "errors against stable");
    states.put("SUSPECT", new Case(suspect, enforce));
    states.put("SUSPECT (mode approve)", new Case(suspect, approve));
    states.put("PENDING_APPROVAL", new Case(pending(LATER), approve));
    states.put("PENDING_APPROVAL (time-out, escalate)", new Case(pending(NOW), approve));
    ModelPolicy act = policy(Mode.APPROVE, onTimeout(OnApprovalTimeout.ACT));
    states.put(
        "PENDING_APPROVAL (time-out, act)", new Case(pending(NOW), at(act, 0, Set.of(), null)));
    states.put("TRIPPING", new Case(tripping(Proof.awaiting(SHIFT, LATER)), enforce));
    states.put("TRIPPING (nearly proven)", new Case(tripping(nearlyProven()), enforce));
    states.put(
        "TRIPPING (too often)",
        new Case(tripping(nearlyProven()), at(enforce.policy(), 3, Set.of(), null)));
    states.put("TRIPPING (late)", new Case(tripping(Proof.awaiting(SHIFT, NOW)), enforce));
    Proof unmoved = new Proof(SHIFT, NOW, SINCE, SINCE, NOW.minusMillis(500), 0, 30);
    states.put("TRIPPING (late, answers and nothing moves)", new Case(tripping(unmoved), enforce));
    states.put("OPEN", new Case(open(LATER, 0, false, null), enforce));
    states.put("OPEN (cooldown over)", new Case(open(NOW, 0, false, null), enforce));
    states.put("OPEN (latched)", new Case(open(null, 0, true, null), enforce));
    Proof again = Proof.awaiting(SHIFT, LATER);
    states.put("OPEN (moving again)", new Case(open(LATER, 1, false, again), enforce));
    states.put(
        "OPEN (moving again, nearly proven)",
        new Case(open(LATER, 1, false, nearlyProven()), enforce));
    Proof late = Proof.awaiting(SHIFT, NOW);
    states.put("OPEN (moving again, late)", new Case(open(LATER, 1, false, late), enforce));
    states.put("OPEN (re-asserted 3 times)", new Case(open(LATER, 3, false, null), enforce));
    states.put("HALF_OPEN", new Case(halfOpen(LATER, null, ProbeTest.FRESH), enforce));
    ProbeTest nearly = new ProbeTest(-4.5, 50, 0, 200, 0);
    states.put(
        "HALF_OPEN (probes nearly passed)", new Case(halfOpen(LATER, SINCE, nearly), enforce));
    states.put("HALF_OPEN (deadline)", new Case(halfOpen(NOW, SINCE, ProbeTest.FRESH), enforce));
    states.put(
        "FAILED_ACTION",
        new Case(new BreakerState.FailedAction(SINCE, "d-1", "refused", 0.2, true), enforce));
    states.put(
        "REVERTED",
        new Case(new BreakerState.Reverted(SINCE, "d-1", "changed", 0.2, true), enforce));
    states.put("FORCED_OPEN", new Case(forcedOpen(true, null, null), enforce));
    states.put("FORCED_OPEN (moving)", new Case(forcedOpen(false, null, again), enforce));
    states.put(
        "FORCED_OPEN (nearly proven)", new Case(forcedOpen(false, null, nearlyProven()), enforce));
    states.put("FORCED_OPEN (late)", new Case(forcedOpen(false, LATER, late), enforce));
    states.put("FORCED_OPEN (expired)", new Case(forcedOpen(true, NOW, null), enforce));
    states.put(
        "FORCED_CLOSED", new Case(new BreakerState.ForcedClosed(SINCE, "d-1", LATER), enforce));
    states.put(
        "FORCED_CLOSED (expired)",
        new Case(new BreakerState.ForcedClosed(SINCE, "d-1", NOW), enforce));
    states.put("DISABLED", new Case(new BreakerState.Disabled(SINCE, "d-1", null), enforce));
    states.put(
        "DISABLED (expired)", new Case(new BreakerState.Disabled(SINCE, "d-1", NOW), enforce));
    return states;
  }

  private static BreakerState pending(Instant deadline) {
    return new BreakerState.PendingApproval(SINCE, "d-1", deadline, EVIDENCE, true);
  }

  private static BreakerState tripping(Proof proof) {
    return BreakerState.Tripping.of(SINCE, "d-1", "1", 0.2, true, proof);
  }

  private static Proof nearlyProven() {
    return new Proof(SHIFT, LATER, SINCE, SINCE, NOW.minusSeconds(2), 15, 0);
  }

  private static BreakerState open(
      Instant probeAt, int reassertions, boolean latched, Proof moving) {
    return new BreakerState.Open(
        SINCE, "d-1", "1", 0.2, probeAt, 0, reassertions, latched, true, moving);
  }

  private static BreakerState halfOpen(Instant deadline, Instant converged, ProbeTest probes) {
    return new BreakerState.HalfOpen(SINCE, "d-1", SHIFT, "1", 0.2, deadline, 0, converged, probes);
  }

  private static BreakerState forcedOpen(boolean verified, Instant expires, Proof moving) {
    return new BreakerState.ForcedOpen(SINCE, "d-1", SHIFT, "1", 0.2, verified, expires, 0, moving);
  }

  private static Map<String, Stimulus> stimuli() {
    Map<String, Stimulus> stimuli = new LinkedHashMap<>();
    stimuli.put("pane: nothing to judge", pane(Judgement.none(Judgement.Kind.NO_DATA, false)));
    stimuli.put("pane: pass", pane(Judgement.none(Judgement.Kind.PASS, false)));
    stimuli.put("pane: calm", pane(Judgement.none(Judgement.Kind.PASS, true)));
    stimuli.put("pane: suspicion", pane(judgement(Judgement.Kind.SUSPECT, false)));
    stimuli.put("pane: breach", pane(judgement(Judgement.Kind.CONFIRMED, false)));
    stimuli.put("pane: severe breach", pane(judgement(Judgement.Kind.CONFIRMED, true)));
    stimuli.put("pane: shared breach", pane(judgement(Judgement.Kind.UPSTREAM, false)));
    stimuli.put("pane: one instance's breach", pane(judgement(Judgement.Kind.INSTANCE, false)));
    stimuli.put(
        "pane: breach, nowhere to go", pane(judgement(Judgement.Kind.NO_SAFE_TARGET, false)));
    stimuli.put(
        "pane: straggler",
        looked(new Tally(3, 3, Map.of(), 7, 0), Judgement.none(Judgement.Kind.NO_DATA, false)));
    stimuli.put("report: applied", report(SHIFT, Phase.APPLIED));
    stimuli.put("report: converged", report(SHIFT, Phase.CONVERGED));
    stimuli.put("report: failed", report(SHIFT, Phase.FAILED));
    stimuli.put("report: of another shift", report("d-0.1", Phase.FAILED));
    stimuli.put("target: no traffic there", new Stimulus.Observed(0, true));
    stimuli.put("target: restarted, traffic is back", new Stimulus.Observed(0.2, true));
    stimuli.put("target: somebody changed it", new Stimulus.Observed(0.2, false));
    for (Verb verb : Verb.values()) {
      stimuli.put(verb.name().toLowerCase(), order(verb, "d-1"));
    }
    stimuli.put("approve another decision", order(Verb.APPROVE, "d-0"));
    stimuli.put("policy: observe", new Stimulus.PolicyChanged());
    stimuli.put("policy: enforce", new Stimulus.PolicyChanged());
    stimuli.put("resumed", new Stimulus.Resumed());
    stimuli.put("left", new Stimulus.Left());
    return stimuli;
  }

  private static Stimulus order(Verb verb, String decision) {
    return new Stimulus.Told(
        new Event.Ordered(NOW, verb, "2", "ada", "because", Duration.ofHours(1), decision));
  }

  private static Stimulus report(String shift, Phase phase) {
    return new Stimulus.Reported(new Event.ShiftReported(NOW, shift, phase, "router", "its words"));
  }

  private static Judgement judgement(Judgement.Kind kind, boolean severe) {
    return new Judgement(kind, EVIDENCE, severe, true, false, "said why");
  }

  private static Stimulus pane(Judgement judgement) {
    return looked(new Tally(0, 0, Map.of(), 10, 0), judgement);
  }

  private static Stimulus looked(Tally tally, Judgement judgement) {
    return new Looked(NOW.minus(PANE), NOW, tally, 10, PANE, judgement);
  }
}
