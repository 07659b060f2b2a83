package io.breakwater.engine.sim;

import com.sun.management.OperatingSystemMXBean;
import io.breakwater.engine.Distribution;
import io.breakwater.engine.detect.CanaryDriftTest;
import io.breakwater.engine.detect.DriftDetector;
import io.breakwater.engine.detect.Histograms;
import io.breakwater.engine.reference.Dispersions;
import io.breakwater.engine.reference.Reference;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.DoubleSupplier;

/**
 * Measures how fast the drift detector is, how often it cries wolf and what it costs, and writes
 * the page {@code docs/drift-errors.md}. Arguments: the file to write, and optionally how many
 * streams without drift last 30 days (1000). Seeded: the same code gives the same numbers, but for
 * the costs. With {@code cost} as the only argument only these are measured, and printed.
 */
public final class DriftErrors {
  static final double TOLERANCE = 0.0133;
  static final double LN_ALONE = Math.log(5.18e6);
  static final double LN_SHARED = 20.6;
  static final double[] SHIFTS = {0.1, 0.25, 0.5, 1};

  private static final int DAYS = 30;
  private static final int RUNS = 400;
  private static final int PIPED_RUNS = 60;
  private static final int QUIET = 2_880;
  private static final double EXPECTED = 150;
  private static final int AT_TOLERANCE = 20;
  private static final double CORRELATION = 0.9;
  private static final int BURST = 20;
  private static final double IN_BURSTS = 0.1;

  private DriftErrors() {}

  /** Runs everything. */
  public static void main(String[] arguments) throws Exception {
    if (arguments[0].equals("cost")) {
      System.out.print(cost());
      return;
    }
    int streams = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 1_000;
    ExecutorService threads =
        Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
    try {
      StringBuilder page = new StringBuilder(head());
      page.append(cost()); // Alone, before the others take the cores.
      Future<String> delays = threads.submit(() -> delays());
      Future<String> dependent = threads.submit(() -> dependent());
      String nulls = nulls(threads, streams);
      page.insert(page.indexOf("## Cost"), delays.get() + nulls + dependent.get());
      Files.writeString(Path.of(arguments[0]), page.toString());
    } finally {
      threads.shutdown();
    }
  }

  private static String head() {
    return """
    # How fast and how sure the drift detector is

    Simulated with seeded random streams: normal values, 100 rows a look, a look every 10 s, a reference of 10,000 rows drawn anew in every run, tolerance %.4f. Reproduce (eight minutes of one core):

    ```
    mvn -q -pl guardrails/engine -am test-compile
    java -cp guardrails/engine/target/classes:guardrails/engine/target/test-classes:guardrails/signals/target/classes io.breakwater.engine.sim.DriftErrors docs/drift-errors.md
    ```

    A short version with assertions runs in every build (`DriftErrorsTest`). Formulas and assumptions: [rationale/drift.md](rationale/drift.md).

    """
        .formatted(TOLERANCE);
  }

  private static String delays() {
    StringBuilder table =
        new StringBuilder(
            """
            ## Looks from a shift of the mean until the breach

            Median (90 %% quantile) of %d runs, after %,d quiet looks (8 h); `never` is over %,d looks (2 days). `c` is the run-length budget in looks: 5.18e6 for one stream at 5 %% in 30 days, e^20.6 for one alarm in 100 days over 1,000 streams.

            | | 0.1 sd | 0.25 sd | 0.5 sd | 1 sd |
            |---|---|---|---|---|
            """
                .formatted(RUNS, QUIET, DriftStreams.NEVER));
    row(table, "c = 5.18e6, dispersion 1", RUNS, (shift, seed) -> plain(LN_ALONE, shift, seed));
    row(table, "ln c = 20.6, dispersion 1", RUNS, (shift, seed) -> plain(LN_SHARED, shift, seed));
    row(
        table,
        "c = 5.18e6, pinned histograms, dispersion 1",
        PIPED_RUNS,
        (shift, seed) -> piped(0, false, shift, seed));
    row(
        table,
        "the same with one outlier of 1e30 in 1,000 rows",
        PIPED_RUNS,
        (shift, seed) -> piped(0.001, false, shift, seed));
    row(
        table,
        "the same, dispersion as measured from the reference's 100 panes",
        PIPED_RUNS,
        (shift, seed) -> piped(0.001, true, shift, seed));
    return table.append('\n').toString();
  }

  private interface Delay {
    int looks(double shift, long seed);
  }

  private static int plain(double lnThreshold, double shift, long seed) {
    return DriftStreams.delay(lnThreshold, TOLERANCE, shift, QUIET, seed);
  }

  static int piped(double outliers, boolean measured, double shift, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    DriftStreams.Piped stream =
        new DriftStreams.Piped(
            () -> Gaussian.next(random), outliers, random, TOLERANCE, LN_ALONE, measured);
    stream.alarms(100);
    return stream.delay(shift);
  }

