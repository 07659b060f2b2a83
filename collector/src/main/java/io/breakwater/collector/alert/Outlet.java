package io.breakwater.collector.alert;

import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpStatus;
import io.breakwater.collector.store.OutboxMessage;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to one alert target: one message under way at a time, retried with backoff on connection
 * errors, time-outs, 429 and 5xx. Confined to the alert thread.
 */
abstract class Outlet {
  /** Messages that wait for one target; beyond, the oldest is dropped. */
  static final int MAX_WAITING = 1000;

  private static final Logger log = LoggerFactory.getLogger(Outlet.class);

  private final String target;
  private final Shared shared;
  private final Map<String, Delivery> waiting = new LinkedHashMap<>();
  private boolean busy;
  private boolean troubled;

  /**
   * What all outlets use.
   *
   * @param finished hears of messages that need not be kept any longer
   * @param later runs work on the alert thread after so many nanoseconds
   * @param hide takes secrets out of what is logged
   */
  record Shared(
      WebClient client,
      LongSupplier nanoTime,
      AlertMetrics metrics,
      Consumer<OutboxMessage> finished,
      Later later,
      UnaryOperator<String> hide) {}

  /** Runs work later on the alert thread. */
  interface Later {
    void run(Runnable work, long nanos);
  }

  Outlet(String target, Shared shared) {
    this.target = target;
    this.shared = shared;
  }

  /** The request that carries a message now. */
  abstract HttpRequest request(OutboxMessage message);

  /** Nanoseconds until a delivered message is sent again, or null when it is done. */
  abstract @Nullable Long repeatAfter(OutboxMessage message);

  /** Whether a message is of any use, given the one it replaces. */
  boolean isWanted(OutboxMessage message, @Nullable OutboxMessage replaced) {
    return true;
  }

  /** Takes a message; one of the same name that waits is replaced. */
  void accept(OutboxMessage message) {
    Delivery replaced = waiting.remove(message.message());
    if (replaced != null) {
      shared.finished.accept(replaced.message);
    }
    if (!isWanted(message, replaced == null ? null : replaced.message)) {
      shared.finished.accept(message);
      return;
    }
    waiting.put(message.message(), new Delivery(message, shared.nanoTime.getAsLong()));
    if (waiting.size() > MAX_WAITING) {
      dropOldest();
    }
    pump();
  }

  /** Gives everything that waits to another outlet of the same target. */
  void handOver(Outlet to) {
    List<Delivery> all = List.copyOf(waiting.values());
    waiting.clear();
    all.forEach(delivery -> to.accept(delivery.message));
  }

  private void dropOldest() {
    Iterator<Delivery> all = waiting.values().iterator();
    Delivery oldest = all.next();
    all.remove();
    drop(oldest.message, "too many messages wait");
  }

  /** Sends the next message that is due. */
  void pump() {
    if (busy) {
      return;
    }
    long now = shared.nanoTime.getAsLong();
    Delivery next = earliest(waiting.values(), now);
    if (next == null) {
      return;
    }
    if (!next.isDue(now)) {
      shared.later.run(this::pump, next.nanosToWait(now));
      return;
    }
    busy = true;
    CompletableFuture<?> unused =
        shared
            .client
            .execute(request(next.message))
            .aggregate()
            .whenComplete(
                (answer, thrown) -> shared.later.run(() -> answered(next, answer, thrown), 0));
  }

  private static @Nullable Delivery earliest(Collection<Delivery> all, long now) {
    Delivery earliest = null;
    for (Delivery delivery : all) {
      if (earliest == null || delivery.nanosToWait(now) < earliest.nanosToWait(now)) {
        earliest = delivery;
      }
    }
    return earliest;
  }

  private void answered(
      Delivery delivery, @Nullable AggregatedHttpResponse answer, @Nullable Throwable thrown) {
    busy = false;
    if (answer != null && answer.status().isSuccess()) {
      delivered(delivery);
    } else if (answer == null || isPassing(answer.status())) {
      String reason =
          answer == null ? shared.hide.apply(rootOf(thrown)) : "status " + answer.status();
      trouble(reason);
      shared.metrics.retried(target);
      delivery.failed(shared.nanoTime.getAsLong());
    } else {
      waiting.remove(delivery.message.message(), delivery);
      drop(delivery.message, "status " + answer.status());
    }
    pump();
  }

  private static String rootOf(@Nullable Throwable thrown) {
    Throwable root = thrown;
    while (root != null && root.getCause() != null) {
      root = root.getCause();
    }
    return root == null || root.getMessage() == null ? String.valueOf(root) : root.getMessage();
  }

  private static boolean isPassing(HttpStatus status) {
    return status.isServerError()
        || status.equals(HttpStatus.TOO_MANY_REQUESTS)
        || status.equals(HttpStatus.REQUEST_TIMEOUT);
  }

  private void delivered(Delivery delivery) {
    if (troubled) {
      troubled = false;
      log.warn("Alert target {} can be reached again", target);
    }
    shared.metrics.delivered(target);
    Long repeat = repeatAfter(delivery.message);
    if (repeat != null) {
      delivery.succeeded(shared.nanoTime.getAsLong() + repeat);
    } else if (waiting.remove(delivery.message.message(), delivery)) {
      shared.finished.accept(delivery.message);
    }
  }

  private void trouble(String reason) {
    if (!troubled) {
      troubled = true;
      log.warn("Alert target {} cannot be told: {}; trying again", target, reason);
    }
  }

  private void drop(OutboxMessage message, String reason) {
    shared.metrics.dropped(target);
    log.error("Alert target {} was not told {}: {}", target, message.message(), reason);
    shared.finished.accept(message);
  }
}
