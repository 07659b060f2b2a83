package io.breakwater.benchmarks;

import io.breakwater.signals.BucketIndex;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The exact bucket index against the usual logarithm, per value. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class BucketIndexBench {
  /** Scale of the buckets. */
  @Param("6")
  public int scale;

  private final double[] values = new double[Rows.COUNT];
  private BucketIndex index = BucketIndex.ofScale(0);
  private double factor;

  /** Picks the log-normal feature of every row. */
  @Setup
  public void prepare(Rows rows) {
    for (int row = 0; row < values.length; row++) {
      values[row] = rows.values[row * Rows.WIDTH];
    }
    index = BucketIndex.ofScale(scale);
    factor = Math.scalb(1 / Math.log(2), scale);
  }

  /** Ours: exact. */
  @Benchmark
  @OperationsPerInvocation(Rows.COUNT)
  public int table() {
    BucketIndex buckets = index;
    int sum = 0;
    for (double value : values) {
      sum += buckets.indexOf(value);
    }
    return sum;
  }

  /** The usual way: wrong next to bucket bounds. */
  @Benchmark
  @OperationsPerInvocation(Rows.COUNT)
  public int logarithm() {
    double perLog = factor;
    int sum = 0;
    for (double value : values) {
      sum += (int) Math.ceil(Math.log(value) * perLog) - 1;
    }
    return sum;
  }
}