  private static void row(StringBuilder table, String name, int runs, Delay delay) {
    table.append("| ").append(name).append(" |");
    for (double shift : SHIFTS) {
      int[] looks = new int[runs];
      Arrays.setAll(looks, run -> delay.looks(shift, run));
      Arrays.sort(looks);
      table.append(' ').append(words(looks[runs / 2]));
      table.append(" (").append(words(looks[runs * 9 / 10])).append(") |");
    }
    table.append('\n');
  }

  private static String words(int looks) {
    return looks == DriftStreams.NEVER ? "never" : String.format(Locale.ROOT, "%,d", looks);
  }

  private static String nulls(ExecutorService threads, int streams) throws Exception {
    int looks = DAYS * DriftStreams.LOOKS_PER_DAY;
    StringBuilder table =
        new StringBuilder(
            """
            ## False alarms

            %d days of looks every 10 s. Two budgets at once on the same streams: one alarm in 100 days over 1,000 streams (ln c = 20.6), and a c so low that %.0f alarms are allowed in the simulated time. After an alarm the detector starts afresh. "At most" is the 99 %% quantile of the Poisson distribution with the allowed mean.

            | streams | looks in all | ln c | alarms | allowed on average | at most |
            |---|---|---|---|---|---|
            """
                .formatted(DAYS, EXPECTED));
    nullRows(threads, table, "no drift", streams, looks, 0);
    nullRows(
        threads,
        table,
        "mean off by 0.0333 sd, so that shares differ by the tolerance itself",
        streams / AT_TOLERANCE,
        looks,
        0.0333);
    int pipedLooks = 10 * DriftStreams.LOOKS_PER_DAY;
    int piped = 20;
    double lnLow = Math.log((double) piped * pipedLooks / EXPECTED);
    for (double outliers : new double[] {0, 0.001}) {
      int alarms = 0;
      List<Future<Integer>> counts = new ArrayList<>();
      for (int i = 0; i < piped; i++) {
        long seed = i;
        counts.add(threads.submit(() -> pipedAlarms(outliers, lnLow, pipedLooks, seed)));
      }
      for (Future<Integer> count : counts) {
        alarms += count.get();
      }
      String name =
          outliers > 0
              ? "the same with one outlier of 1e30 in 1,000 rows"
              : "no drift, through pinned histograms, dispersion 1, 10 days";
      line(table, piped + ", " + name, (long) piped * pipedLooks, lnLow, alarms);
    }
    return table.append('\n').toString();
  }

  static int pipedAlarms(double outliers, double lnThreshold, int looks, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return new DriftStreams.Piped(
            () -> Gaussian.next(random), outliers, random, TOLERANCE, lnThreshold, false)
        .alarms(looks);
  }

  private static void nullRows(
      ExecutorService threads, StringBuilder table, String name, int streams, int looks, double off)
      throws Exception {
    double lnLow = Math.log((double) streams * looks / EXPECTED);
    List<Future<int[]>> counts = new ArrayList<>();
    for (int i = 0; i < streams; i++) {
      long seed = i;
      counts.add(
          threads.submit(
              () -> DriftStreams.falseAlarms(lnLow, LN_SHARED, TOLERANCE, off, looks, seed)));
    }
    int low = 0;
    int high = 0;
    for (Future<int[]> count : counts) {
      low += count.get()[0];
      high += count.get()[1];
    }
    long all = (long) streams * looks;
    line(table, String.format(Locale.ROOT, "%,d, %s", streams, name), all, LN_SHARED, high);
    line(table, "the same", all, lnLow, low);
  }

  private static void line(
      StringBuilder table, String name, long looks, double lnThreshold, int alarms) {
    double allowed = looks / Math.exp(lnThreshold);
    table.append(
        String.format(
            Locale.ROOT,
            "| %s | %,d | %.1f | %d | %.1f | %d |%n",
            name,
            looks,
            lnThreshold,
            alarms,
            allowed,
            DetectorErrors.poissonQuantile(allowed, 0.99)));
  }

  private static String dependent() {
    StringBuilder table =
        new StringBuilder(
            """
            ## Rows that depend on their neighbours

            No drift; 20 streams of 3 days, ln c = 20.6; 0.1 alarms are allowed on average. Dispersions are measured from the reference's 100 panes. *Alike*: a first-order autoregressive stream, correlation %.1f from row to row. *Bursts*: independent rows, but in stretches of %d rows on average, %.0f %% of all rows, every value is above 1 sd: shares vary much at high edges and little at low ones.

            | | alarms | mean dispersion at p10 | p50 | p90 | of ranks |
            |---|---|---|---|---|---|
            """
                .formatted(CORRELATION, BURST, 100 * IN_BURSTS));
    dependentRow(table, "alike, taken as independent", DriftErrors::alike, false);
    dependentRow(table, "alike, tempered", DriftErrors::alike, true);
    dependentRow(table, "bursts, taken as independent", DriftErrors::bursts, false);
    dependentRow(table, "bursts, tempered", DriftErrors::bursts, true);
    return table.append('\n').toString();
  }

