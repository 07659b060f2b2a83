package io.breakwater.collector.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.collector.intake.IntakeMetrics;
import io.breakwater.collector.intake.Point;
import io.breakwater.engine.Engine;
import io.breakwater.engine.policy.BreakerSettings;
import io.breakwater.engine.policy.Mode;
import io.breakwater.engine.policy.ModelPolicy;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class LaneTest {
  private static final Instant START = Instant.parse("2026-11-21T02:20:00.030Z");

  private final Lane lane =
      new Lane(
          Engine.start(
              ModelPolicy.of(
                  "credit", null, Mode.OBSERVE, List.of(), BreakerSettings.DEFAULTS, null, "none"),
              START),
          false,
          new ModelTotals("credit", () -> 64, System::nanoTime),
          new IntakeMetrics(new PrometheusRegistry()),
          new CellQuota(1_000_000),
          (of, base, events, step) -> CompletableFuture.completedFuture(null),
          stretch -> {});

  @Test
  void paneOfAModelThatNoRuleFits_isASecond() {
    cut(900);
    assertThat(lane.state().now()).isEqualTo(START);

    cut(1_000);
    assertThat(lane.state().now()).isEqualTo(START.plusMillis(1_000));

    cut(1_100);
    assertThat(lane.state().now()).isEqualTo(START.plusMillis(1_000));
  }

  @Test
  void ruleForAModel_makesItsPanesShortAtOnce() {
    cut(1_000);
    cut(1_300);

    lane.setGuarded(true);
    cut(1_400);
    assertThat(lane.state().now()).isEqualTo(START.plusMillis(1_400));

    lane.add(new Point.Calls("i", "credit", "1", null, Point.Traffic.LIVE, 3, null));
    cut(1_500);
    assertThat(lane.state().now()).isEqualTo(START.plusMillis(1_500));
  }

  private void cut(int millis) {
    lane.cut(START.plusMillis(millis));
  }
}
