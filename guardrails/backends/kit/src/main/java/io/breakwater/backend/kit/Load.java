package io.breakwater.backend.kit;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Clients that send requests at a steady rate on kept connections and never retry. */
final class Load implements AutoCloseable {
  private static final byte[] REQUEST =
      "GET / HTTP/1.1\r\nHost: test\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private static final String FIELD = "x-model-version: ";

  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean running = true;

  /** Requests of any version that were answered. */
  final AtomicLong answered = new AtomicLong();

  /** When the latest request that version 2 answered was sent, {@link System#nanoTime}. */
  final AtomicLong lastSentToTwo = new AtomicLong(Long.MIN_VALUE);

  /** When version 2 answered last. */
  final AtomicLong lastAnswerOfTwo = new AtomicLong(Long.MIN_VALUE);

  final List<String> errors = new CopyOnWriteArrayList<>();

  Load(int port, int connections, double requestsPerSecond) {
    long periodNanos = (long) (connections * 1e9 / requestsPerSecond);
    for (int i = 0; i < connections; i++) {
      long offsetNanos = periodNanos * i / connections;
      Thread thread = new Thread(() -> send(port, periodNanos, offsetNanos), "load-" + i);
      threads.add(thread);
      thread.start();
    }
  }

  private void send(int port, long periodNanos, long offsetNanos) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setTcpNoDelay(true);
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
      long next = System.nanoTime() + offsetNanos;
      while (running) {
        LockSupport.parkNanos(next - System.nanoTime());
        next = Math.max(next + periodNanos, System.nanoTime() - periodNanos);
        long sent = System.nanoTime();
        socket.getOutputStream().write(REQUEST);
        if (readVersion(in).equals("2")) {
          lastSentToTwo.accumulateAndGet(sent, Math::max);
          lastAnswerOfTwo.accumulateAndGet(System.nanoTime(), Math::max);
        }
        answered.incrementAndGet();
      }
    } catch (IOException e) {
      errors.add(e.toString());
    }
  }

  private static String readVersion(BufferedReader in) throws IOException {
    String status = in.readLine();
    if (status == null || !status.contains(" 200 ")) {
      throw new IOException("answer: " + status + " (expected: HTTP/1.1 200)");
    }
    String version = "";
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      if (line.isEmpty()) {
        return version;
      }
      if (line.toLowerCase(Locale.ROOT).startsWith(FIELD)) {
        version = line.substring(FIELD.length());
      }
    }
    throw new EOFException("connection closed within an answer");
  }

  /** Waits until {@code count} more requests are answered. */
  void awaitAnswers(int count) throws InterruptedException {
    long wanted = answered.get() + count;
    long deadline = System.nanoTime() + 20_000_000_000L;
    while (answered.get() < wanted) {
      if (System.nanoTime() > deadline || !errors.isEmpty()) {
        throw new IllegalStateException("no answers any more: " + errors);
      }
      LockSupport.parkNanos(1_000_000);
    }
  }

  @Override
  public void close() {
    running = false;
    boolean interrupted = false;
    for (Thread thread : threads) {
      try {
        thread.join(10_000);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