  private interface Dependent {
    DriftStreams.Piped stream(boolean measured, long seed);
  }

  private static void dependentRow(
      StringBuilder table, String name, Dependent kind, boolean measured) {
    int streams = 20;
    int alarms = 0;
    double[] mean = new double[4];
    for (int seed = 0; seed < streams; seed++) {
      DriftStreams.Piped stream = kind.stream(measured, seed);
      Dispersions dispersions = stream.reference().dispersions();
      mean[0] += dispersions.upTo(0.1) / streams;
      mean[1] += dispersions.upTo(0.5) / streams;
      mean[2] += dispersions.upTo(0.9) / streams;
      mean[3] += dispersions.ranks() / streams;
      alarms += stream.alarms(3 * DriftStreams.LOOKS_PER_DAY);
    }
    table.append(
        String.format(
            Locale.ROOT,
            "| %s | %,d | %.1f | %.1f | %.1f | %.1f |%n",
            name,
            alarms,
            mean[0],
            mean[1],
            mean[2],
            mean[3]));
  }

  /** Rows like their neighbours. */
  static DriftStreams.Piped alike(boolean measured, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    DoubleSupplier source =
        new DoubleSupplier() {
          private double last = Gaussian.next(random);

          @Override
          public double getAsDouble() {
            last =
                CORRELATION * last
                    + Math.sqrt(1 - CORRELATION * CORRELATION) * Gaussian.next(random);
            return last;
          }
        };
    return new DriftStreams.Piped(source, 0, random, TOLERANCE, LN_SHARED, measured);
  }

  /** Independent rows with bursts of high values. */
  static DriftStreams.Piped bursts(boolean measured, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    DoubleSupplier source =
        new DoubleSupplier() {
          private boolean burst;

          @Override
          public double getAsDouble() {
            double leaves = burst ? 1.0 / BURST : IN_BURSTS / (1 - IN_BURSTS) / BURST;
            burst ^= random.nextDouble() < leaves;
            double value = Gaussian.next(random);
            while (burst && value <= 1) {
              value = Gaussian.next(random);
            }
            return value;
          }
        };
    return new DriftStreams.Piped(source, 0, random, TOLERANCE, LN_SHARED, measured);
  }

  private static String cost() {
    int streams = 150_000;
    SplittableRandom random = new SplittableRandom(1);
    Reference[] references = new Reference[100];
    Distribution[] looks = new Distribution[1_000];
    Arrays.setAll(references, i -> DriftStreams.reference(random));
    Arrays.setAll(looks, i -> Histograms.numbers(5, values(random)));
    DriftDetector[] detectors = new DriftDetector[streams];
    DriftDetector[] first = new DriftDetector[references.length];
    Arrays.setAll(first, i -> DriftDetector.of(references[i], looks[0], TOLERANCE, LN_SHARED));
    Arrays.setAll(detectors, i -> first[i % first.length]);
    double[] seconds = new double[7];
    for (int round = 0; round < seconds.length; round++) {
      long start = cpuNanos();
      for (int i = 0; i < streams; i++) {
        detectors[i] =
            detectors[i].next(
                looks[(i + round) % looks.length],
                DriftStreams.time(round),
                DriftStreams.time(round + 1L));
      }
      seconds[round] = (cpuNanos() - start) / 1e9;
    }
    Arrays.sort(seconds);
    double compared = comparisonMicros(first[0], looks);
    return String.format(
        Locale.ROOT,
        """
        ## Cost

        Processor time, garbage collection included (%s, Java %s): a look of 100 rows in buckets at %d edges costs %.1f us (buckets to counts, evidence, new state); 150,000 streams take %.2f s a look, median of %d rounds. The comparison of a canary with the stable version, which runs beside it, costs %.1f us a look. State: %d numbers a stream.
        """,
        System.getProperty("os.arch"),
        System.getProperty("java.version"),
        first[0].edges().edges().size(),
        1e6 * seconds[seconds.length / 2] / streams,
        seconds[seconds.length / 2],
        seconds.length,
        compared,
        first[0].evidence().size() + first[0].onsets().size());
  }

  private static double[] values(SplittableRandom random) {
    double[] values = new double[DriftStreams.ROWS];
    Arrays.setAll(values, i -> Gaussian.next(random));
    return values;
  }

  /** Processor time of the whole process, garbage collection and compiler included. */
  private static long cpuNanos() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private static double comparisonMicros(DriftDetector detector, Distribution[] looks) {
    CanaryDriftTest test = CanaryDriftTest.of(detector.edges());
    int times = 100_000;
    long start = cpuNanos();
    for (int i = 0; i < times; i++) {
      if (i == times / 2) {
        start = cpuNanos(); // The first half warms up.
      }
      test =
          test.next(
              detector.edges(), looks[i % looks.length], looks[(i + 1) % looks.length], LN_SHARED);
    }
    return (cpuNanos() - start) / 1e3 / (times / 2.0);
  }
}
