package io.breakwater.benchmarks;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.breakwater.signals.Metrics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
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
 * A real {@code OrtSession.run} of one row with 30 features, without the agent and with the whole
 * of it: advice, recording, drain, export to a server that takes everything. Run from the project's
 * root, after the agent has been built.
 *
 * <p>Every call sees the next of 32,768 rows, written into one of 64 tensors over direct buffers:
 * cached, as those a server has just built.
 */
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 10, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
@OperationsPerInvocation(OnnxRunBench.BURST)
public class OnnxRunBench {
  /** Not a port somebody's collector would listen on. */
  private static final int SINK_PORT = 14_318;

  private static final int TENSORS = 64;

  /** Calls between two pauses. */
  static final int BURST = 64;

  private static final long PAUSE_NANOS = 200_000;

  /** A session and tensors to run it with. */
  @State(Scope.Thread)
  public static class Session {
    private final List<Map<String, OnnxTensor>> inputs = new ArrayList<>();
    private final List<FloatBuffer> buffers = new ArrayList<>();
    private final Rows rows = new Rows();
    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final OrtSession session;
    private int next;

    /** Trains the model and loads it. */
    public Session() {
      try {
        session = open();
      } catch (OrtException e) {
        throw new IllegalStateException("the model does not load", e);
      }
    }

    private OrtSession open() throws OrtException {
      OrtSession.SessionOptions options = new OrtSession.SessionOptions();
      options.setIntraOpNumThreads(1);
      for (int i = 0; i < TENSORS; i++) {
        FloatBuffer buffer =
            ByteBuffer.allocateDirect(Rows.FEATURES * Float.BYTES)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
        buffers.add(buffer);
        inputs.add(
            Map.of(
                SmallModel.INPUT,
                OnnxTensor.createTensor(environment, buffer, new long[] {1, Rows.FEATURES})));
      }
      return environment.createSession(SmallModel.toOnnx(rows), options);
    }

    Map<String, OnnxTensor> nextInput() {
      int slot = next;
      next = (slot + 1) & (TENSORS - 1);
      buffers.get(slot).put(0, rows.values, rows.nextRow(), Rows.FEATURES);
      return inputs.get(slot);
    }

    OrtSession session() {
      return session;
    }

    /** One call; returns its score. */
    float run(Map<String, OnnxTensor> input) throws OrtException {
      try (OrtSession.Result result = session.run(input)) {
        return score(result);
      }
    }

    static float score(OrtSession.Result result) throws OrtException {
      return ((float[][]) result.get(0).getValue())[0][1];
    }

    /** The calls of an invocation; returns the sum of their scores. */
    float burst() throws OrtException {
      float sum = 0;
      for (int i = 0; i < BURST; i++) {
        sum += run(nextInput());
      }
      return sum;
    }

    /**
     * Paces the calls to some 150,000 a second, which the drain keeps up with; without sleeping.
     */
    @TearDown(Level.Invocation)
    public void pause() {
      long until = System.nanoTime() + PAUSE_NANOS;
      while (System.nanoTime() < until) {
        Thread.onSpinWait();
      }
    }

    /** Closes what is native. */
    @TearDown
    public void close() throws OrtException {
      for (Map<String, OnnxTensor> input : inputs) {
        input.values().forEach(OnnxTensor::close);
      }
      session.close();
    }
  }

  /** Where the agent sends to. It fails the run if the agent recorded nothing or dropped calls. */
  @State(Scope.Benchmark)
  public static class Sink {
    private final HttpServer server;
    private volatile boolean scoresSeen;
    private volatile boolean dropsSeen;

    /** Listens on loopback. */
    public Sink() {
      try {
        server =
            HttpServer.create(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), SINK_PORT), 0);
      } catch (IOException e) {
        throw new UncheckedIOException("port " + SINK_PORT + " is needed", e);
      }
      server.createContext("/", this::take);
    }

    private void take(HttpExchange exchange) throws IOException {
      String body =
          new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.ISO_8859_1);
      scoresSeen |= body.contains(Metrics.INFERENCE_SCORE.name());
      dropsSeen |= body.contains(Metrics.AGENT_DROPPED.name());
      exchange.sendResponseHeaders(200, -1);
      exchange.close();
    }

    /** Takes requests from here on. */
    @Setup(Level.Trial)
    public void start() {
      server.start();
    }

    /** Ends the server's threads and says if the run was void. */
    @TearDown(Level.Trial)
    public void stop() {
      server.stop(0);
      if (!scoresSeen || dropsSeen) {
        throw new IllegalStateException(
            dropsSeen
                ? "the agent dropped calls: run again on a less busy machine"
                : "no scores came");
      }
    }
  }

  /** The call and its answer, without agent. */
  @Benchmark
  public float plain(Session session) throws OrtException {
    return session.burst();
  }

  /** The same under the agent. */
  @Benchmark
  @Fork(
      value = 2,
      jvmArgsPrepend = {
        "-javaagent:agent/dist/target/breakwater-agent.jar",
        "-Dbreakwater.endpoint=http://127.0.0.1:" + SINK_PORT
      })
  public float withAgent(Session session, Sink sink) throws OrtException {
    return session.burst();
  }
}
