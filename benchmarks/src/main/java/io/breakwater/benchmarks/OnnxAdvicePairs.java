package io.breakwater.benchmarks;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.sun.management.ThreadMXBean;
import io.breakwater.agent.instrumentation.onnxruntime.advice.RunAdvice;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * What the whole advice adds to a real {@code OrtSession.run}, on a machine that is not quiet:
 * {@code java -cp benchmarks/target/benchmarks.jar io.breakwater.benchmarks.OnnxAdvicePairs
 * [PAIRS]}.
 *
 * <p>{@link OnnxRunBench} compares JVMs, and needs a quiet machine. Here one JVM runs blocks of
 * {@value #BLOCK} calls with and without the advice in random order, pair by pair, so that whatever
 * else happens falls on both, and prints the median of the differences within a pair. The advice is
 * called as the agent's patch calls it: one clock read before, the exit with the result after.
 * Values are drained and filed by a live thread meanwhile; a drop fails the run.
 */
public final class OnnxAdvicePairs {
  private static final int BLOCK = 16;
  private static final int WARM_UP_PAIRS = 4_000;
  private static final int PAIRS = 8_000;
  private static final long PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(500);
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final OnnxRunBench.Session session = new OnnxRunBench.Session();
  private final DrainedRecording recording = new DrainedRecording();
  private final RunAdvice advice = new RunAdvice(recording.recorder());
  private float scores;

  private OnnxAdvicePairs() {}

  /** Argument: number of pairs. */
  public static void main(String[] args) throws OrtException, InterruptedException {
    new OnnxAdvicePairs().measure(args.length > 0 ? Integer.parseInt(args[0]) : PAIRS);
  }

  private void measure(int pairs) throws OrtException, InterruptedException {
    recording.start();
    run(WARM_UP_PAIRS, new double[WARM_UP_PAIRS], new double[WARM_UP_PAIRS]);
    double[] plain = new double[pairs];
    double[] added = new double[pairs];
    run(pairs, plain, added);
    double bytes = bytesOfAdvised() - bytesOfPlain();
    recording.stop();
    double call = percentile(plain, 0.5);
    System.out.printf(
        Locale.ROOT,
        "call %.0f ns; advice adds %.0f ns (quartiles %.0f to %.0f), %.1f %% of the call, %.1f B%n",
        call,
        percentile(added, 0.5),
        percentile(added, 0.25),
        percentile(added, 0.75),
        100 * percentile(added, 0.5) / call,
        bytes);
    if (Float.isNaN(scores)) {
      throw new IllegalStateException("scores: NaN (expected: numbers)");
    }
  }

  private void run(int pairs, double[] plain, double[] added) throws OrtException {
    SplittableRandom random = new SplittableRandom(20261121);
    for (int pair = 0; pair < pairs; pair++) {
      LockSupport.parkNanos(PAUSE_NANOS);
      plainBlock(); // the caches after the pause
      advisedBlock();
      boolean plainFirst = random.nextBoolean();
      double first = plainFirst ? plainBlock() : advisedBlock();
      double second = plainFirst ? advisedBlock() : plainBlock();
      plain[pair] = plainFirst ? first : second;
      added[pair] = plainFirst ? second - first : first - second;
    }
  }

  private double plainBlock() throws OrtException {
    long start = System.nanoTime();
    for (int i = 0; i < BLOCK; i++) {
      scores += session.run(session.nextInput());
    }
    return (double) (System.nanoTime() - start) / BLOCK;
  }

  private double advisedBlock() throws OrtException {
    long start = System.nanoTime();
    for (int i = 0; i < BLOCK; i++) {
      scores += advised(session.nextInput());
    }
    return (double) (System.nanoTime() - start) / BLOCK;
  }

  private float advised(Map<String, OnnxTensor> input) throws OrtException {
    long entered = System.nanoTime();
    try (OrtSession.Result result = session.session().run(input)) {
      advice.exit(entered, session.session(), input, result);
      return OnnxRunBench.Session.score(result);
    }
  }

  private double bytesOfPlain() throws OrtException {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    plainBlock();
    return (double) (THREADS.getCurrentThreadAllocatedBytes() - before) / BLOCK;
  }

  private double bytesOfAdvised() throws OrtException {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    advisedBlock();
    return (double) (THREADS.getCurrentThreadAllocatedBytes() - before) / BLOCK;
  }

  private static double percentile(double[] values, double q) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[(int) (q * (sorted.length - 1))];
  }
}
