package io.breakwater.collector.runtime;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import io.breakwater.collector.action.ActionRunner;
import io.breakwater.collector.alert.AlertDispatcher;
import io.breakwater.collector.alert.AlertRouter;
import io.breakwater.collector.store.Journal;
import io.breakwater.collector.store.JournalEntry;
import io.breakwater.collector.store.OutboxMessage;
import io.breakwater.engine.Action;
import io.breakwater.engine.Event;
import io.breakwater.engine.ModelState;
import io.breakwater.engine.Step;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What follows from a step: it is journalled, then acted upon, then told. Where a backend's change
 * is harmless to repeat, a journal that does not answer within {@link #PATIENCE} is overtaken.
 */
final class Effects implements StepSink, AutoCloseable {
  /** How long an action waits for its record. */
  static final Duration PATIENCE = Duration.ofMillis(100);

  private static final Logger log = LoggerFactory.getLogger(Effects.class);

  private final Journal journal;
  private final ActionRunner actions;
  private final AlertDispatcher alerts;
  private final AlertRouter router;
  private final List<Models.Listener> listeners = new CopyOnWriteArrayList<>();
  private final ScheduledExecutorService watchdog =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread made = new Thread(work, "breakwater-journal-watch");
            made.setDaemon(true);
            return made;
          });

  Effects(Journal journal, ActionRunner actions, AlertDispatcher alerts, AlertRouter router) {
    this.journal = requireNonNull(journal, "journal");
    this.actions = requireNonNull(actions, "actions");
    this.alerts = requireNonNull(alerts, "alerts");
    this.router = requireNonNull(router, "router");
  }

  void add(Models.Listener listener) {
    listeners.add(listener);
  }

  @Override
  public CompletionStage<?> stepped(Lane lane, ModelState base, List<Event> events, Step step) {
    Unwritten unwritten = new Unwritten(lane, step);
    lane.unwritten(1);
    journal.append(
        new JournalEntry(lane.model(), base, events, step.next(), step.records(), step.actions()),
        unwritten);
    if (!step.actions().isEmpty()) {
      watch(unwritten);
    }
    return unwritten.written;
  }

  private void watch(Unwritten unwritten) {
    try {
      ScheduledFuture<?> unused =
          watchdog.schedule(unwritten::late, PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      log.debug("The collector is stopping; actions wait for their record");
    }
  }

  /** Notes how far a shift got. */
  void reported(Event.ShiftReported report) {
    journal.setPhase(report.shift(), report.phase().name(), report.detail());
  }

  /** Tells of a record that no step led to. */
  void recorded(JsonNode record) {
    tell(listener -> listener.recorded(record));
  }

  /** Tells that a lane's state changed. */
  void changed(Lane lane) {
    tell(listener -> listener.changed(lane.published()));
  }

  private void tell(Consumer<Models.Listener> news) {
    for (Models.Listener listener : listeners) {
      try {
        news.accept(listener);
      } catch (RuntimeException e) {
        log.warn("A listener failed; the others are told nevertheless", e);
      }
    }
  }

  @Override
  public void close() {
    watchdog.shutdownNow();
  }

  /** A step on its way to the journal. */
  private final class Unwritten implements Journal.Progress {
    private final Lane lane;
    private final Step step;
    private final AtomicBoolean acted = new AtomicBoolean();
    private final AtomicBoolean waitingTold = new AtomicBoolean();
    private final CompletableFuture<Void> written = new CompletableFuture<>();

    Unwritten(Lane lane, Step step) {
      this.lane = lane;
      this.step = step;
    }

    @Override
    public void written(List<JsonNode> records, List<OutboxMessage> messages) {
      act();
      lane.unwritten(-1);
      alerts.send(messages);
      for (JsonNode record : records) {
        Effects.this.tell(listener -> listener.recorded(record));
      }
      Effects.this.tell(listener -> listener.changed(lane.published()));
      written.complete(null);
    }

    @Override
    public void failing(String reason) {
      overtake("it cannot be written: " + reason);
      if (!step.actions().isEmpty() && !acted.get() && waitingTold.compareAndSet(false, true)) {
        log.error("Model {}: an action waits for the journal: {}", lane.model(), reason);
        tell("an action waits for its record: " + reason);
      }
    }

    void late() {
      if (!written.isDone()) {
        overtake("it was not written within " + PATIENCE.toMillis() + " ms");
      }
    }

    private void overtake(String reason) {
      if (!step.actions().isEmpty() && actions.mayOvertakeJournal(lane.model()) && act()) {
        log.error("Model {}: acting ahead of the journal, because {}", lane.model(), reason);
        tell("acted ahead of the journal: " + reason);
      }
    }

    private void tell(String what) {
      alerts.sendJournalStalled(router.targets(lane.model()), lane.model(), decision(), what);
    }

    private boolean act() {
      boolean first = acted.compareAndSet(false, true);
      if (first) {
        actions.run(lane.model(), step.actions());
      }
      return first;
    }

    private String decision() {
      return step.actions().stream()
          .filter(action -> action instanceof Action.Shift)
          .map(action -> ((Action.Shift) action).shift().decision())
          .findFirst()
          .orElse(lane.model());
    }
  }
}
