package io.breakwater.agent.core.export;

import io.breakwater.agent.core.record.Labels;
import io.breakwater.agent.core.record.PointSink;
import io.breakwater.signals.HistogramSnapshot;
import io.breakwater.signals.Metric;
import java.util.function.Consumer;

/** Cuts the points of one flush into batches of a size that every endpoint takes. */
final class Batches implements PointSink {
  /** Points of a batch: about a megabyte if all are histograms. */
  static final int MAX_POINTS = 2_000;

  private final Consumer<MetricBatch> out;
  private final long endNanos;
  private MetricBatch current;

  Batches(Consumer<MetricBatch> out, long endNanos) {
    this.out = out;
    this.endNanos = endNanos;
    this.current = new MetricBatch(endNanos);
  }

  @Override
  public void histogram(Metric metric, Labels labels, HistogramSnapshot values, long startNanos) {
    withRoom().histogram(metric, labels, values, startNanos);
  }

  @Override
  public void sum(Metric metric, Labels labels, long count, long startNanos) {
    withRoom().sum(metric, labels, count, startNanos);
  }

  /** The batch that takes the next point. */
  MetricBatch withRoom() {
    if (current.points() >= MAX_POINTS) {
      finish();
    }
    return current;
  }

  /** Hands over what is left. */
  void finish() {
    if (current.points() > 0) {
      out.accept(current);
      current = new MetricBatch(endNanos);
    }
  }
}
