package io.breakwater.examples.router;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** One version's server, its idle connections and its counters. Safe for use by many threads. */
final class Target {
  private static final long IDLE_NANOS = 10_000_000_000L;

  private final String version;
  private final URI uri;
  private final ConcurrentLinkedDeque<TargetConnection> idle = new ConcurrentLinkedDeque<>();
  final LongAdder requests = new LongAdder();
  final LongAdder unreachable = new LongAdder();
  private final LongAdder[] answersByClass = new LongAdder[6];

  Target(String version, URI uri) {
    this.version = version;
    this.uri = uri;
    for (int i = 0; i < answersByClass.length; i++) {
      answersByClass[i] = new LongAdder();
    }
  }

  String version() {
    return version;
  }

  URI uri() {
    return uri;
  }

  void countAnswer(int status) {
    answersByClass[status / 100].increment();
  }

  long answers(int hundreds) {
    return answersByClass[hundreds].sum();
  }

  /**
   * Sends a request and reads the answer's head. A kept connection that the target had closed
   * meanwhile is replaced once; a new one that fails is not retried.
   */
  TargetConnection send(Request request) throws IOException {
    TargetConnection kept = pollIdle();
    if (kept != null) {
      try {
        kept.send(request);
        return kept;
      } catch (SocketTimeoutException e) {
        kept.close();
        throw e; // the target may be at work on it
      } catch (IOException e) {
        kept.close();
      }
    }
    TargetConnection fresh = TargetConnection.open(new InetSocketAddress(uri.getHost(), port()));
    try {
      fresh.send(request);
      return fresh;
    } catch (IOException e) {
      fresh.close();
      throw e;
    }
  }

  /** Gives back a connection whose answer was read to its end. */
  void keep(TargetConnection connection) {
    connection.idleSince(System.nanoTime());
    idle.addFirst(connection);
  }

  private @Nullable TargetConnection pollIdle() {
    TargetConnection connection = idle.pollFirst();
    while (connection != null && System.nanoTime() - connection.idleSince() > IDLE_NANOS) {
      connection.close();
      connection = idle.pollFirst();
    }
    return connection;
  }

  private int port() {
    return uri.getPort() < 0 ? 80 : uri.getPort();
  }
}
