package io.breakwater.agent.core.record;

import io.breakwater.signals.HistogramSnapshot;
import io.breakwater.signals.Metric;

/** Takes the points of a flush, one stream after the other. */
public interface PointSink {
  /**
   * Values of an interval.
   *
   * @param startNanos start of the interval, nanoseconds since the epoch
   */
  void histogram(Metric metric, Labels labels, HistogramSnapshot values, long startNanos);

  /**
   * A count of an interval.
   *
   * @param startNanos start of the interval, nanoseconds since the epoch
   */
  void sum(Metric metric, Labels labels, long count, long startNanos);
}
