package io.breakwater.agent.core.export;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Requests that wait for delivery, at most a number of them and of bytes; the oldest give way. Safe
 * for use by many threads; nobody waits to put one in.
 */
final class RequestQueue {
  /** A body and the points in it. Immutable. */
  static final class Request {
    private final byte[] body;
    private final int points;

    Request(byte[] body, int points) {
      this.body = body;
      this.points = points;
    }

    byte[] body() {
      return body;
    }

    int points() {
      return points;
    }
  }

  private final int maxRequests;
  private final long maxBytes;
  private final Deque<Request> waiting = new ArrayDeque<>();
  private long bytes;
  private boolean closed;

  RequestQueue(int maxRequests, long maxBytes) {
    this.maxRequests = maxRequests;
    this.maxBytes = maxBytes;
  }

  /**
   * Puts one at the end.
   *
   * @return points that were dropped to make room
   */
  synchronized int put(Request request) {
    waiting.addLast(request);
    bytes += request.body().length;
    int dropped = 0;
    while (waiting.size() > maxRequests || (bytes > maxBytes && waiting.size() > 1)) {
      Request oldest = waiting.removeFirst();
      bytes -= oldest.body().length;
      dropped += oldest.points();
    }
    notifyAll();
    return dropped;
  }

  /** The first, which stays in the queue; waits for one; null once closed and empty. */
  synchronized @Nullable Request awaitFirst() throws InterruptedException {
    while (waiting.isEmpty() && !closed) {
      wait();
    }
    return waiting.peekFirst();
  }

  /** Takes one out, unless it was already dropped; returns whether it was still there. */
  synchronized boolean remove(Request request) {
    if (waiting.peekFirst() != request) {
      return false;
    }
    waiting.removeFirst();
    bytes -= request.body().length;
    notifyAll();
    return true;
  }

  /** Waits until everything has been taken out, at most so long. */
  synchronized boolean awaitEmpty(long millis) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    long left = millis;
    while (!waiting.isEmpty() && left > 0) {
      wait(left);
      left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
    }
    return waiting.isEmpty();
  }

  /** Lets {@link #awaitFirst} return once there is nothing left. */
  synchronized void close() {
    closed = true;
    notifyAll();
  }

  /** Waits so long, or until closed; returns whether it is closed. */
  synchronized boolean pause(long millis) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    long left = millis;
    while (left > 0 && !closed) {
      wait(left);
      left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
    }
    return closed;
  }

  /** Drops all; returns the points in them. */
  synchronized int clear() {
    int dropped = 0;
    for (Request request : waiting) {
      dropped += request.points();
    }
    waiting.clear();
    bytes = 0;
    notifyAll();
    return dropped;
  }

  synchronized long bytes() {
    return bytes;
  }

  synchronized int size() {
    return waiting.size();
  }
}
