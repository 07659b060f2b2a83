package io.breakwater.engine;

import io.breakwater.engine.policy.ModelPolicy;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The decisions of one model: a pure function from state and event to the next state, with what is
 * to be done and written down.
 *
 * <p>Stateless and safe for use by many threads. Never throws for any well-formed event.
 */
public final class Engine {
  private Engine() {}

  /** A model nothing has been seen of. */
  public static ModelState start(ModelPolicy policy, Instant now) {
    return new ModelState(policy, now, policy.stable(), Map.of(), Map.of(), Set.of());
  }

  /** What {@code event} leads to. */
  public static Step step(ModelState state, Event event) {
    return new Step(state, List.of(), List.of());
  }
}
