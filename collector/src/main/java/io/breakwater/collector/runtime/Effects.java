package io.breakwater.collector.runtime;

import io.breakwater.collector.action.ActionRunner;
import io.breakwater.engine.Event;
import io.breakwater.engine.ModelState;
import io.breakwater.engine.Step;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What follows from a step: actions, then telling those who listen. */
final class Effects implements StepSink {
  private static final Logger log = LoggerFactory.getLogger(Effects.class);

  private final ActionRunner actions;
  private final List<Models.Listener> listeners = new CopyOnWriteArrayList<>();

  Effects(ActionRunner actions) {
    this.actions = actions;
  }

  void add(Models.Listener listener) {
    listeners.add(listener);
  }

  @Override
  public CompletionStage<?> stepped(Lane lane, ModelState base, List<Event> events, Step step) {
    actions.run(lane.model(), step.actions());
    return CompletableFuture.completedFuture(null);
  }

  /** Tells that a lane's state changed. */
  void changed(Lane lane) {
    for (Models.Listener listener : listeners) {
      try {
        listener.changed(lane.published());
      } catch (RuntimeException e) {
        log.warn("A listener failed; the others are told nevertheless", e);
      }
    }
  }
}
