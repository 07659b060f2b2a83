package io.breakwater.agent.core.record;

import io.breakwater.signals.ExponentialHistogram;

/** The values of one measure. Guarded by its store. */
final class MeasureStream {
  /**
   * Twenty octaves before the scale has to give: a token to a million, a millisecond to a quarter
   * of an hour. Histograms of one scale merge without loss.
   */
  private static final int SCALE = 3;

  private final Measure measure;
  private final ExponentialHistogram values = ExponentialHistogram.ofScale(SCALE);
  private long startNanos;

  MeasureStream(Measure measure, long startNanos) {
    this.measure = measure;
    this.startNanos = startNanos;
  }

  void record(double value) {
    values.record(value);
  }

  void flush(PointSink sink, long nowNanos) {
    if (values.count() > 0) {
      sink.histogram(measure.metric(), measure.labels(), values.snapshotAndReset(), startNanos);
    }
    startNanos = nowNanos;
  }
}
