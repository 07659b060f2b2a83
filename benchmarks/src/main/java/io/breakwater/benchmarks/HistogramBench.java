package io.breakwater.benchmarks;

import io.breakwater.signals.ExponentialHistogram;
import io.breakwater.signals.PinnedHistogram;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One value into one of 31 histograms, row after row: what the drain thread pays per value. The
 * peers are safe for use by many threads, ours have one writer; callers never record into them.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class HistogramBench {
  /** Rows of an invocation. */
  static final int BURST = 64;

  /** Values of an invocation. */
  static final int VALUES = BURST * Rows.WIDTH;

  private final ExponentialHistogram[] autoScaled = new ExponentialHistogram[Rows.WIDTH];
  private final PinnedHistogram[] pinned = new PinnedHistogram[Rows.WIDTH];

  /** Histograms, pinned ones after 1,000 values and one interval. */
  public HistogramBench() {
    Rows rows = new Rows();
    for (int column = 0; column < Rows.WIDTH; column++) {
      autoScaled[column] = ExponentialHistogram.ofScale(10);
      pinned[column] = new PinnedHistogram();
      for (int row = 0; row < PinnedHistogram.VALUES_TO_PIN; row++) {
        pinned[column].record(rows.values[row * Rows.WIDTH + column]);
      }
      pinned[column].snapshotAndReset();
    }
  }

  /** Ours, auto-scaled. */
  @Benchmark
  @OperationsPerInvocation(HistogramBench.VALUES)
  public void breakwaterAutoScaled(Rows rows) {
    for (int row = 0; row < BURST; row++) {
      int at = rows.nextRow();
      for (int column = 0; column < Rows.WIDTH; column++) {
        autoScaled[column].record(rows.values[at + column]);
      }
    }
  }

  /** Ours, pinned. */
  @Benchmark
  @OperationsPerInvocation(HistogramBench.VALUES)
  public void breakwaterPinned(Rows rows) {
    for (int row = 0; row < BURST; row++) {
      int at = rows.nextRow();
      for (int column = 0; column < Rows.WIDTH; column++) {
        pinned[column].record(rows.values[at + column]);
      }
    }
  }

  /** OpenTelemetry SDK, exponential histogram of 160 buckets. */
  @Benchmark
  @OperationsPerInvocation(HistogramBench.VALUES)
  public void openTelemetryExponential(Rows rows, OpenTelemetryExponential peer) {
    peer.rows(rows);
  }

  /** OpenTelemetry SDK, 63 explicit bounds. */
  @Benchmark
  @OperationsPerInvocation(HistogramBench.VALUES)
  public void openTelemetry63(Rows rows, OpenTelemetry63 peer) {
    peer.rows(rows);
  }

  /** Prometheus client_java, classic histogram of 63 bounds. */
  @Benchmark
  @OperationsPerInvocation(HistogramBench.VALUES)
  public void clientJavaClassic63(Rows rows, ClientJavaClassic peer) {
    peer.rows(rows);
  }

  /** Prometheus client_java, native histogram. */
  @Benchmark
  @OperationsPerInvocation(HistogramBench.VALUES)
  public void clientJavaNative(Rows rows, ClientJavaNative peer) {
    peer.rows(rows);
  }

  /** Micrometer, 63 service level objectives. */
  @Benchmark
  @OperationsPerInvocation(HistogramBench.VALUES)
  public void micrometer63(Rows rows, Micrometer63 peer) {
    peer.rows(rows);
  }

  /** A peer and its series. */
  abstract static class Peer {
    private final Peers.Recording recording;

    Peer(Peers.Recording recording) {
      this.recording = recording;
    }

    void rows(Rows rows) {
      for (int row = 0; row < BURST; row++) {
        int at = rows.nextRow();
        for (int column = 0; column < Rows.WIDTH; column++) {
          recording.value(column, rows.values[at + column]);
        }
      }
    }
  }

  /** OpenTelemetry SDK, exponential. */
  @State(Scope.Benchmark)
  public static class OpenTelemetryExponential extends Peer {
    /** Series of this peer. */
    public OpenTelemetryExponential() {
      super(Peers.openTelemetryExponential());
    }
  }

  /** OpenTelemetry SDK, 63 bounds. */
  @State(Scope.Benchmark)
  public static class OpenTelemetry63 extends Peer {
    /** Series of this peer. */
    public OpenTelemetry63() {
      super(Peers.openTelemetry63());
    }
  }

  /** client_java, classic. */
  @State(Scope.Benchmark)
  public static class ClientJavaClassic extends Peer {
    /** Series of this peer. */
    public ClientJavaClassic() {
      super(Peers.clientJavaClassic());
    }
  }

  /** client_java, native. */
  @State(Scope.Benchmark)
  public static class ClientJavaNative extends Peer {
    /** Series of this peer. */
    public ClientJavaNative() {
      super(Peers.clientJavaNative());
    }
  }

  /** Micrometer, 63 bounds. */
  @State(Scope.Benchmark)
  public static class Micrometer63 extends Peer {
    /** Series of this peer. */
    public Micrometer63() {
      super(Peers.micrometer63());
    }
  }
}
