package io.breakwater.engine.sim;

import io.breakwater.engine.detect.RateDetector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/**
 * Measures how fast the error detectors are and how often they cry wolf, and writes the page {@code
 * docs/detector-errors.md}. Arguments: the file to write, and optionally how many days a null
 * stream lasts (30). Seeded: the same code gives the same numbers.
 */
public final class DetectorErrors {
  private static final List<Duration> AGES =
      List.of(Duration.ofSeconds(20), Duration.ofMinutes(10), Duration.ofHours(1));
  private static final double[] SHARES = {1, 0.5, 0.2, 0.1, 0.05};
  private static final int RUNS = 40;
  private static final double RAISED_ALPHA = 0.05;

  private record Null(
      String rule, String stream, Supplier<RateDetector> detector, IntFunction<Traffic> traffic) {}

  private DetectorErrors() {}

  /** Runs everything. */
  public static void main(String[] arguments) throws Exception {
    int days = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 30;
    ExecutorService threads =
        Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
    try {
      Future<String> even = threads.submit(() -> delays(true));
      Future<String> poisson = threads.submit(() -> delays(false));
      List<Future<String>> rows = new ArrayList<>();
      long seed = 1;
      for (Null row : nulls()) {
        long own = seed++;
        rows.add(threads.submit(() -> nullRow(row, days, own)));
      }
      Future<String> jump = threads.submit(DetectorErrors::jumps);
      StringBuilder page = new StringBuilder(head());
      page.append("Even load, the same number of calls in every pane:\n\n").append(even.get());
      page.append("Calls arriving as Poisson streams:\n\n").append(poisson.get());
      page.append(nullHead(days));
      for (Future<String> row : rows) {
        page.append(row.get());
      }
      page.append(nullFoot(days)).append(jump.get()).append(rest());
      write(Path.of(arguments[0]), page.toString());
    } finally {
      threads.shutdown();
    }
  }

  private static void write(Path file, String page) throws IOException {
    Files.writeString(file, page);
  }

  private static String head() {
    return """
        # How fast and how sure the error detectors are

        Simulated with seeded random streams: panes of 100 ms, calls fail independently. Reproduce (five minutes of one core):

        ```
        mvn -q -pl guardrails/engine -am test-compile
        java -cp guardrails/engine/target/classes:guardrails/engine/target/test-classes io.breakwater.engine.sim.DetectorErrors docs/detector-errors.md
        ```

        A short version with assertions runs in every build (`DetectorErrorsTest`).

        ## Seconds from the first failing pane to the trip

        Through the whole engine, 500 calls a second, 20 %% of them on the canary, guardrail `errors against: stable` at `alpha: 1e-4`; median / maximum of %d runs. Waiting for the pane to be cut (up to 0.1 s after the flush) is not in it.

        """
        .formatted(RUNS);
  }

  private static String delays(boolean even) {
    StringBuilder table = new StringBuilder("| canary fails |");
    for (double base : new double[] {0.01, 0.001}) {
      for (Duration age : AGES) {
        table.append(" base ").append(percent(base)).append(", ").append(words(age)).append(" |");
      }
    }
    table.append("\n|---|").append("---|".repeat(2 * AGES.size())).append('\n');
    Map<Duration, Map<Double, double[]>> high =
        Delays.measure(new Delays.Load(even, 0.01), AGES, SHARES, RUNS, 1_000);
    Map<Duration, Map<Double, double[]>> low =
        Delays.measure(new Delays.Load(even, 0.001), AGES, SHARES, RUNS, 2_000);
    for (double share : SHARES) {
      table.append("| ").append(percent(share)).append(" |");
      for (Map<Duration, Map<Double, double[]>> delays : List.of(high, low)) {
        for (Duration age : AGES) {
          double[] sorted = delays.get(age).get(share);
          table.append(
              String.format(
                  Locale.ROOT,
                  " %.1f / %.1f |",
                  (sorted[(RUNS - 1) / 2] + sorted[RUNS / 2]) / 2,
                  sorted[RUNS - 1]));
        }
      }
      table.append('\n');
    }
    return table.append('\n').toString();
  }

