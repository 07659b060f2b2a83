package io.breakwater.benchmarks;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs benchmarks in rounds and prints medians and ratios: {@code java -cp
 * benchmarks/target/benchmarks.jar io.breakwater.benchmarks.Rounds ROUNDS BASE NAME...}.
 *
 * <p>In each round every benchmark named runs once, in a JVM of its own, in random order. A ratio
 * is taken within a round, to the benchmark {@code BASE} of the same round, so that what else the
 * machine does in those minutes falls on both; its median over the rounds is printed. The time of a
 * round is the median of its samples.
 */
public final class Rounds {
  /** What one run of a benchmark measured: per operation, nanoseconds and bytes. */
  private record Measured(double time, double cpu, double process, double bytes) {
    static Measured of(RunResult result) {
      return new Measured(
          result.getPrimaryResult().getStatistics().getPercentile(50),
          secondary(result, WorkerCost.CPU),
          secondary(result, WorkerCost.PROCESS_CPU),
          secondary(result, WorkerCost.BYTES));
    }

    private static double secondary(RunResult result, String metric) {
      return requireNonNull(result.getSecondaryResults().get(metric)).getScore();
    }
  }

  private Rounds() {}

  /**
   * Arguments: number of rounds, the base, the others; names as {@code Class.method}, or {@code
   * Class.method:parameter=value}.
   */
  public static void main(String[] args) throws RunnerException {
    if (args.length < 2) {
      System.err.println("usage: Rounds ROUNDS BASE NAME... (names as Class.method[:param=value])");
      System.exit(2);
    }
    int rounds = Integer.parseInt(args[0]);
    List<String> names = Arrays.asList(args).subList(1, args.length);
    List<Map<String, Measured>> results = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      results.add(round(names));
    }
    names.forEach(name -> print(results, names.get(0), name));
  }

  private static Map<String, Measured> round(List<String> names) throws RunnerException {
    List<String> order = new ArrayList<>(names);
    Collections.shuffle(order);
    Map<String, Measured> round = new HashMap<>();
    for (String name : order) {
      round.put(name, run(name));
    }
    return round;
  }

  private static Measured run(String name) throws RunnerException {
    String[] parts = name.split("[:=]", -1);
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include("\\." + parts[0].replace(".", "\\.") + "$")
            .forks(1)
            .addProfiler(WorkerCost.class)
            .verbosity(VerboseMode.SILENT);
    for (int i = 1; i + 1 < parts.length; i += 2) {
      options.param(parts[i], parts[i + 1]);
    }
    return Measured.of(new Runner(options.build()).runSingle());
  }

  private static void print(List<Map<String, Measured>> results, String base, String name) {
    double[] time = new double[results.size()];
    double[] cpu = new double[time.length];
    double[] process = new double[time.length];
    double[] bytes = new double[time.length];
    double[] toBase = new double[time.length];
    for (int round = 0; round < time.length; round++) {
      Measured measured = requireNonNull(results.get(round).get(name));
      time[round] = measured.time();
      cpu[round] = measured.cpu();
      process[round] = measured.process();
      bytes[round] = measured.bytes();
      toBase[round] = measured.time() / requireNonNull(results.get(round).get(base)).time();
    }
    System.out.println(name);
    print("time / base", toBase);
    print("time ns", time);
    print("thread's cpu ns", cpu);
    print("process's cpu ns", process);
    print("thread's bytes", bytes);
  }

  private static void print(String what, double[] values) {
    Arrays.sort(values);
    System.out.printf(
        Locale.ROOT,
        "  %-17s median %.3f (%.3f to %.3f)%n",
        what,
        values[values.length / 2],
        values[0],
        values[values.length - 1]);
  }
}
