package io.breakwater.collector.runtime;

import static java.util.Objects.requireNonNull;

import io.breakwater.collector.store.Stretch;
import io.breakwater.collector.store.Stretch.IdlePanes;
import io.breakwater.engine.Event;
import io.breakwater.engine.ModelState;
import io.breakwater.engine.Pane;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * What led to the present state: a state of at most {@link #REACH} ago and every event since. Kept
 * so that a decision can be journalled with what it was made from; handed on when it is over, so
 * that all of it can be replayed. Confined to its lane's thread.
 */
final class Inputs {
  /** How far back the inputs of a decision reach. */
  static final Duration REACH = Duration.ofSeconds(10);

  /** Runs of idle panes that are remembered; of equal width they are one. */
  private static final int MAX_IDLE = 100;

  private final Consumer<Stretch> over;
  private final List<IdlePanes> idle = new ArrayList<>();
  private List<Event> events = new ArrayList<>();
  private ModelState from;
  private ModelState base;
  private Instant until;

  Inputs(ModelState base, Consumer<Stretch> over) {
    this.from = base;
    this.base = base;
    this.over = requireNonNull(over, "over");
    // models that begin together are not all over together
    long phase = Math.floorMod(base.policy().model().hashCode(), REACH.toMillis());
    this.until = base.now().plusMillis(phase);
  }

  /** Adds what happened before {@code state} moves on. */
  void add(ModelState state, Event event) {
    if (!events.isEmpty() && until.isBefore(event.at())) {
      end(state);
    }
    if (events.isEmpty()) {
      base = state;
      from = idle.isEmpty() ? state : from;
      until = until.isBefore(event.at()) ? state.now().plus(REACH) : until;
    }
    events.add(event);
  }

  ModelState base() {
    return base;
  }

  List<Event> events() {
    return List.copyOf(events);
  }

  /**
   * Keeps a pane in which nothing came, and before which nothing did, as little as possible: with
   * those that were left out before it, since {@code before}.
   */
  void dropIfSingle(Pane pane, Instant before) {
    Instant start = before.isBefore(pane.start()) ? before : pane.start();
    Duration width = Duration.between(pane.start(), pane.end());
    long count = Duration.between(start, pane.end()).dividedBy(width);
    if (events.size() == 1 && start.plus(width.multipliedBy(count)).equals(pane.end())) {
      events = new ArrayList<>();
      addIdle(new IdlePanes(start, width, (int) count));
    }
  }

  private void addIdle(IdlePanes more) {
    IdlePanes last = idle.isEmpty() ? null : idle.get(idle.size() - 1);
    if (last != null && last.end().equals(more.start()) && last.width().equals(more.width())) {
      int count = last.count() + more.count();
      idle.set(idle.size() - 1, new IdlePanes(last.start(), last.width(), count));
    } else if (idle.size() < MAX_IDLE) {
      idle.add(more);
    } else {
      idle.clear(); // a gap: the next stretch follows from nothing that was handed on
    }
  }

  /** Starts anew: from now on everything follows from {@code after}. */
  void end(ModelState after) {
    if (events.isEmpty()) {
      return;
    }
    over.accept(new Stretch(after.policy().model(), from, idle, base, events, after));
    events = new ArrayList<>();
    idle.clear();
    until = after.now();
  }
}
