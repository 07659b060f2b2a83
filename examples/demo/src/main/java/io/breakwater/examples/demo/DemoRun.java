package io.breakwater.examples.demo;

import io.breakwater.examples.demo.CollectorApi.Decision;
import io.breakwater.examples.demo.Terminal.Tone;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** One run of one scenario with fresh processes, told as a timeline while it goes. */
final class DemoRun {
  private static final Duration HEALTHY = Duration.ofSeconds(5);
  private static final Duration TRIP_PATIENCE = Duration.ofSeconds(45);
  private static final Duration VERIFY_PATIENCE = Duration.ofSeconds(15);
  private static final Duration SETTLED = Duration.ofMillis(50);
  private static final Duration SETTLE_STEP = Duration.ofSeconds(1);
  private static final Duration SETTLE_PATIENCE = Duration.ofSeconds(20);
  private static final Duration GUARDRAIL_PATIENCE = Duration.ofSeconds(40);
  private static final Duration POLL = Duration.ofMillis(100);

  /** A second more than what must be quiet: the last bad answer may come after the trip. */
  private static final Duration TAIL = Observation.QUIET.plusSeconds(1);

  private final DemoOptions options;
  private final Scenario scenario;
  private final double failing;
  private final Terminal terminal;
  private final Districts districts;

  DemoRun(
      DemoOptions options,
      Scenario scenario,
      double failing,
      Terminal terminal,
      Districts districts) {
    this.options = options;
    this.scenario = scenario;
    this.failing = failing;
    this.terminal = terminal;
    this.districts = districts;
  }

  /**
   * Runs it.
   *
   * @param launcher owns the processes
   * @param seed of the clients' random choices
   * @param finished gets the result; with {@code --keep} nothing comes after it
   */
  void run(Launcher launcher, long seed, Consumer<RunResult> finished)
      throws IOException, InterruptedException {
    terminal.startClock();
    terminal.event("starting two scoring servers with the agent, traffic split, collector");
    try (Stack stack = Stack.start(launcher, scenario, options.backend());
        Client client =
            new Client(
                stack.inferAddress(),
                districts,
                options.rate(),
                Duration.ofSeconds(options.warmupSeconds()).dividedBy(2),
                seed)) {
      terminal.event(
          "up: %s; collector at %s".formatted(stack.splitDescription(), stack.collector().base()));
      warmUp(stack, client);
      RunResult result = scenario.mustTrip() ? turnBad(stack, client) : stayGood(stack, client);
      report(stack, result);
      finished.accept(result);
      if (options.keep()) {
        keep(stack);
      }
    }
  }

  private void warmUp(Stack stack, Client client) throws IOException, InterruptedException {
    terminal.event(
        ("warming up for %d s at %d predictions/s: agents find the models, the JVMs compile; "
                + "not counted")
            .formatted(options.warmupSeconds(), options.rate()));
    pass(stack, client, Duration.ofSeconds(options.warmupSeconds()), "warming up");
    settle(stack, client);
    for (String version : List.of(Stack.STABLE, Stack.CANARY)) {
      if (stack.collector().breakerState(Stack.MODEL, version) == null) {
        throw new IOException(
            "after the warm-up the collector knows nothing of version " + version);
      }
    }
    awaitGuardrails(stack);
  }

