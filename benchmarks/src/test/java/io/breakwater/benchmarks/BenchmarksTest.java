package io.breakwater.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

class BenchmarksTest {
  /** Nothing is measured here; {@link OnnxRunBench} needs the agent's jar and is left out. */
  @Test
  void everyBenchmark_runsOnce() throws RunnerException {
    var results =
        new Runner(
                new OptionsBuilder()
                    .include("BucketIndexBench|HistogramBench|ProbeBench")
                    .forks(0)
                    .warmupIterations(0)
                    .measurementIterations(1)
                    .measurementTime(TimeValue.milliseconds(10))
                    .shouldFailOnError(true)
                    .verbosity(VerboseMode.SILENT)
                    .build())
            .run();
    assertThat(results).hasSize(18);
  }
}
