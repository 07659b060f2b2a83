package io.breakwater.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.ScalarResult;

/**
 * JMH profiler ({@code -prof io.breakwater.benchmarks.WorkerCost}): processor time and heap bytes
 * of the benchmark's own threads per operation, and processor time of the whole process. Bytes of
 * other threads, such as one that drains, are not those of a caller.
 */
public class WorkerCost implements InternalProfiler {
  /** Processor time of the benchmark's threads, nanoseconds per operation. */
  static final String CPU = "cpu";

  /** Processor time of the whole process, nanoseconds per operation. */
  static final String PROCESS_CPU = "cpu.process";

  /** Heap bytes that the benchmark's threads allocated, per operation. */
  static final String BYTES = "bytes";

  private static final String WORKER = "jmh-worker";

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final OperatingSystemMXBean process =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  private long cpuBefore;
  private long bytesBefore;
  private long processBefore;

  @Override
  public String getDescription() {
    return "Processor time and heap bytes of the benchmark's threads per operation";
  }

  @Override
  public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
    cpuBefore = cpuNanos();
    bytesBefore = bytes();
    processBefore = process.getProcessCpuTime();
  }

  @Override
  public Collection<ScalarResult> afterIteration(
      BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
    long cpu = cpuNanos() - cpuBefore;
    long bytes = bytes() - bytesBefore;
    long all = process.getProcessCpuTime() - processBefore;
    double operations = (double) result.getMetadata().getAllOps();
    return operations == 0
        ? List.of()
        : List.of(
            perOperation(CPU, cpu / operations, "ns/op"),
            perOperation(PROCESS_CPU, all / operations, "ns/op"),
            perOperation(BYTES, bytes / operations, "B/op"));
  }

  private static ScalarResult perOperation(String name, double amount, String unit) {
    return new ScalarResult(name, amount, unit, AggregationPolicy.AVG);
  }

  private long cpuNanos() {
    long nanos = 0;
    for (ThreadInfo worker : workers()) {
      nanos += Math.max(0, threads.getThreadCpuTime(worker.getThreadId()));
    }
    return nanos;
  }

  private long bytes() {
    long bytes = 0;
    for (ThreadInfo worker : workers()) {
      bytes += Math.max(0, threads.getThreadAllocatedBytes(worker.getThreadId()));
    }
    return bytes;
  }

  private List<ThreadInfo> workers() {
    return Arrays.stream(threads.getThreadInfo(threads.getAllThreadIds()))
        .filter(thread -> thread != null && thread.getThreadName().contains(WORKER))
        .toList();
  }
}