  /** Until all guardrails can judge the canary. */
  private void awaitGuardrails(Stack stack) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + GUARDRAIL_PATIENCE.toNanos();
    List<String> waiting = stack.collector().waitingGuardrails(Stack.MODEL, Stack.CANARY);
    while (!waiting.isEmpty() && System.nanoTime() < deadline) {
      terminal.progress("waiting for guardrail " + waiting.get(0));
      Thread.sleep(SETTLE_STEP.toMillis());
      stack.requireAlive();
      waiting = stack.collector().waitingGuardrails(Stack.MODEL, Stack.CANARY);
    }
    waiting.forEach(guardrail -> terminal.event(Tone.BAD, "cannot judge: " + guardrail));
  }

  /** Lets a busy machine catch up, so that the times are not those of a queue. */
  private void settle(Stack stack, Client client) throws IOException, InterruptedException {
    Instant deadline = client.now().plus(SETTLE_PATIENCE);
    while (isBehind(client) && client.now().isBefore(deadline)) {
      pass(stack, client, SETTLE_STEP, "answers take long, letting the machine catch up");
    }
    if (isBehind(client)) {
      terminal.event(
          Tone.BAD,
          "answers take over %d ms: this machine is too busy or too small for %d predictions/s, and "
                  .formatted(SETTLED.toMillis(), options.rate())
              + "the times below are its own (--rate 200 asks less)");
    }
  }

  private boolean isBehind(Client client) {
    Duration median = client.medianLatency(options.rate());
    return median == null || median.compareTo(SETTLED) > 0;
  }

  private RunResult turnBad(Stack stack, Client client) throws IOException, InterruptedException {
    Instant countedFrom = client.now();
    terminal.event("healthy traffic for %d s".formatted(HEALTHY.toSeconds()));
    pass(stack, client, HEALTHY, "healthy");
    Instant badFrom = goBad(stack, client);
    await(stack, client, TRIP_PATIENCE, "TRIPPED");
    await(stack, client, VERIFY_PATIENCE, "VERIFIED");
    pass(stack, client, TAIL, "traffic goes on");
    return observe(stack, client, countedFrom, badFrom);
  }

  /** Lets the scenario's fault begin and says from when on it is there. */
  private Instant goBad(Stack stack, Client client) throws IOException, InterruptedException {
    Instant badFrom = client.now();
    switch (scenario) {
      case LATENCY -> stack.loadIntoCanary("2-ensemble-" + options.slower() + "x");
      case DRIFT -> stack.loadIntoCanary("2-skewed");
      default -> client.leaveOutOptionalColumn(failing);
    }
    terminal.event(Tone.BAD, fault());
    return scenario.loadsBadBuild() ? client.now() : badFrom;
  }

  private String fault() {
    return switch (scenario) {
      case LATENCY ->
          "version 2's model is replaced by a larger ensemble: answers as good, %s times the work"
              .formatted(options.slower());
      case DRIFT ->
          "version 2's feature code now takes incomes to the prices of 2010 (x 1.67);"
              + " its model was trained on those of 1990";
      default ->
          "from now on %s of the requests lack the column %s, which version 2 cannot do without"
              .formatted(percent(failing), Districts.OPTIONAL_COLUMN);
    };
  }

  private RunResult stayGood(Stack stack, Client client) throws IOException, InterruptedException {
    Instant countedFrom = client.now();
    client.leaveOutOptionalColumn(failing);
    terminal.event(
        ("%,d predictions; %s of the requests lack the column %s, "
                + "which both versions can do without")
            .formatted(options.predictions(), percent(failing), Districts.OPTIONAL_COLUMN));
    long millis = 1_000L * options.predictions() / options.rate() + 100;
    pass(stack, client, Duration.ofMillis(millis), "as good as version 1");
    return observe(stack, client, countedFrom, client.now());
  }

  private RunResult observe(Stack stack, Client client, Instant countedFrom, Instant badFrom)
      throws IOException, InterruptedException {
    Instant until = client.now();
    if (!options.keep()) {
      client.stop();
    }
    Observation observation =
        new Observation(
            scenario,
            client.answers(),
            stack.collector().decisions(Stack.MODEL),
            stack.alerts().alerts(),
            countedFrom,
            badFrom,
            until,
            options.rate());
    return new RunResult(
        observation,
        options.backend(),
        failing,
        Double.parseDouble(options.slower()),
        stack.collectorPeakMebibytes());
  }

  private void pass(Stack stack, Client client, Duration time, String what)
      throws IOException, InterruptedException {
    Instant end = client.now().plus(time);
    for (Instant now = client.now(); now.isBefore(end); now = client.now()) {
      Thread.sleep(Math.min(POLL.toMillis(), Duration.between(now, end).toMillis() + 1));
      stack.requireAlive();
      terminal.progress(
          "%s: %d s to go".formatted(what, Duration.between(client.now(), end).toSeconds()));
    }
  }

  private void await(Stack stack, Client client, Duration patience, String kind)
      throws IOException, InterruptedException {
    Instant deadline = client.now().plus(patience);
    while (client.now().isBefore(deadline)) {
      if (stack.collector().decisions(Stack.MODEL).stream().anyMatch(d -> d.kind().equals(kind))) {
        return;
      }
      Thread.sleep(POLL.toMillis());
      stack.requireAlive();
      terminal.progress("waiting for " + kind.toLowerCase(Locale.ROOT));
    }
  }

  private void report(Stack stack, RunResult result) throws IOException, InterruptedException {
    Observation seen = result.observation();
    List<Past> events = new ArrayList<>();
    String answer = scenario.adjective() + " answer";
    seen.firstBad().ifPresent(bad -> events.add(new Past(bad.at(), Tone.BAD, "first " + answer)));
    seen.lastBad()
        .ifPresent(
            bad ->
                events.add(new Past(bad.at(), Tone.BAD, "last " + answer + ": traffic is away")));
    seen.tripAlert()
        .ifPresent(
            alert ->
                events.add(new Past(alert.at(), Tone.PLAIN, "alert delivered, signature right")));
    for (Decision decision : seen.decisions()) {
      if (decision.kind().equals("REFERENCE_PINNED")) {
        continue; // long before anything happens
      }
      events.add(new Past(decision.at(), Tone.STRONG, told(decision)));
    }
    events.sort(Comparator.comparing(Past::at));
    for (Past event : events) {
      terminal.eventBefore(Duration.between(event.at(), Instant.now()), event.tone(), event.text());
    }
    terminal.event("done: %,d predictions counted".formatted(seen.predictions()));
    if (seen.trip().isPresent() && options.singleRun()) {
      String id = seen.trip().get().id();
      terminal.line("");
      terminal.line(Tone.QUIET, "$ java -jar collector/target/breakwater.jar decisions " + id);
      terminal.line(stack.explain(id).stripTrailing());
    }
  }

  private static String told(Decision decision) {
    String on = decision.kind().equals("BREACHED") ? " on version " + decision.version() : "";
    return decision.kind().toLowerCase(Locale.ROOT) + on + ": " + decision.reason();
  }

  /** Something that happened a while ago. */
  private record Past(Instant at, Tone tone, String text) {}

  private void keep(Stack stack) throws IOException, InterruptedException {
    terminal.line("");
    terminal.line(
        Tone.STRONG, "left running until Ctrl-C; the collector: " + stack.collector().base());
    terminal.line("clients' address: " + stack.inferAddress());
    while (true) {
      Thread.sleep(1_000);
      stack.requireAlive();
    }
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.0f %%", 100 * share);
  }
}