  private static List<Null> nulls() {
    Supplier<RateDetector> canary = FalseAlarms.canary(RAISED_ALPHA);
    Supplier<RateDetector> limit = FalseAlarms.limit(0.05, RAISED_ALPHA);
    String against = "against stable";
    String max = "max 5 %";
    return List.of(
        new Null(against, "both 1 %, 100 + 400/s", canary, FalseAlarms.steady(10, 40, 0.01)),
        new Null(against, "both 0.1 %, 100 + 400/s", canary, FalseAlarms.steady(10, 40, 0.001)),
        new Null(against, "both 10 %, 250 + 250/s", canary, FalseAlarms.steady(25, 25, 0.1)),
        new Null(against, "both 1 %, 1 + 4/s", canary, FalseAlarms.steady(0.1, 0.4, 0.01)),
        new Null(
            against,
            "both alike: 0.5 to 2 % over the day, hourly outages of 30 s at 30 %, 100 + 400/s",
            canary,
            FalseAlarms.swingsAndOutages(10, 40)),
        new Null(max, "1 %, 100/s", limit, FalseAlarms.steady(10, 0, 0.01)),
        new Null(max, "4 %, 100/s", limit, FalseAlarms.steady(10, 0, 0.04)),
        new Null(max, "5 % (the limit itself), 100/s", limit, FalseAlarms.steady(10, 0, 0.05)),
        new Null(max, "5 % (the limit itself), 1/s", limit, FalseAlarms.steady(0.1, 0, 0.05)));
  }

  private static String nullHead(int days) {
    return """
        ## False alarms

        Nothing is wrong in these streams of %d days (%,d looks each; calls arrive as Poisson streams). To get a number that can be compared at all, the level is raised to `alpha: 0.05` a day, 500 times the default; after an alarm the detector starts afresh.

        | rule | stream (canary + stable) | alarms | allowed on average |
        |---|---|---|---|
        """
        .formatted(days, (long) days * FalseAlarms.PANES_PER_DAY);
  }

  private static String nullRow(Null row, int days, long seed) {
    int alarms =
        FalseAlarms.count(row.detector, row.traffic, days * FalseAlarms.PANES_PER_DAY, seed);
    return String.format(
        Locale.ROOT,
        "| %s | %s | %d | %.1f |%n",
        row.rule,
        row.stream,
        alarms,
        days * RAISED_ALPHA);
  }

  private static String nullFoot(int days) {
    return """

        With %.1f alarms allowed on average, up to %d in one stream would be within chance (99 %% quantile of the Poisson distribution). At the default level of 1e-4 an alarm needs e^6.2 times the evidence on top.

        """
        .formatted(days * RAISED_ALPHA, poissonQuantile(days * RAISED_ALPHA, 0.99));
  }

  static int poissonQuantile(double mean, double level) {
    double p = Math.exp(-mean);
    double sum = p;
    int k = 0;
    while (sum < level) {
      k++;
      p *= mean / k;
      sum += p;
    }
    return k;
  }

  private static String jumps() {
    int alarms = 0;
    for (int run = 0; run < RUNS; run++) {
      alarms +=
          FalseAlarms.count(FalseAlarms.canary(1e-4), FalseAlarms.jump(10, 40), 18_000, 500L + run);
    }
    return """
        ## A fault upstream

        Both versions jump from 1 %% to 30 %% failing and stay there for half an hour, `alpha: 1e-4`: %d of %d runs alarm.
        """
        .formatted(alarms, RUNS);
  }

  private static String rest() {
    return """

        ## Rules around the tests

        - **NO_DATA** until the version judged and, for the rule against stable, the stable version have 20 calls since the detector started; also when the version had no call for 10 s.
        - A pane in which one of the two versions has no calls is judged together with the next ones, so that a canary with little traffic is judged at all.
        - Evidence is capped a little above the threshold: it can only make alarms rarer, and lets a version that failed for an hour be seen healthy within seconds.
        - The evidence shown begins at the most likely moment of change: the last zero of the CUSUM that belongs to the strongest alternative.
        - An episode of breaches is over 10 s after its last breach; the detector then starts afresh. People are told once per episode.
        - Probes of a half-open version are judged by Wald's sequential probability ratio test at 1 %% for both errors: "fails as often as the stable version" against "in ten percentage points more of its successes". A version without failures passes after 44 calls.
        """
        .formatted();
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, share < 0.01 ? "%.1f %%" : "%.0f %%", share * 100);
  }

  private static String words(Duration age) {
    if (age.toMinutes() < 1) {
      return age.toSeconds() + " s healthy";
    }
    return age.toHours() < 1 ? age.toMinutes() + " min" : age.toHours() + " h";
  }
}
