package io.breakwater.agent.core.export;

import io.breakwater.agent.core.export.RequestQueue.Request;
import io.breakwater.agent.core.record.Drops;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.util.concurrent.ThreadLocalRandom;
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
 */
final class Delivery implements Runnable {
  /** Sends one body and returns the status. */
  interface Post {
    int send(byte[] body) throws IOException;
  }

  private enum Outcome {
    DELIVERED,
    REFUSED,
    TRY_AGAIN,
    TRY_AGAIN_A_FEW_TIMES
  }

  static final int MAX_ATTEMPTS = 5;

  private static final long FIRST_PAUSE_MILLIS = 100;
  private static final long LONGEST_PAUSE_MILLIS = 5_000;

  private final RequestQueue queue;
  private final Post post;
  private final String address;
  private final Drops drops;
  private final Consumer<String> messages;
  private @Nullable Request current;
  private String reason = "";
  private int attempts;
  private int failuresInARow;
  private boolean failing;

  Delivery(RequestQueue queue, Post post, String address, Drops drops, Consumer<String> messages) {
    this.queue = queue;
    this.post = post;
    this.address = address;
    this.drops = drops;
    this.messages = messages;
  }

  @Override
  public void run() {
    try {
      Request first = queue.awaitFirst();
      while (first != null) {
        deliver(first);
        first = queue.awaitFirst();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // asked to end
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
    }
  }

  private static String describe(Throwable e) {
    String message = e.getMessage();
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
      failing = true;
      messages.accept("metrics cannot be delivered to " + address + " (" + reason + ")");
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
