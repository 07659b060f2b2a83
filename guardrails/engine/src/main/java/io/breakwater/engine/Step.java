package io.breakwater.engine;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The engine's answer to one event.
 *
 * @param next the state from now on
 * @param actions what is to be done, in order, after {@code records} are journalled
 * @param records what is to be written down and told
 * @param refusal why an order was not carried out and what would be right, in words; null for
 *     everything else
 */
public record Step(
    ModelState next, List<Action> actions, List<DecisionRecord> records, @Nullable String refusal) {
  public Step {
    requireNonNull(next, "next");
    actions = List.copyOf(actions);
    records = List.copyOf(records);
  }

  /** An answer that refuses nothing. */
  public Step(ModelState next, List<Action> actions, List<DecisionRecord> records) {
    this(next, actions, records, null);
  }
}
