package io.breakwater.agent.core.record;

import io.breakwater.signals.Attributes;
import io.breakwater.signals.Metrics;

/** The values of one categorical feature. Guarded by its store. */
final class CategoryStream {
  private final Labels labels;
  private final CategoryCounts counts;
  private long missing;
  private long inPane;
  private long startNanos;

  CategoryStream(String feature, int maxCategories, Drops drops, long startNanos) {
    this.labels = Labels.NONE.with(Attributes.FEATURE_NAME, feature);
    this.counts =
        new CategoryCounts(
            Metrics.INFERENCE_FEATURE_CATEGORY,
            labels,
            Attributes.FEATURE_CATEGORY,
            maxCategories,
            drops,
            startNanos);
    this.startNanos = startNanos;
  }

  void record(String category) {
    counts.add(counts.of(category));
    inPane++;
  }

  void recordMissing() {
    missing++;
    inPane++;
  }

  /** An interval with too few values to hide one in is held back and merged into the next. */
  void flush(PointSink sink, long nowNanos) {
    if (inPane > 0 && inPane < Limits.LEAST_PANE) {
      return;
    }
    counts.flush(sink, nowNanos);
    if (missing > 0) {
      sink.sum(Metrics.INFERENCE_FEATURE_MISSING, labels, missing, startNanos);
    }
    missing = 0;
    inPane = 0;
    startNanos = nowNanos;
  }
}
