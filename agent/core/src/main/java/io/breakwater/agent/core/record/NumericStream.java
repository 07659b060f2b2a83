package io.breakwater.agent.core.record;

import io.breakwater.signals.Attributes;
import io.breakwater.signals.Metric;
import io.breakwater.signals.Metrics;
import io.breakwater.signals.PinnedHistogram;
import io.breakwater.signals.PinnedSnapshot;

/** The values of one feature or score. Guarded by its store's lock. */
final class NumericStream {
  private final Metric metric;
  private final Labels labels;
  private final Labels outsideLabels;
  private final PinnedHistogram values = new PinnedHistogram();
  private final long leastPane;
  private long inPane;
  private long startNanos;

  /**
   * A stream.
   *
   * @param outsideLabels labels of the counts outside its window
   * @param leastPane values below which an interval is held back and merged into the next
   */
  NumericStream(
      Metric metric, Labels labels, Labels outsideLabels, long leastPane, long startNanos) {
    this.metric = metric;
    this.labels = labels;
    this.outsideLabels = outsideLabels;
    this.leastPane = leastPane;
    this.startNanos = startNanos;
  }

  NumericStream(Metric metric, Labels labels, long leastPane, long startNanos) {
    this(metric, labels, labels, leastPane, startNanos);
  }

  void record(double value) {
    values.record(value);
    inPane++;
  }

  void flush(PointSink sink, long nowNanos) {
    if (inPane == 0) {
      startNanos = nowNanos;
    } else if (inPane >= leastPane) {
      emit(sink, values.snapshotAndReset());
      inPane = 0;
      startNanos = nowNanos;
    }
  }

  private void emit(PointSink sink, PinnedSnapshot pane) {
    if (!pane.histogram().isEmpty()) {
      sink.histogram(metric, labels, pane.histogram(), startNanos);
    }
    outside(sink, pane.low(), Attributes.RANGE_LOW, pane.lowBound());
    outside(sink, pane.high(), Attributes.RANGE_HIGH, pane.highBound());
    if (pane.missing() > 0) {
      sink.sum(Metrics.INFERENCE_FEATURE_MISSING, labels, pane.missing(), startNanos);
    }
  }

  private void outside(PointSink sink, long count, String side, double bound) {
    if (count > 0) {
      Labels sided = outsideLabels.with(Attributes.RANGE, side).with(Attributes.RANGE_BOUND, bound);
      sink.sum(Metrics.INFERENCE_OUT_OF_RANGE, sided, count, startNanos);
    }
  }
}
