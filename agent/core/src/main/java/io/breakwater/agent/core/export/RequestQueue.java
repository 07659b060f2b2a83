package io.breakwater.agent.core.export;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Requests that wait for delivery, at most a number of them and of bytes; the oldest give way, but
 * never to one of the same flush: what a process flushes at once is bounded by its series, and must
 * not push itself out. Safe for use by many threads; nobody waits to put one in.
 */
final class RequestQueue {
  /** A body and the points in it. Immutable. */
  static final class Request {
    private final byte[] body;
    private final int points;
    private final long flush;

    /**
     * A request.
     *
     * @param flush tells the requests of one flush from those of another
     */
    Request(byte[] body, int points, long flush) {
      this.body = body;
      this.points = points;
      this.flush = flush;
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
  private boolean hurried;

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
    while ((waiting.size() > maxRequests || bytes > maxBytes)
        && waiting.getFirst().flush != request.flush) {
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
    hurry();
  }

  /** From now on there is no time for pauses. */
  synchronized void hurry() {
    hurried = true;
    notifyAll();
  }

  /** Waits so long, or until there is no time for it; returns whether there is none. */
  synchronized boolean pause(long millis) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    long left = millis;
    while (left > 0 && !hurried) {
      wait(left);
      left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
    }
    return hurried;
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
