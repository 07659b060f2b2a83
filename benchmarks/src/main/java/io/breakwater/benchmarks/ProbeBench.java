package io.breakwater.benchmarks;

import com.sun.management.ThreadMXBean;
import io.breakwater.agent.core.record.ModelIdentity;
import io.breakwater.agent.core.record.ModelSeries;
import io.breakwater.agent.core.record.Recorder;
import io.breakwater.agent.core.record.Schema;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What one prediction costs the serving thread: 33 values (duration, 30 features, score, class),
 * with both clock reads, series resolved beforehand; ours beside its peers.
 *
 * <p>Measured in bursts of {@value #BURST} predictions, of which the median is quoted. Ours is
 * recorded beside a live drain every {@value DrainedRecording#DRAIN_MILLIS} ms that files the
 * values into histograms and flushes them as the agent does; the next burst waits until it has been
 * drained, since an unpaced writer would measure how fast a full ring drops. A drop, or a heap byte
 * of the serving thread, fails the run.
 */
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
@OperationsPerInvocation(ProbeBench.BURST)
public class ProbeBench {
  /** Predictions in a burst. */
  static final int BURST = 256;

  private static final double SECONDS_PER_NANO = 1e-9;

  /** The agent's recorder with a live drain. */
  @State(Scope.Benchmark)
  public static class Breakwater {
    private static final double MOST_BYTES = 0.01;

    /** Predictions of an iteration below which linking code still shows in its bytes. */
    private static final int LINKED_AFTER = 5_000;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final DrainedRecording recording = new DrainedRecording();
    private final Recorder recorder = recording.recorder();
    private final ModelSeries series =
        Objects.requireNonNull(
            recorder.series(
                ModelIdentity.of("bench", "1", "bench"),
                Schema.of(
                    IntStream.range(0, Rows.FEATURES).mapToObj(i -> "f" + i).toList(),
                    List.of(Schema.Output.of("output", List.of("no", "yes"))))));
    private long bytesBefore;
    private long bytes;
    private long predictions;

    /** Starts the drain. */
    @Setup(Level.Trial)
    public void start() {
      recording.start();
    }

    /** Forgets the bytes of the iteration before. */
    @Setup(Level.Iteration)
    public void forgetBytes() {
      bytes = 0;
      predictions = 0;
    }

    /** Notes what this thread has allocated before the burst. */
    @Setup(Level.Invocation)
    public void noteBytes() {
      bytesBefore = THREADS.getCurrentThreadAllocatedBytes();
    }

    /** Waits until what was recorded has been drained. */
    @TearDown(Level.Invocation)
    public void awaitDrain() {
      recording.awaitDrain();
    }

    /** Ends the drain. */
    @TearDown(Level.Trial)
    public void stop() throws InterruptedException {
      recording.stop();
      if (predictions > LINKED_AFTER && bytes > MOST_BYTES * predictions) {
        throw new IllegalStateException(
            bytes + " B in " + predictions + " predictions (expected: none)");
      }
    }

    void burst(Rows rows) {
      for (int i = 0; i < BURST; i++) {
        prediction(rows.values, rows.nextRow());
      }
      predictions += BURST;
      bytes += THREADS.getCurrentThreadAllocatedBytes() - bytesBefore;
    }

    private void prediction(float[] values, int row) {
      long start = System.nanoTime();
      long claim = recorder.claim(series, 1, false);
      int[] words = recorder.words(claim);
      int at = recorder.firstValue(claim);
      for (int i = 0; i < Rows.WIDTH; i++) {
        words[at + i] = Float.floatToRawIntBits(values[row + i]);
      }
      words[at + Rows.WIDTH] = Float.floatToRawIntBits(1);
      recorder.publish(claim, System.nanoTime() - start, 1, 1, Recorder.NO_ERROR);
    }
  }

  /** Ours. */
  @Benchmark
  public void breakwater(Rows rows, Breakwater breakwater) {
    breakwater.burst(rows);
  }

  /** The floor: two clock reads. */
  @Benchmark
  public long clockOnly(Rows rows) {
    long nanos = 0;
    for (int i = 0; i < BURST; i++) {
      long start = System.nanoTime();
      nanos += rows.nextRow();
      nanos += System.nanoTime() - start;
    }
    return nanos;
  }

  /** OpenTelemetry SDK, its 15 default bounds: too coarse for drift. */
  @Benchmark
  public void openTelemetryDefault(Rows rows, OpenTelemetryDefault peer) {
    peer.predictions(rows);
  }

  /** OpenTelemetry SDK, 63 bounds. */
  @Benchmark
  public void openTelemetry63(Rows rows, OpenTelemetry63 peer) {
    peer.predictions(rows);
  }

  /** OpenTelemetry SDK, exponential histogram of 160 buckets. */
  @Benchmark
  public void openTelemetryExponential(Rows rows, OpenTelemetryExponential peer) {
    peer.predictions(rows);
  }

  /** Prometheus client_java, classic histogram of 63 bounds. */
  @Benchmark
  public void clientJavaClassic63(Rows rows, ClientJavaClassic63 peer) {
    peer.predictions(rows);
  }

  /** Prometheus client_java, native histogram. */
  @Benchmark
  public void clientJavaNative(Rows rows, ClientJavaNative peer) {
    peer.predictions(rows);
  }

  /** Micrometer: count, sum and maximum only. */
  @Benchmark
  public void micrometer(Rows rows, Micrometer peer) {
    peer.predictions(rows);
  }

  /** Micrometer, 63 service level objectives. */
  @Benchmark
  public void micrometer63(Rows rows, Micrometer63 peer) {
    peer.predictions(rows);
  }

  /** A peer and its series. */
  abstract static class Peer {
    private final Peers.Recording recording;

    Peer(Peers.Recording recording) {
      this.recording = recording;
    }

    void predictions(Rows rows) {
      for (int i = 0; i < BURST; i++) {
        prediction(rows.values, rows.nextRow());
      }
    }

    private void prediction(float[] values, int row) {
      long start = System.nanoTime();
      for (int column = 0; column < Rows.WIDTH; column++) {
        recording.value(column, values[row + column]);
      }
      recording.prediction();
      recording.duration((System.nanoTime() - start) * SECONDS_PER_NANO);
    }
  }

  /** Series of {@link #openTelemetryDefault}. */
  @State(Scope.Benchmark)
  public static class OpenTelemetryDefault extends Peer {
    /** Resolves the series. */
    public OpenTelemetryDefault() {
      super(Peers.openTelemetryDefault());
    }
  }

  /** Series of {@link #openTelemetry63}. */
  @State(Scope.Benchmark)
  public static class OpenTelemetry63 extends Peer {
    /** Resolves the series. */
    public OpenTelemetry63() {
      super(Peers.openTelemetry63());
    }
  }

  /** Series of {@link #openTelemetryExponential}. */
  @State(Scope.Benchmark)
  public static class OpenTelemetryExponential extends Peer {
    /** Resolves the series. */
    public OpenTelemetryExponential() {
      super(Peers.openTelemetryExponential());
    }
  }

  /** Series of {@link #clientJavaClassic63}. */
  @State(Scope.Benchmark)
  public static class ClientJavaClassic63 extends Peer {
    /** Resolves the series. */
    public ClientJavaClassic63() {
      super(Peers.clientJavaClassic());
    }
  }

  /** Series of {@link #clientJavaNative}. */
  @State(Scope.Benchmark)
  public static class ClientJavaNative extends Peer {
    /** Resolves the series. */
    public ClientJavaNative() {
      super(Peers.clientJavaNative());
    }
  }

  /** Series of {@link #micrometer}. */
  @State(Scope.Benchmark)
  public static class Micrometer extends Peer {
    /** Resolves the series. */
    public Micrometer() {
      super(Peers.micrometer());
    }
  }

  /** Series of {@link #micrometer63}. */
  @State(Scope.Benchmark)
  public static class Micrometer63 extends Peer {
    /** Resolves the series. */
    public Micrometer63() {
      super(Peers.micrometer63());
    }
  }
}
