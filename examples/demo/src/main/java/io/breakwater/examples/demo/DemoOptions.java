package io.breakwater.examples.demo;

import static java.util.stream.Collectors.joining;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.DoublePredicate;
import org.jspecify.annotations.Nullable;

/**
 * The demo's command line.
 *
 * @param scenarios in the order in which they run
 * @param failing shares of the requests that lack the optional column, one series of runs each
 * @param slower how much longer the heavy build of scenario {@code latency} takes
 * @param predictions counted predictions of scenario {@code good}
 * @param rate predictions per second
 * @param warmupSeconds traffic before anything counts
 * @param runs runs per scenario and share, each with fresh processes
 * @param json where to write the measured facts, or null
 * @param keep whether everything is left running afterwards
 * @param root the project's folder, where the jars are
 */
record DemoOptions(
    List<Scenario> scenarios,
    List<Double> failing,
    String slower,
    String backend,
    int predictions,
    int rate,
    int warmupSeconds,
    int runs,
    @Nullable Path json,
    boolean keep,
    Path root) {
  static final String USAGE =
      """
      usage: ./demo [options]
        --scenario NAME    errors: the canary starts to fail and must be taken out of traffic (default)
                           latency: its answers stay right but become slow; must be taken out
                           drift: it answers everything, with shifted scores; must be taken out
                           good: it is as good as the stable version and must stay
                           all: one after the other
        --failing SHARE    errors, good: how many requests lack an optional column, at which the
                           canary fails in errors, 0.01 to 1 (default: 0.5)
        --slower FACTOR    latency: the work of the canary's new model over the old one's, 1.3 or 3
                           (default: 3)
        --predictions N    good: how many predictions are made (default: 12000)
        --backend NAME     who moves traffic: webhook, the example's router (default), or haproxy
        --rate N           predictions per second, 50 to 2000 (default: 500)
        --warmup SECONDS   traffic before anything counts (default: 25)
        --runs N           repeat with fresh processes, and print medians and maxima (default: 1)
        --curve            errors: runs for 5, 10, 20, 50 and 100 % failing
        --json FILE        write the measured facts; a list where there are several runs
        --keep             leave everything running afterwards, until Ctrl-C
        --help             this text
      Exit code: 0 when the clients saw what the scenario expects, 1 when not, 2 for wrong usage.
      """;

  private static final List<Double> CURVE = List.of(0.05, 0.1, 0.2, 0.5, 1.0);

  /** Options that mean something in some scenarios only. */
  private static final Map<String, Set<Scenario>> OF_SCENARIOS =
      Map.of(
          "--failing", EnumSet.of(Scenario.ERRORS, Scenario.GOOD),
          "--curve", EnumSet.of(Scenario.ERRORS),
          "--slower", EnumSet.of(Scenario.LATENCY),
          "--predictions", EnumSet.of(Scenario.GOOD));

  /**
   * Reads the command line.
   *
   * @throws IllegalArgumentException when it makes no sense
   */
  static DemoOptions parse(String... args) {
    List<Scenario> scenarios = List.of(Scenario.ERRORS);
    List<Double> failing = List.of(0.5);
    String slower = "3";
    String backend = "webhook";
    int predictions = 12_000;
    int rate = 500;
    int warmupSeconds = 25;
    int runs = 1;
    Path json = null;
    boolean keep = false;
    Path root = Path.of("");
    for (int i = 0; i < args.length; i++) {
      switch (args[i]) {
        case "--scenario" -> scenarios = scenarios(value(args, ++i));
        case "--failing" -> failing = List.of(share(args[i], value(args, ++i)));
        case "--curve" -> failing = CURVE;
        case "--slower" -> slower = slower(value(args, ++i));
        case "--backend" -> backend = backend(value(args, ++i));
        case "--predictions" -> predictions = number(args[i], value(args, ++i), 1_000, 10_000_000);
        case "--rate" -> rate = number(args[i], value(args, ++i), 50, 2_000);
        case "--warmup" -> warmupSeconds = number(args[i], value(args, ++i), 1, 600);
        case "--runs" -> runs = number(args[i], value(args, ++i), 1, 1_000);
        case "--json" -> json = Path.of(value(args, ++i));
        case "--root" -> root = Path.of(value(args, ++i));
        case "--keep" -> keep = true;
        default -> throw new IllegalArgumentException("unknown option " + args[i]);
      }
    }
    DemoOptions options =
        new DemoOptions(
            scenarios,
            failing,
            slower,
            backend,
            predictions,
            rate,
            warmupSeconds,
            runs,
            json,
            keep,
            root.toAbsolutePath());
    options.requireSense(Arrays.asList(args));
    if (keep && !options.singleRun()) {
      throw new IllegalArgumentException("--keep: goes with a single run only");
    }
    return options;
  }

  /** Whether there is one run in all, which is then told in full. */
  boolean singleRun() {
    return runs == 1 && scenarios.size() == 1 && failing.size() == 1;
  }

  private void requireSense(List<String> given) {
    OF_SCENARIOS.forEach(
        (option, theirs) -> {
          if (given.contains(option) && scenarios.stream().noneMatch(theirs::contains)) {
            throw new IllegalArgumentException(
                option
                    + ": means nothing in scenario "
                    + scenarios.get(0)
                    + " (expected: "
                    + theirs.stream().map(Scenario::toString).collect(joining(", "))
                    + " or all)");
          }
        });
  }

  private static String value(String[] args, int i) {
    if (i == args.length) {
      throw new IllegalArgumentException(args[i - 1] + ": no value");
    }
    return args[i];
  }

  private static List<Scenario> scenarios(String name) {
    return switch (name) {
      case "errors" -> List.of(Scenario.ERRORS);
      case "latency" -> List.of(Scenario.LATENCY);
      case "drift" -> List.of(Scenario.DRIFT);
      case "good" -> List.of(Scenario.GOOD);
      case "all" -> List.of(Scenario.values());
      default ->
          throw new IllegalArgumentException(
              "--scenario: " + name + " (expected: errors, latency, drift, good or all)");
    };
  }

  private static String slower(String factor) {
    if (factor.equals("1.3") || factor.equals("3")) {
      return factor;
    }
    throw new IllegalArgumentException("--slower: " + factor + " (expected: 1.3 or 3)");
  }

  private static String backend(String name) {
    if (name.equals("webhook") || name.equals("haproxy")) {
      return name;
    }
    throw new IllegalArgumentException("--backend: " + name + " (expected: webhook or haproxy)");
  }

  private static double share(String option, String value) {
    return parsed(option, value, "0.01 to 1", share -> share >= 0.01 && share <= 1);
  }

  private static int number(String option, String value, int least, int most) {
    return (int)
        parsed(
            option,
            value,
            least + " to " + most,
            number -> number >= least && number <= most && number == Math.rint(number));
  }

  private static double parsed(String option, String value, String expected, DoublePredicate fits) {
    try {
      double number = Double.parseDouble(value);
      if (fits.test(number)) {
        return number;
      }
    } catch (NumberFormatException e) {
      // told below, as for any other wrong value
    }
    throw new IllegalArgumentException(option + ": " + value + " (expected: " + expected + ")");
  }
}
