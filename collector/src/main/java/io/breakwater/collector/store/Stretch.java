package io.breakwater.collector.store;

import static java.util.Objects.requireNonNull;

import io.breakwater.engine.Event;
import io.breakwater.engine.ModelState;
import io.breakwater.engine.Pane;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * What happened to a model for some seconds: idle panes first, then events.
 *
 * @param from the state before all of it
 * @param idle panes in which nothing came, which lead from {@code from} to {@code base}
 * @param base the state before the events
 * @param events what happened then, oldest first
 * @param after the state after the last of them
 */
public record Stretch(
    String model,
    ModelState from,
    List<IdlePanes> idle,
    ModelState base,
    List<Event> events,
    ModelState after) {
  public Stretch {
    requireNonNull(model, "model");
    requireNonNull(from, "from");
    requireNonNull(base, "base");
    requireNonNull(after, "after");
    idle = List.copyOf(idle);
    events = List.copyOf(events);
  }

  /**
   * Panes of the same width, one after the other, in which nothing came.
   *
   * @param start when the first began
   */
  public record IdlePanes(Instant start, Duration width, int count) {
    /** When the last of them ends. */
    public Instant end() {
      return start.plus(width.multipliedBy(count));
    }

    /** The panes as events. */
    Stream<Event> events() {
      return Stream.iterate(start, at -> at.plus(width))
          .limit(count)
          .map(at -> new Pane(at, at.plus(width), List.of(), List.of(), List.of()))
          .map(Event.PaneClosed::new);
    }
  }
}
