package io.breakwater.examples.demo;

import io.breakwater.examples.demo.Terminal.Tone;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** Tables at the end: of one run, and of many. */
final class Summary {
  private final Terminal terminal;

  Summary(Terminal terminal) {
    this.terminal = terminal;
  }

  /** One run. */
  void ofRun(RunResult result) {
    Observation seen = result.observation();
    terminal.line("");
    String answer = seen.scenario().adjective() + " answer";
    if (seen.scenario().mustTrip()) {
      row("first " + answer + " -> trip decided", seconds(seen.firstBadToTrip()));
      row("first " + answer + " -> last " + answer, seconds(seen.firstBadToLastBad()));
      row("first " + answer + " -> alert delivered", seconds(seen.firstBadToAlert()));
    }
    noticed(seen);
    row(
        answer + "s served",
        String.format(
            Locale.ROOT, "%,d of %,d predictions", seen.badAnswers().size(), seen.predictions()));
    row("the canary's share before", percent(seen.canaryShare()));
    if (result.collectorPeakMebibytes() >= 0) {
      row("the collector's memory, peak", result.collectorPeakMebibytes() + " MiB");
    }
    verdict(result);
  }

  /** What clients could have noticed by themselves. */
  private void noticed(Observation seen) {
    if (seen.scenario() == Scenario.LATENCY) {
      row(
          "median time of a version 2 answer",
          "%s, then %s (version 1: %s)"
              .formatted(
                  millis(seen.medianLatency(Stack.CANARY, true)),
                  millis(seen.medianLatency(Stack.CANARY, false)),
                  millis(seen.medianLatency(Stack.STABLE, false))));
    }
    if (seen.scenario() == Scenario.DRIFT) {
      row(
          "mean of version 2's scores",
          String.format(
              Locale.ROOT,
              "%.3f, then %.3f (version 1: %.3f); %+.2f standard deviations",
              seen.meanScore(Stack.CANARY, true),
              seen.meanScore(Stack.CANARY, false),
              seen.meanScore(Stack.STABLE, false),
              seen.scoreShift()));
    }
    if (seen.scenario().loadsBadBuild()) {
      row(
          "canary predictions until the trip",
          seen.canaryPredictionsUntilTrip().map(n -> "%,d".formatted(n)).orElse("no trip"));
    }
  }

  /** The outcome of each scenario, one line each. */
  void ofScenarios(List<RunResult> results) {
    terminal.line("");
    terminal.line(
        Tone.STRONG, "  scenario   expected   observed   first -> last bad answer   as expected");
    for (RunResult result : results) {
      Observation seen = result.observation();
      terminal.line(
          result.success() ? Tone.GOOD : Tone.BAD,
          "  %-10s %-10s %-10s %-26s %s"
              .formatted(
                  seen.scenario(),
                  seen.scenario().expected(),
                  seen.observed(),
                  seen.scenario().mustTrip()
                      ? "%s, %,d answers"
                          .formatted(seconds(seen.firstBadToLastBad()), seen.badAnswers().size())
                      : "%,d answers".formatted(seen.badAnswers().size()),
                  result.success() ? "yes" : "NO"));
    }
  }

  /** Many runs of one kind: medians and maxima. */
  void ofRuns(List<RunResult> results) {
    RunResult first = results.get(0);
    long failed = results.stream().filter(result -> !result.success()).count();
    long predictions = results.stream().mapToLong(r -> r.observation().predictions()).sum();
    terminal.line("");
    terminal.line(
        Tone.STRONG,
        String.format(
            Locale.ROOT,
            "%s, %s%s: %d runs, %d as expected; %,d predictions; trips: %d",
            first.observation().scenario(),
            first.backend(),
            setting(first),
            results.size(),
            results.size() - failed,
            predictions,
            results.stream().mapToLong(r -> r.observation().trips()).sum()));
    Scenario scenario = first.observation().scenario();
    if (scenario.mustTrip()) {
      String answer = scenario.adjective() + " answer";
      row("", "median       max");
      spread("first " + answer + " -> trip decided", results, Observation::firstBadToTrip);
      spread("first " + answer + " -> last " + answer, results, Observation::firstBadToLastBad);
      spread("first " + answer + " -> alert delivered", results, Observation::firstBadToAlert);
      spreadOfPredictions(results);
    }
  }

  private static String setting(RunResult result) {
    return switch (result.observation().scenario()) {
      case ERRORS, GOOD -> ", " + percent(result.failing()) + " failing";
      case LATENCY -> ", x " + result.slower();
      case DRIFT -> "";
    };
  }

  private void spreadOfPredictions(List<RunResult> results) {
    double[] counts =
        results.stream()
            .flatMap(result -> result.observation().canaryPredictionsUntilTrip().stream())
            .mapToDouble(Long::doubleValue)
            .sorted()
            .toArray();
    row(
        "canary predictions until the trip",
        counts.length == 0
            ? "never"
            : String.format(
                Locale.ROOT, "%,.0f   %,.0f", median(counts), counts[counts.length - 1]));
  }

  private void spread(
      String what, List<RunResult> results, Function<Observation, Optional<Duration>> time) {
    double[] seconds =
        results.stream()
            .flatMap(result -> time.apply(result.observation()).stream())
            .mapToDouble(RunResult::seconds)
            .sorted()
            .toArray();
    row(
        what,
        seconds.length == 0
            ? "never"
            : String.format(
                Locale.ROOT, "%.3f s   %.3f s", median(seconds), seconds[seconds.length - 1]));
  }

  /** The middle of sorted values, or the mean of the two in the middle. */
  static double median(double[] sorted) {
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  private void verdict(RunResult result) {
    Observation seen = result.observation();
    terminal.line(
        result.success() ? Tone.GOOD : Tone.BAD,
        String.format(
            "  expected: %s, observed: %s -> %s",
            seen.scenario().expected(),
            seen.observed(),
            result.success() ? "as expected" : "NOT as expected"));
    seen.problems().forEach(problem -> terminal.line(Tone.BAD, "  - " + problem));
  }

  private void row(String what, String value) {
    terminal.line(String.format("  %-42s %s", what, value));
  }

  private static String seconds(Optional<Duration> time) {
    return time.map(t -> String.format(Locale.ROOT, "%.3f s", RunResult.seconds(t)))
        .orElse("never");
  }

  private static String millis(Optional<Duration> time) {
    return time.map(t -> String.format(Locale.ROOT, "%.1f ms", t.toNanos() / 1e6)).orElse("none");
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }
}
