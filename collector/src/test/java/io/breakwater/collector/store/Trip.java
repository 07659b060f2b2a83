package io.breakwater.collector.store;

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

/** What the engine really makes of a canary that fails all its calls. */
final class Trip {
  static final Instant START = Instant.parse("2026-11-21T02:20:00.030000007Z");

  private Trip() {}

  /** The entry of the trip of version 2. */
  static JournalEntry of(String model) {
    return of(model, START);
  }

  /** The same at another time. */
  static JournalEntry of(String model, Instant start) {
    ModelState base = Engine.start(policy(model), start);
    ModelState state = base;
    List<Event> events = new ArrayList<>();
    while (true) {
      Event pane = new Event.PaneClosed(pane(start, events.size()));
      events.add(pane);
      Step step = Engine.step(state, pane);
      state = step.next();
      if (!step.actions().isEmpty()) {
        return new JournalEntry(model, base, events, state, step.records(), step.actions());
      }
    }
  }

  private static ModelPolicy policy(String model) {
    return ModelPolicy.of(
        model,
        "1",
        Mode.ENFORCE,
        List.of(
            new Guardrail.ErrorsAgainstStable(
                "errors against stable", 1e-4, Then.TRIP, Breaches.AT_ONCE, 0.5),
            new Guardrail.ErrorsLimit(
                "errors max", 0.5, 1e-4, Then.ALERT, new Breaches(2, 3), null)),
        BreakerSettings.DEFAULTS,
        "none",
        "digest");
  }

  private static Pane pane(Instant first, int index) {
    Instant start = first.plusMillis(100L * index);
    return new Pane(
        start,
        start.plusMillis(100),
        List.of(
            new VersionPane("1", 20, 0, Map.of()),
            new VersionPane("2", 5, 5, Map.of("a.B", 2L, "c.D", 3L))),
        List.of(new Pane.InstancePane("i-1", 1, Map.of("1", 20L, "2", 5L))));
  }
}
