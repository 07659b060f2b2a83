package io.breakwater.agent.core.record;

import io.breakwater.signals.HistogramSnapshot;
import io.breakwater.signals.Metric;
import java.util.ArrayList;
import java.util.List;

/** Keeps points until they can be handed on without a lock. Not thread-safe. */
final class PointBuffer implements PointSink {
  private final List<Point> points = new ArrayList<>();

  /** One call of a sink, to be made later. */
  private interface Point {
    void sendTo(PointSink sink);
  }

  @Override
  public void histogram(Metric metric, Labels labels, HistogramSnapshot values, long startNanos) {
    points.add(sink -> sink.histogram(metric, labels, values, startNanos));
  }

  @Override
  public void sum(Metric metric, Labels labels, long count, long startNanos) {
    points.add(sink -> sink.sum(metric, labels, count, startNanos));
  }

  void sendTo(PointSink sink) {
    for (Point point : points) {
      point.sendTo(sink);
    }
  }
}
