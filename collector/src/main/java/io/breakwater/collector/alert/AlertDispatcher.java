package io.breakwater.collector.alert;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.client.ClientFactory;
import com.linecorp.armeria.client.ClientFactoryBuilder;
import com.linecorp.armeria.client.WebClient;
import io.breakwater.backend.webhook.AddressGuard;
import io.breakwater.collector.config.CollectorConfig;
import io.breakwater.collector.config.CollectorConfig.AlertTarget;
import io.breakwater.collector.config.CollectorConfig.Security;
import io.breakwater.collector.store.OutboxMessage;
import io.netty.channel.EventLoopGroup;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends messages to alert targets until they are received; a slow target delays no other. Safe for
 * use by many threads; nothing here blocks.
 */
public final class AlertDispatcher implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(2);
  private static final Duration ANSWER = Duration.ofSeconds(5);
  private static final int MAX_ANSWER_BYTES = 64 << 10;
  private static final Logger log = LoggerFactory.getLogger(AlertDispatcher.class);

  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread made = new Thread(work, "breakwater-alert");
            made.setDaemon(true);
            return made;
          });
  private final ClientFactory factory;
  private final Clock clock;
  private final Outlet.Shared shared;
  private final Map<String, AlertTarget> targets = new HashMap<>();
  private final Map<String, Outlet> outlets = new HashMap<>();
  private volatile Security security = Security.NONE;

  /**
   * A dispatcher that knows no target yet.
   *
   * @param finished hears of messages that need not be kept any longer; called on the alert thread
   */
  public AlertDispatcher(
      EventLoopGroup eventLoops,
      Clock clock,
      LongSupplier nanoTime,
      AlertMetrics metrics,
      Consumer<OutboxMessage> finished) {
    this.clock = requireNonNull(clock, "clock");
    ClientFactoryBuilder builder =
        ClientFactory.builder()
            .workerGroup(eventLoops, false)
            .preferHttp1(true) // else a receiver of HTTP/1 costs an attempt at HTTP/2 first
            .connectTimeoutMillis(CONNECT.toMillis());
    AddressGuard.addTo(builder, () -> security.outgoing());
    this.factory = builder.build();
    WebClient client =
        WebClient.builder()
            .factory(factory)
            .responseTimeout(ANSWER)
            .maxResponseLength(MAX_ANSWER_BYTES)
            .build();
    this.shared =
        new Outlet.Shared(
            client,
            nanoTime,
            metrics,
            finished,
            this::later,
            text -> security.secrets().hide(text));
  }

  /**
   * Asks an address of our own and ignores the answer: loads what the first alert needs, which
   * otherwise loads beside the first traffic shift and slows it.
   */
  public void rehearse(String url) {
    CompletableFuture<?> unused = shared.client().get(url).aggregate();
  }

  /** Uses these targets and rules from now on; what waits for a name that stays goes on. */
  public void use(CollectorConfig config) {
    security = config.security();
    later(() -> replaceTargets(config.alerts()), 0);
  }

  private void replaceTargets(List<AlertTarget> next) {
    Map<String, Outlet> before = new HashMap<>(outlets);
    Map<String, AlertTarget> known = new HashMap<>(targets);
    outlets.clear();
    targets.clear();
    for (AlertTarget target : next) {
      Outlet old = before.get(target.name());
      targets.put(target.name(), target);
      if (old != null && target.equals(known.get(target.name()))) {
        outlets.put(target.name(), old);
        continue;
      }
      Outlet outlet = outlet(target);
      outlets.put(target.name(), outlet);
      if (old != null) {
        old.handOver(outlet);
      }
    }
  }

  private Outlet outlet(AlertTarget target) {
    return target instanceof AlertTarget.Webhook webhook
        ? new WebhookOutlet(webhook, clock, shared)
        : new AlertmanagerOutlet((AlertTarget.Alertmanager) target, shared);
  }

  /** Sends messages. */
  public void send(List<OutboxMessage> messages) {
    if (!messages.isEmpty()) {
      later(() -> messages.forEach(this::accept), 0);
    }
  }

  private void accept(OutboxMessage message) {
    Outlet outlet = outlets.get(message.target());
    if (outlet == null) {
      log.warn("Alert target {} is configured no more; its message is dropped", message.target());
      shared.finished().accept(message);
    } else {
      outlet.accept(message);
    }
  }

  /**
   * Tells the webhooks among {@code to} that an action went ahead of its journal entry. Not kept
   * over a restart: the journal is what does not work.
   */
  public void sendJournalStalled(
      List<AlertTarget> to, String model, String decision, String reason) {
    ObjectNode data = new ObjectMapper().createObjectNode();
    data.put("model", model).put("decision", decision).put("reason", reason);
    String type = "io.breakwater.journal.stalled";
    String id = decision + "." + type;
    String body = CloudEvents.envelope(id, type, clock.instant().toString(), model, data);
    send(
        to.stream()
            .filter(target -> target instanceof AlertTarget.Webhook)
            .map(target -> new OutboxMessage(0, target.name(), id, body))
            .toList());
  }

  private void later(Runnable work, long nanos) {
    try {
      ScheduledFuture<?> unused = thread.schedule(() -> attempt(work), nanos, TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      log.debug("The collector is stopping; unsent alerts stay in the outbox");
    }
  }

  private static void attempt(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) {
      log.error("An alert could not be handled", e);
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
    CompletableFuture<?> unused = factory.closeAsync();
  }
}
