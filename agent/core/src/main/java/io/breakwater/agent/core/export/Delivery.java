package io.breakwater.agent.core.export;

import io.breakwater.agent.core.export.RequestQueue.Request;
import io.breakwater.agent.core.record.Drops;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Delivers what is in the queue, one request after the other, on a thread of its own.
 *
 * <p>While the endpoint cannot be reached or answers 429, 502, 503 or 504 the first request stays
 * and is tried again, at growing intervals, until newer ones push it out. After any other failure
 * to get an answer it is tried {@value #MAX_ATTEMPTS} times, lest one request hold up all others.
 * Other refusals are final. People are told once when it stops working and once when it works
 * again.
 *
 * <p>An attempt that outlasts all its time-outs, because the endpoint neither reads nor stops
 * writing, is {@linkplain #abortIfOverdue aborted}. The thread ends when the queue is closed, and
 * for no other reason.
 */
final class Delivery implements Runnable {
  /** Sends one body after the other. */
  interface Post {
    /**
     * Sends a body.
     *
     * @return the status
     * @throws IOException if there was no answer in HTTP
     */
    int send(byte[] body) throws IOException;

    /** Makes a call of {@link #send} fail that is under way on another thread; may block. */
    void abort();
  }

  private enum Outcome {
    DELIVERED,
    REFUSED,
    TRY_AGAIN,
    TRY_AGAIN_A_FEW_TIMES
  }

  static final int MAX_ATTEMPTS = 5;

  private static final long IDLE = 0;
  private static final long FIRST_PAUSE_MILLIS = 100;
  private static final long LONGEST_PAUSE_MILLIS = 5_000;

  private final RequestQueue queue;
  private final Post post;
  private final String address;
  private final long longestNanos;
  private final Drops drops;
  private final Consumer<String> messages;
  private volatile long sendingSince = IDLE;
  private @Nullable Request current;
  private String reason = "";
  private int attempts;
  private int failuresInARow;
  private boolean failing;

  /**
   * A delivery.
   *
   * @param address of the endpoint, for people; holds no secrets
   * @param longest how long one attempt may take
   */
  Delivery(
      RequestQueue queue,
      Post post,
      String address,
      Duration longest,
      Drops drops,
      Consumer<String> messages) {
    this.queue = queue;
    this.post = post;
    this.address = address;
    this.longestNanos = longest.toNanos();
    this.drops = drops;
    this.messages = messages;
  }

  @Override
  public void run() {
    boolean open = true;
    while (open) {
      try {
        open = deliverNext();
      } catch (InterruptedException e) {
        open = true; // somebody interrupts every thread there is
      } catch (RuntimeException | Error e) { // out of memory where a failure was being handled
        Thread.interrupted();
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(FIRST_PAUSE_MILLIS));
      }
    }
  }

  private boolean deliverNext() throws InterruptedException {
    Request first = queue.awaitFirst();
    if (first != null) {
      deliver(first);
    }
    return first != null;
  }

  /**
   * Aborts the attempt under way if it takes too long; on a thread of its own, since closing a
   * connection may take as long as writing to it.
   *
   * @param threads starts a thread of a name
   */
  void abortIfOverdue(long nowNanos, BiConsumer<String, Runnable> threads) {
    long since = sendingSince;
    if (since != IDLE && nowNanos - since > longestNanos) {
      sendingSince = IDLE; // once is enough
      threads.accept("breakwater-abort", post::abort);
    }
  }

  private void deliver(Request request) throws InterruptedException {
    if (request != current) {
      current = request;
      attempts = 0;
    }
    attempts++;
    switch (attempt(request)) {
      case DELIVERED:
        queue.remove(request);
        succeeded();
        break;
      case REFUSED:
        drop(request, Drops.Reason.REFUSED);
        tellOfFailure();
        failuresInARow = 0;
        break;
      case TRY_AGAIN_A_FEW_TIMES:
        if (attempts >= MAX_ATTEMPTS) {
          drop(request, Drops.Reason.UNDELIVERED);
        }
        failed();
        break;
      case TRY_AGAIN:
        failed();
        break;
    }
  }

  private Outcome attempt(Request request) {
    sendingSince = System.nanoTime() | 1; // never IDLE
    try {
      int status = post.send(request.body());
      reason = "status " + status;
      if (status >= 200 && status < 300) {
        return Outcome.DELIVERED;
      }
      return status == 429 || (status >= 502 && status <= 504)
          ? Outcome.TRY_AGAIN
          : Outcome.REFUSED;
    } catch (ConnectException | NoRouteToHostException | UnknownHostException e) {
      reason = describe(e);
      return Outcome.TRY_AGAIN;
    } catch (Exception | Error e) { // the JDK's client also throws unchecked; the thread goes on
      reason = describe(e);
      return Outcome.TRY_AGAIN_A_FEW_TIMES;
    } finally {
      sendingSince = IDLE;
    }
  }

  /** Only the network's messages: others may quote a header, and headers hold secrets. */
  private static String describe(Throwable e) {
    String message = e instanceof IOException ? e.getMessage() : null;
    String kind = e.getClass().getSimpleName();
    return message == null ? kind : kind + ": " + message;
  }

  private void drop(Request request, Drops.Reason why) {
    if (queue.remove(request)) {
      drops.add(why, request.points());
    }
  }

  private void failed() throws InterruptedException {
    failuresInARow++;
    if (failuresInARow > 1) { // once may be a connection that had been closed meanwhile
      tellOfFailure();
    }
    if (queue.pause(pauseMillis())) { // the process ends: no time for further attempts
      drops.add(Drops.Reason.UNDELIVERED, queue.clear());
    }
  }

  private long pauseMillis() {
    int doublings = Math.min(failuresInARow - 1, 10);
    long longest = Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << doublings);
    return longest / 2 + ThreadLocalRandom.current().nextLong(longest / 2 + 1);
  }

  private void tellOfFailure() {
    if (!failing) {
      messages.accept("metrics cannot be delivered to " + address + " (" + reason + ")");
      failing = true; // told, which may take more memory than there is
    }
  }

  private void succeeded() {
    failuresInARow = 0;
    if (failing) {
      failing = false;
      messages.accept("metrics are delivered to " + address + " again");
    }
  }
}
