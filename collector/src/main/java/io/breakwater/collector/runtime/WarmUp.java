package io.breakwater.collector.runtime;

import io.breakwater.collector.store.JournalEntry;
import io.breakwater.engine.Engine;
import io.breakwater.engine.Event;
import io.breakwater.engine.ModelState;
import io.breakwater.engine.Pane;
import io.breakwater.engine.Pane.VersionPane;
import io.breakwater.engine.Step;
import io.breakwater.engine.policy.Breaches;
import io.breakwater.engine.policy.BreakerSettings;
import io.breakwater.engine.policy.Guardrail;
import io.breakwater.engine.policy.Mode;
import io.breakwater.engine.policy.ModelPolicy;
import io.breakwater.engine.policy.Then;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A made-up trip that goes nowhere: the first real one would otherwise pay for loading every class
 * between verdict and journal.
 */
final class WarmUp {
  private static final int MAX_PANES = 100;
  private static final long CALLS = 50;

  private WarmUp() {}

  /** The journal entry of a trip of {@code model}. */
  static JournalEntry trip(String model, Instant now) {
    ModelPolicy policy =
        ModelPolicy.of(
            model,
            "1",
            Mode.ENFORCE,
            List.of(
                new Guardrail.ErrorsAgainstStable(
                    "errors against stable", 1e-4, Then.TRIP, Breaches.AT_ONCE, null),
                new Guardrail.ErrorsLimit(
                    "errors max", 0.5, 1e-4, Then.TRIP, Breaches.AT_ONCE, null)),
            BreakerSettings.DEFAULTS,
            "none",
            "");
    ModelState base = Engine.start(policy, now);
    ModelState state = base;
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < MAX_PANES; i++) {
      Event pane = new Event.PaneClosed(pane(now.plus(PaneGrid.WIDTH.multipliedBy(i))));
      events.add(pane);
      Step step = Engine.step(state, pane);
      state = step.next();
      if (!step.actions().isEmpty()) {
        return new JournalEntry(model, base, events, state, step.records(), step.actions());
      }
    }
    return new JournalEntry(model, base, events, state, List.of(), List.of());
  }

  private static Pane pane(Instant start) {
    return new Pane(
        start,
        start.plus(PaneGrid.WIDTH),
        List.of(
            new VersionPane("1", CALLS, 0, Map.of()),
            new VersionPane("2", CALLS, CALLS, Map.of("warm-up", CALLS))),
        List.of(new Pane.InstancePane("warm-up", 1, Map.of("1", CALLS, "2", CALLS))));
  }
}
