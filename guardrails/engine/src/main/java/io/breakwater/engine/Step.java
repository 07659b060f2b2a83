package io.breakwater.engine;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * The engine's answer to one event.
 *
 * @param next the state from now on
 * @param actions what is to be done, in order, after {@code records} are journalled
 * @param records what is to be written down and told
 */
public record Step(ModelState next, List<Action> actions, List<DecisionRecord> records) {
  public Step {
    requireNonNull(next, "next");
    actions = List.copyOf(actions);
    records = List.copyOf(records);
  }
}
