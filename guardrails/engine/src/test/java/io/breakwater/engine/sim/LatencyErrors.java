package io.breakwater.engine.sim;

import io.breakwater.engine.detect.RateDetector;
import io.breakwater.engine.policy.Breaches;
import io.breakwater.engine.policy.Guardrail;
import io.breakwater.engine.policy.Guardrail.SlowThreshold;
import io.breakwater.engine.policy.Then;
import io.breakwater.engine.sim.LatencyDelays.Fault;
import io.breakwater.engine.sim.LatencyDelays.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/**
 * Measures how fast the guardrails on latency are and how often they cry wolf, and writes the page
 * {@code docs/latency-errors.md}. Arguments: the file to write, and optionally how many days a null
 * stream lasts (30). Seeded: the same code gives the same numbers.
 */
public final class LatencyErrors {
  private static final int RUNS = 40;
  private static final double RAISED_ALPHA = 0.05;
  private static final Fault[] FAULTS = {
    Fault.everywhere(1.3, 1),
    Fault.everywhere(1.5, 1),
    Fault.everywhere(2, 1),
    Fault.everywhere(3, 1)
  };

  private LatencyErrors() {}

  /** Runs everything. */
  public static void main(String[] arguments) throws Exception {
    int days = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 30;
    String page = head() + delays() + instances() + falseAlarms(days) + rest();
    Files.writeString(Path.of(arguments[0]), page);
  }

  /** The guardrail {@code slower-than: pNN, against: stable}. */
  static Guardrail slower(double quantile, double alpha) {
    return new Guardrail.SlowerThanStable(
        "slower than a quantile",
        new SlowThreshold.OfStable(quantile),
        alpha,
        Then.TRIP,
        Breaches.AT_ONCE,
        null);
  }

  private static Map<String, Guardrail> guardrails() {
    Map<String, Guardrail> rows = new LinkedHashMap<>();
    rows.put("`slower-than: p99`", slower(0.99, 1e-4));
    rows.put("`slower-than: p90`", slower(0.9, 1e-4));
    rows.put("`slower-than: p50`", slower(0.5, 1e-4));
    rows.put(
        "`slower-than: 50ms`",
        new Guardrail.SlowerThanStable(
            "slower than 50ms",
            new SlowThreshold.Fixed(Duration.ofMillis(50)),
            1e-4,
            Then.TRIP,
            Breaches.AT_ONCE,
            null));
    rows.put(
        "`quantile: 0.99, max: 70ms`",
        new Guardrail.DurationLimit(
            "p99", 0.99, Duration.ofMillis(70), 1e-4, Then.TRIP, Breaches.AT_ONCE, null));
    return rows;
  }

  private static String head() {
    return """
    # How fast and how sure the latency guardrails are

    Simulated with seeded random streams through the whole engine: 500 calls a second that arrive as Poisson streams, 20 %% of them on the canary, panes of 100 ms, durations log-normal around 20 ms with a sigma of 0.5 (p90 38 ms, p99 64 ms), no warm-up. Reproduce (two minutes of one core):

    ```
    mvn -q -pl guardrails/engine -am test-compile
    java -cp guardrails/engine/target/classes:guardrails/signals/target/classes:guardrails/engine/target/test-classes io.breakwater.engine.sim.LatencyErrors docs/latency-errors.md
    ```

    A short version with assertions runs in every build (`LatencyErrorsTest`).

    ## Seconds from the first slower pane to the trip

    Every call of the canary takes so much longer; `alpha: 1e-4`; median / maximum of %d runs. Waiting for the pane to be cut (up to 0.1 s after the flush) is not in it.

    | guardrail (`signal: duration`) | +30 %%, 20 s healthy | 10 min | +50 %%, 20 s | 10 min | x2, 20 s | 10 min | x3, 20 s | 10 min |
    |---|---|---|---|---|---|---|---|---|
    """
        .formatted(RUNS);
  }

