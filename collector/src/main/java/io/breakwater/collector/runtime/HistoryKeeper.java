package io.breakwater.collector.runtime;

import io.breakwater.collector.store.History;
import io.breakwater.collector.store.Store;
import io.breakwater.engine.ModelState;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Saves the states of all models every {@link #INTERVAL} and forgets removed models every day, on a
 * thread of its own.
 */
final class HistoryKeeper implements AutoCloseable {
  static final Duration INTERVAL = Duration.ofSeconds(10);

  private static final Logger log = LoggerFactory.getLogger(HistoryKeeper.class);

  private final History history;
  private final Supplier<List<ModelState>> states;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread made = new Thread(work, "breakwater-history");
            made.setDaemon(true);
            return made;
          });
  private final Clock clock;
  private final Store store;
  private final Predicate<String> guarded;

  HistoryKeeper(
      Store store, Supplier<List<ModelState>> states, Predicate<String> guarded, Clock clock) {
    this.store = store;
    this.guarded = guarded;
    this.history = store.history();
    this.states = states;
    this.clock = clock;
  }

  void start() {
    long millis = INTERVAL.toMillis();
    ScheduledFuture<?> unusedSaving =
        thread.scheduleWithFixedDelay(this::save, millis, millis, TimeUnit.MILLISECONDS);
    ScheduledFuture<?> unusedForgetting =
        thread.scheduleWithFixedDelay(this::forgetRemoved, 0, 1, TimeUnit.DAYS);
  }

  private void forgetRemoved() {
    try {
      Set<String> gone = store.forgetRemoved(guarded, clock.instant());
      if (!gone.isEmpty()) {
        log.info("No rule fits models {} any more; what was known of them is forgotten", gone);
      }
    } catch (RuntimeException e) {
      log.error("Removed models are not forgotten", e); // an exception would end the schedule
    }
  }

  private synchronized void save() {
    try {
      history.save(states.get(), clock.instant());
    } catch (RuntimeException e) {
      log.error("History is not saved", e); // an exception would end the schedule
    }
  }

  /** Saves once more and ends. */
  @Override
  public void close() {
    thread.shutdown();
    save();
  }
}
