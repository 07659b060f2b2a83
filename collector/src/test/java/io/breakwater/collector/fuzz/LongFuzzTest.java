package io.breakwater.collector.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The long run, see {@code docs/fuzzing.md}: {@code fuzz.seconds} for every reader, or for {@code
 * fuzz.target} alone, on as many threads as there are processors, with seeds from {@code fuzz.seed}
 * on. Inputs that are findings are kept in {@code target/fuzz}.
 */
@EnabledIfSystemProperty(named = "fuzz.seconds", matches = "\\d+", disabledReason = "a long run")
class LongFuzzTest {
  private static final int MAX_FINDINGS = 5;

  /** For one input of 64 KiB, with pauses of the machine. */
  private static final long MOST_NANOS = 5_000_000_000L;

  private static final long SEED = Long.getLong("fuzz.seed", System.nanoTime());

  static List<String> names() {
    String one = System.getProperty("fuzz.target");
    return one == null ? FuzzTest.names() : List.of(one);
  }

  private final AtomicLong inputs = new AtomicLong();
  private final AtomicInteger findings = new AtomicInteger();
  private final AtomicInteger ways = new AtomicInteger();
  private final AtomicLong slowestNanos = new AtomicLong();

  @ParameterizedTest
  @MethodSource("names")
  void anyInput_isTakenOrRefusedAsDeclared(String name) throws Exception {
    FuzzTarget target = Targets.named(name);
    long begin = System.nanoTime();
    long end = begin + Long.getLong("fuzz.seconds") * 1_000_000_000L;
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
      Mutator mutator = new Mutator(target, SEED + i);
      Thread thread = new Thread(() -> loop(target, mutator, end));
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    report(name, (System.nanoTime() - begin) / 1e9);
    assertThat(findings).hasValue(0);
    assertThat(slowestNanos.get()).as("nanoseconds for one input").isLessThan(MOST_NANOS);
  }

  private void loop(FuzzTarget target, Mutator mutator, long end) {
    while (System.nanoTime() < end && findings.get() < MAX_FINDINGS) {
      byte[] input = mutator.next();
      long begin = System.nanoTime();
      try {
        mutator.took(input, target.run(input));
      } catch (Throwable e) {
        keep(target.name(), input, e);
      }
      inputs.incrementAndGet();
      long took = System.nanoTime() - begin;
      if (took > MOST_NANOS) {
        keep(target.name(), input, new AssertionError("took " + took / 1_000_000 + " ms"));
      }
      slowestNanos.accumulateAndGet(took, Math::max);
    }
    ways.accumulateAndGet(mutator.ways(), Math::max);
  }

  private void keep(String name, byte[] input, Throwable e) {
    try {
      Path folder = Files.createDirectories(Path.of("target", "fuzz"));
      Path file = folder.resolve(name + "-" + findings.incrementAndGet());
      Files.write(file, input);
      System.out.println(file + ": " + e);
      e.printStackTrace(System.out);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  private void report(String name, double seconds) {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    System.out.printf(
        "fuzzed %s: %,d inputs in %.0f s, %d ways, %d findings, slowest %d ms, seed %d,"
            + " heap afterwards %d MiB of at most %d%n",
        name,
        inputs.get(),
        seconds,
        ways.get(),
        findings.get(),
        slowestNanos.get() / 1_000_000,
        SEED,
        (runtime.totalMemory() - runtime.freeMemory()) >> 20,
        runtime.maxMemory() >> 20);
  }
}