  private static String delays() {
    StringBuilder rows = new StringBuilder();
    long seed = 1_000;
    for (Map.Entry<String, Guardrail> row : guardrails().entrySet()) {
      Outcome[][] early =
          LatencyDelays.measure(row.getValue(), Duration.ofSeconds(20), FAULTS, RUNS, seed++);
      Outcome[][] late =
          LatencyDelays.measure(row.getValue(), Duration.ofMinutes(10), FAULTS, RUNS, seed++);
      rows.append("| ").append(row.getKey()).append(" |");
      for (int i = 0; i < FAULTS.length; i++) {
        rows.append(words(early[i])).append(words(late[i]));
      }
      rows.append('\n');
    }
    return rows
        + """

        A low quantile sees "everything is somewhat slower" sooner, a high one "some calls are far slower"; two rules side by side cost nothing but their levels. A limit on the quantile has to be told by a person and knows nothing of the stable version's own bad days.

        """;
  }

  private static String words(Outcome[] outcomes) {
    return String.format(
        Locale.ROOT, " %s / %s |", seconds(median(outcomes)), seconds(sorted(outcomes)[RUNS - 1]));
  }

  private static String seconds(double value) {
    return Double.isNaN(value) ? "over 300" : String.format(Locale.ROOT, "%.1f", value);
  }

