package io.breakwater.collector.store;

import static java.util.Objects.requireNonNull;

import io.breakwater.engine.Action;
import io.breakwater.engine.DecisionRecord;
import io.breakwater.engine.Event;
import io.breakwater.engine.ModelState;
import java.util.List;

/**
 * One step to be written down as a whole or not at all.
 *
 * @param model the model
 * @param base a state before
 * @param events all events since, the last of which led to the step
 * @param after the state after the step
 */
public record JournalEntry(
    String model,
    ModelState base,
    List<Event> events,
    ModelState after,
    List<DecisionRecord> records,
    List<Action> actions) {
  public JournalEntry {
    requireNonNull(model, "model");
    events = List.copyOf(events);
    records = List.copyOf(records);
    actions = List.copyOf(actions);
  }
}
