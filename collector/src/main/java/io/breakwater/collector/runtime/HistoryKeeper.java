package io.breakwater.collector.runtime;

import io.breakwater.collector.store.History;
import io.breakwater.collector.store.Store;
import io.breakwater.engine.Engine;
import io.breakwater.engine.ModelState;
import io.breakwater.engine.ModelState.VersionState;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Saves the states of models and forgets removed models every day, on a thread of its own. States
 * are looked at every {@link #INTERVAL}: new ones and those of models that something is going on
 * with, or is suspected, are saved then, those of a healthy model every {@link #LONGEST}, each at
 * its own time. What was decided is in the journal, whatever is saved here.
 */
final class HistoryKeeper implements AutoCloseable {
  static final Duration INTERVAL = Duration.ofSeconds(10);

  /** How old a saved state may become: so much of the counts of a healthy model may be lost. */
  static final Duration LONGEST = Duration.ofSeconds(60);

  /** A share of the evidence for a breach that is worth saving sooner. */
  private static final double SUSPICIOUS = 0.5;

  private static final int TURNS = (int) LONGEST.dividedBy(INTERVAL);

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

  /** Times of the states as they were saved, by model. */
  private final Map<String, Instant> saved = new HashMap<>();

  private int turn;

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
        thread.scheduleWithFixedDelay(this::saveSome, millis, millis, TimeUnit.MILLISECONDS);
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

  private synchronized void saveSome() {
    turn = (turn + 1) % TURNS;
    save(state -> isNews(state) || isItsTurn(state));
  }

  private void note(ModelState state, boolean done) {
    if (done) {
      saved.put(state.policy().model(), state.now());
    } else {
      saved.remove(state.policy().model()); // tried again next time
    }
  }

  private boolean isNews(ModelState state) {
    return !saved.containsKey(state.policy().model())
        || Engine.restsUntil(state).equals(state.now())
        || state.versions().values().stream().anyMatch(HistoryKeeper::isSuspected);
  }

  private static boolean isSuspected(VersionState version) {
    return Stream.of(version.verdicts(), version.drift())
        .flatMap(guardrails -> guardrails.values().stream())
        .anyMatch(guardrail -> guardrail.evidenceRatio() > SUSPICIOUS);
  }

  private boolean isItsTurn(ModelState state) {
    return Math.floorMod(state.policy().model().hashCode(), TURNS) == turn;
  }

  private void save(Predicate<ModelState> wanted) {
    try {
      List<ModelState> all = states.get();
      List<ModelState> changed =
          all.stream()
              .filter(state -> !state.now().equals(saved.get(state.policy().model())))
              .filter(wanted)
              .toList();
      if (!changed.isEmpty()) {
        boolean done = history.save(changed, clock.instant());
        changed.forEach(state -> note(state, done));
      }
      saved.keySet().retainAll(all.stream().map(state -> state.policy().model()).toList());
    } catch (RuntimeException e) {
      log.error("History is not saved", e); // an exception would end the schedule
    }
  }

  /** Saves once more and ends. */
  @Override
  public void close() {
    thread.shutdown();
    synchronized (this) {
      save(state -> true);
    }
  }
}
