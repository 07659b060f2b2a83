package io.breakwater.collector.runtime;

import io.breakwater.engine.Event;
import io.breakwater.engine.ModelState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What led to the present state: a state of at most {@link #REACH} ago and every event since. Kept
 * so that a decision can be journalled with what it was made from, and replayed. Confined to its
 * lane's thread.
 */
final class Inputs {
  /** How far back the inputs of a decision reach. */
  static final Duration REACH = Duration.ofSeconds(10);

  private ModelState base;
  private List<Event> events = new ArrayList<>();

  Inputs(ModelState base) {
    this.base = base;
  }

  /** Adds what happened before {@code state} moves on. */
  void add(ModelState state, Event event) {
    if (events.isEmpty() || base.now().plus(REACH).isBefore(event.at())) {
      base = state;
      events = new ArrayList<>();
    }
    events.add(event);
  }

  ModelState base() {
    return base;
  }

  List<Event> events() {
    return List.copyOf(events);
  }

  /** Forgets an event that nothing came before: an idle model keeps no history. */
  void dropIfSingle() {
    if (events.size() == 1) {
      reset();
    }
  }

  /** Starts anew: from now on everything follows from the state that comes next. */
  void reset() {
    events = new ArrayList<>();
  }
}
