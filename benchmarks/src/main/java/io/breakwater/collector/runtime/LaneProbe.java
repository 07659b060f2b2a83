package io.breakwater.collector.runtime;

import io.breakwater.collector.intake.Batch;
import io.breakwater.collector.intake.IntakeMetrics;
import io.breakwater.collector.intake.Point;
import io.breakwater.collector.intake.Series;
import io.breakwater.engine.Distribution;
import io.breakwater.engine.Engine;
import io.breakwater.engine.policy.BreakerSettings;
import io.breakwater.engine.policy.Mode;
import io.breakwater.engine.policy.ModelPolicy;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Lanes without threads: puts batches where the collector's lanes put them; for one thread. */
public final class LaneProbe {
  private final IntakeMetrics metrics = new IntakeMetrics(new PrometheusRegistry());
  private final CellQuota quota = new CellQuota(1L << 30);
  private final Map<String, Seat> seats = new HashMap<>();
  private final Instant start = Instant.parse("2026-11-21T00:00:00Z");
  private Instant end = start;

  /** Adds a batch to the series of its points. */
  public int add(Batch batch) {
    Share share = new Share(batch, quota, false);
    for (int i = 0; i < batch.size(); i++) {
      Series series = batch.series(i);
      Seat seat =
          batch.lane(i) instanceof Seat known
              ? known
              : series == null ? seat(batch.point(i)) : seat(series);
      share.add(seat, i);
    }
    share.deliver();
    batch.release();
    return share.touched();
  }

  private Seat seat(Point point) {
    if (point instanceof Point.OfModel ofModel) {
      return seats.computeIfAbsent(ofModel.model(), this::open);
    }
    throw new IllegalStateException("point: " + point + " (expected: one of a model)");
  }

  private Seat seat(Series series) {
    if (series.lane() instanceof Seat known) {
      return known;
    }
    Seat seat = seats.computeIfAbsent(series.model(), this::open);
    series.attachLane(seat);
    return seat;
  }

  @SuppressWarnings("NullAway") // no thread runs it
  private Seat open(String model) {
    ModelPolicy policy =
        ModelPolicy.of(model, null, Mode.OBSERVE, List.of(), BreakerSettings.DEFAULTS, "none", "");
    Lane lane =
        new Lane(
            Engine.start(policy, start),
            false,
            new ModelTotals(model, () -> 64, System::nanoTime),
            metrics,
            quota,
            (of, base, events, step) -> CompletableFuture.completedFuture(null),
            stretch -> {});
    lane.begin(start);
    return new Seat(this, lane, null);
  }

  /** Looks at everything that came in; returns how many values that were. */
  public long look() {
    long[] values = {0};
    for (Seat seat : seats.values()) {
      for (var reading : seat.lane().look(start, start.plusSeconds(3_600))) {
        Distribution distribution = reading.values();
        values[0] += distribution.rows();
      }
    }
    return values[0];
  }

  /** Cuts the panes of one second of all lanes. */
  public void cutSecond() {
    for (int pane = 0; pane < 10; pane++) {
      end = end.plus(PaneGrid.WIDTH);
      seats.values().forEach(seat -> seat.lane().cut(end));
    }
  }
}
