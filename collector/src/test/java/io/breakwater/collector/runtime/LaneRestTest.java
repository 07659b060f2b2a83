package io.breakwater.collector.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.collector.intake.IntakeMetrics;
import io.breakwater.collector.intake.Point;
import io.breakwater.collector.store.Stretch;
import io.breakwater.collector.store.Stretch.IdlePanes;
import io.breakwater.engine.Engine;
import io.breakwater.engine.Event;
import io.breakwater.engine.ModelState;
import io.breakwater.engine.Pane;
import io.breakwater.engine.policy.Breaches;
import io.breakwater.engine.policy.BreakerSettings;
import io.breakwater.engine.policy.Guardrail;
import io.breakwater.engine.policy.Mode;
import io.breakwater.engine.policy.ModelPolicy;
import io.breakwater.engine.policy.Then;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A guarded model is stepped where something came or is due, and nothing is lost by that. */
class LaneRestTest {
  private static final Instant START = Instant.parse("2026-11-21T02:20:00.030Z");

  private final List<Stretch> stretches = new ArrayList<>();
  private final Lane lane =
      new Lane(
          Engine.start(policy(), START),
          true,
          new ModelTotals("credit", () -> 64, System::nanoTime),
          new IntakeMetrics(new PrometheusRegistry()),
          new CellQuota(1_000_000),
          (of, base, events, step) -> CompletableFuture.completedFuture(null),
          stretches::add);
  private Instant now = START;

  private static ModelPolicy policy() {
    return ModelPolicy.of(
        "credit",
        "1",
        Mode.ENFORCE,
        List.of(
            new Guardrail.ErrorsLimit("errors max", 0.5, 1e-4, Then.TRIP, Breaches.AT_ONCE, null)),
        BreakerSettings.DEFAULTS,
        null,
        "none");
  }

  @Test
  void modelOfWhichNothingComes_isSteppedOnceASecond() {
    lane.begin(START);
    List<Instant> steps = cut(35);
    assertThat(steps)
        .containsExactly(
            START.plusMillis(100),
            Instant.parse("2026-11-21T02:20:01.030Z"),
            Instant.parse("2026-11-21T02:20:02.030Z"),
            Instant.parse("2026-11-21T02:20:03.030Z"));
  }

  @Test
  void callsOfAModelAtRest_areInThePaneInWhichTheyCame() {
    lane.begin(START);
    cut(14);
    call("1", 3);
    cut(1);

    assertThat(lane.state().now()).isEqualTo(START.plusMillis(1_500));
    assertThat(lane.state().versions().get("1").firstCall()).isEqualTo(START.plusMillis(1_400));
  }

  @Test
  void eventOfAModelAtRest_findsTheStateAsItIs() {
    lane.begin(START);
    call("1", 3);
    cut(15);
    Instant at = now.plusMillis(40);
    lane.step(new Event.Resumed(at));

    assertThat(lane.state().now()).isEqualTo(at);
    lane.end();
    List<Event> events = stretches.get(stretches.size() - 1).events();
    assertThat(events).extracting(Event::at).contains(now, at);
  }

  @Test
  void whatIsHandedOn_leadsToTheSameStatesPaneByPane() {
    lane.begin(START);
    Random random = new Random(5);
    for (int i = 0; i < 3_000; i++) {
      boolean silent = i / 300 % 2 == 1;
      if (!silent && random.nextInt(12) == 0) {
        call(String.valueOf(1 + random.nextInt(2)), 1 + random.nextInt(5));
      }
      if (random.nextInt(20) == 0 && !silent) {
        lane.add(new Point.Beat("i"));
      }
      cut(1);
    }
    lane.end();

    assertThat(stretches).hasSizeGreaterThan(3);
    for (Stretch stretch : stretches) {
      ModelState state = stretch.from();
      for (IdlePanes idle : stretch.idle()) {
        for (int pane = 0; pane < idle.count(); pane++) {
          Instant start = idle.start().plus(idle.width().multipliedBy(pane));
          Pane empty = new Pane(start, start.plus(idle.width()), List.of(), List.of());
          state = Engine.step(state, new Event.PaneClosed(empty)).next();
        }
      }
      assertThat(state).isEqualTo(stretch.base());
      for (Event event : stretch.events()) {
        state = Engine.step(state, event).next();
      }
      assertThat(state).isEqualTo(stretch.after());
    }
    assertThat(stretches)
        .flatExtracting(Stretch::idle)
        .extracting(IdlePanes::width)
        .containsOnly(Duration.ofMillis(100));
  }

  private void call(String version, long count) {
    lane.add(new Point.Calls("i", "credit", version, null, Point.Traffic.LIVE, count, null));
  }

  /** Cuts panes; returns when there were steps. */
  private List<Instant> cut(int panes) {
    List<Instant> steps = new ArrayList<>();
    for (int i = 0; i < panes; i++) {
      now = now.plus(PaneGrid.WIDTH);
      Instant before = lane.state().now();
      lane.cut(now);
      if (!lane.state().now().equals(before)) {
        steps.add(now);
      }
    }
    return steps;
  }
}
