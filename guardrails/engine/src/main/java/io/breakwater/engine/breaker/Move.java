package io.breakwater.engine.breaker;

import static java.util.Objects.requireNonNull;

import io.breakwater.engine.Action;
import io.breakwater.engine.DecisionRecord;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A breaker's answer to a stimulus; a value.
 *
 * @param next the state from now on
 * @param actions what is to be done
 * @param records what is to be written down and told
 * @param effects what else changes for the version
 * @param refusal why an order was not carried out, in words, or null
 */
public record Move(
    BreakerState next,
    List<Action> actions,
    List<DecisionRecord> records,
    Set<Effect> effects,
    @Nullable String refusal) {

  /** What a move changes for its version besides the state. */
  public enum Effect {
    /** The guardrails forget their evidence. */
    FRESH_EVIDENCE,
    /** The ledger says TRIPPED. */
    TRIPPED,
    /** Counts towards the latch. */
    COUNTED,
    /** The version becomes GOOD and stable. */
    PROMOTED,
    /** The version is not served any more and has no breaker from now on. */
    ENDED
  }

  public Move {
    requireNonNull(next, "next");
    actions = List.copyOf(actions);
    records = List.copyOf(records);
    effects = Set.copyOf(effects);
  }

  static Move to(BreakerState next) {
    return new Move(next, List.of(), List.of(), Set.of(), null);
  }

  static Move refuse(BreakerState state, String why) {
    return new Move(state, List.of(), List.of(), Set.of(), why);
  }

  Move doing(Action action) {
    return new Move(next, plus(actions, action), records, effects, refusal);
  }

  Move telling(DecisionRecord record) {
    return new Move(next, actions, plus(records, record), effects, refusal);
  }

  Move with(Effect effect) {
    Set<Effect> more = EnumSet.of(effect);
    more.addAll(effects);
    return new Move(next, actions, records, more, refusal);
  }

  private static <T> List<T> plus(List<T> list, T last) {
    List<T> longer = new ArrayList<>(list);
    longer.add(last);
    return longer;
  }
}
