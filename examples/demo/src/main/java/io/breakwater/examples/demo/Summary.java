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
    if (seen.scenario() == Scenario.ERRORS) {
      row("first bad answer -> trip decided", seconds(seen.firstBadToTrip()));
      row("first bad answer -> last bad answer", seconds(seen.firstBadToLastBad()));
      row("first bad answer -> alert delivered", seconds(seen.firstBadToAlert()));
    }
    row(
        "bad answers served",
        String.format(
            Locale.ROOT, "%,d of %,d predictions", seen.badAnswers().size(), seen.predictions()));
    row("the canary's share before", percent(seen.canaryShare()));
    if (result.collectorPeakMebibytes() >= 0) {
      row("the collector's memory, peak", result.collectorPeakMebibytes() + " MiB");
    }
    verdict(result);
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
            "%s, %s, %s failing: %d runs, %d as expected; %,d predictions; trips: %d",
            first.observation().scenario(),
            first.backend(),
            percent(first.failing()),
            results.size(),
            results.size() - failed,
            predictions,
            results.stream().mapToLong(r -> r.observation().trips()).sum()));
    if (first.observation().scenario() == Scenario.ERRORS) {
      row("", "median       max");
      spread("first bad answer -> trip decided", results, Observation::firstBadToTrip);
      spread("first bad answer -> last bad answer", results, Observation::firstBadToLastBad);
      spread("first bad answer -> alert delivered", results, Observation::firstBadToAlert);
    }
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
    terminal.line(String.format("  %-40s %s", what, value));
  }

  private static String seconds(Optional<Duration> time) {
    return time.map(t -> String.format(Locale.ROOT, "%.3f s", RunResult.seconds(t)))
        .orElse("never");
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }
}