  static double median(Outcome[] outcomes) {
    double[] sorted = sorted(outcomes);
    int n = sorted.length;
    return (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
  }

  static double[] sorted(Outcome[] outcomes) {
    return Arrays.stream(outcomes).mapToDouble(Outcome::seconds).sorted().toArray();
  }

  private static String instances() {
    Fault[] faults = {
      Fault.inOne(1.5, 4), Fault.inOne(3, 4), Fault.everywhere(1.3, 4), Fault.everywhere(3, 4)
    };
    String[] names = {"one +50 %", "one x3", "all +30 %", "all x3"};
    StringBuilder rows = new StringBuilder();
    Outcome[][] outcomes =
        LatencyDelays.measure(slower(0.99, 1e-4), Duration.ofSeconds(60), faults, RUNS, 3_000);
    for (int i = 0; i < faults.length; i++) {
      long tripped = Arrays.stream(outcomes[i]).filter(Outcome::tripped).count();
      long told = Arrays.stream(outcomes[i]).filter(o -> !Double.isNaN(o.seconds())).count();
      rows.append("| ")
          .append(names[i])
          .append(" | ")
          .append(told - tripped)
          .append(" | ")
          .append(tripped)
          .append(" |")
          .append(words(outcomes[i]))
          .append('\n');
    }
    return """
    ## Instance or version

    The canary's calls fall on four instances at random, of which one or all are slower; `slower-than: p99`, %d runs.

    | slower | the instance is told | the version is tripped | seconds, median / maximum |
    |---|---|---|---|
    %s
    """
        .formatted(RUNS, rows);
  }

  private static String falseAlarms(int days) {
    Supplier<RateDetector> detector = FalseAlarms.canary(RAISED_ALPHA);
    StringBuilder rows = new StringBuilder();
    row(rows, "both alike, p99 of the last two windows", detector, thresholds(0.99), days, 11);
    row(rows, "both alike, p90 of the last two windows", detector, thresholds(0.9), days, 12);
    row(
        rows,
        "both alike: 50 % slower by day than by night, the night's p99",
        detector,
        swing(),
        days,
        13);
    int engine =
        LatencyDelays.falseAlarms(slower(0.99, RAISED_ALPHA), FalseAlarms.PANES_PER_DAY, 14);
    return """
    ## False alarms

    Nothing is wrong in these streams of %d days (%,d looks each, 100 + 400 calls a second). To get a number that can be compared at all, the level is raised to `alpha: 0.05` a day, 500 times the default; after an alarm the detector starts afresh. The threshold is taken anew every 10 s as the lesser of two, each from 4,000 calls, so that its own error counts.

    | stream | alarms | allowed on average |
    |---|---|---|
    %s
    Through the whole engine, with durations in histograms, one day of `slower-than: p99` at that level: %d alarms, 0.05 allowed on average. With %.1f alarms allowed, up to %d in one stream would be within chance (99 %% quantile of the Poisson distribution).

    """
        .formatted(
            days,
            (long) days * FalseAlarms.PANES_PER_DAY,
            rows,
            engine,
            days * RAISED_ALPHA,
            DetectorErrors.poissonQuantile(days * RAISED_ALPHA, 0.99));
  }

  private static void row(
      StringBuilder rows,
      String name,
      Supplier<RateDetector> detector,
      IntFunction<Traffic> traffic,
      int days,
      long seed) {
    int alarms = FalseAlarms.count(detector, traffic, days * FalseAlarms.PANES_PER_DAY, seed);
    rows.append(
        String.format(Locale.ROOT, "| %s | %d | %.1f |%n", name, alarms, days * RAISED_ALPHA));
  }

  /** The share above the lesser quantile of the last two windows of 4,000 calls, each 10 s long. */
  private static IntFunction<Traffic> thresholds(double quantile) {
    Traffic[] windows = new Traffic[5_000];
    SplittableRandom random = new SplittableRandom(quantile > 0.95 ? 21 : 22);
    double before = 1;
    for (int i = 0; i < windows.length; i++) {
      double last = quantileOf(4_000, quantile, random);
      double share = 1 - Math.min(before, last);
      before = last;
      windows[i] = Traffic.poisson(10, share, 40, share);
    }
    return pane -> windows[pane / 100 % windows.length];
  }

  /** Which quantile of the truth the sample quantile is. */
  private static double quantileOf(int n, double quantile, SplittableRandom random) {
    double[] values = random.doubles(n).sorted().toArray();
    return values[(int) Math.ceil(quantile * n) - 1];
  }

  /** Both get up to 50 % slower around noon; sigma 0.5 and the threshold at the night's p99. */
  private static IntFunction<Traffic> swing() {
    Traffic[] byMinute = new Traffic[1_440];
    for (int minute = 0; minute < byMinute.length; minute++) {
      double noon = (1 - Math.cos(2 * Math.PI * minute / byMinute.length)) / 2;
      double share = shareAbove((Math.log(0.064 / 0.020) - noon * Math.log(1.5)) / 0.5);
      byMinute[minute] = Traffic.poisson(10, share, 40, share);
    }
    return pane -> byMinute[pane / 600 % byMinute.length];
  }

  /** Upper tail of the standard normal distribution, by the midpoint rule. */
  private static double shareAbove(double z) {
    double sum = 0;
    double step = 0.001;
    for (double x = z; x < z + 8; x += step) {
      sum += step * Math.exp(-(x + step / 2) * (x + step / 2) / 2);
    }
    return sum / Math.sqrt(2 * Math.PI);
  }

  private static String rest() {
    return """
    ## Rules around the tests

    - **Slow** is a successful call that takes longer than the threshold. Failed calls are neither slow nor fast; the error guardrails see them.
    - **A quantile of the stable version** is taken from its first 2,000 warm calls, then from the faster of the last two windows of 2,000 calls and 10 s at least, moved up to the end of its histogram bucket (at most 2.2 % further) so that counts are exact. It is known before the calls that it judges, and both versions are held to it, so a stable version that gets slower excuses nobody but itself. Another stable version starts anew. Until it is known the verdict is NO_DATA and says how many calls there are.
    - **In doubt**: where a threshold lies within a bucket (a time such as `50ms`, or a sender with coarse buckets), the calls of that bucket do not count as slow for the version judged and do for the one compared with.
    - **Warm-up**: an instance counts once it has answered `calls` live calls and `time` has passed since its first (200 and 30 s by default), on either side. A version that is new is thus not judged by its latency for the first 30 s.
    - **Instance**: if without one of its instances a version is as it should be, that instance is told (`INSTANCE`) and nothing is tripped. "As it should be": of the other n calls at most n p + 3 sqrt(n p (1 - p)) are bad, p being what is normal (the stable version's share, or the limit), and the instance and another one have 20 calls each in the evidence; a breach waits up to a second for these. The only instance of a version is the version.
    - **Probes** of a version that was tripped by its latency are judged by their latency, by the same test as errors.
    - **Quantiles shown** (p50, p99) have bands that hold at all times: the probability that the true one is ever outside is at most 5 % (Howard and Ramdas, 2022). A p99 has no band below 3,045 calls: "not enough data".
    """;
  }
}
