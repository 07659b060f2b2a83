package io.breakwater.agent.core.record;

import io.breakwater.signals.Attributes;
import io.breakwater.signals.Metrics;
import org.jspecify.annotations.Nullable;

/**
 * The scores of one output, and their complements while all are in [0, 1]. Guarded by its store.
 */
final class ScoreStream {
  private final NumericStream score;
  private @Nullable NumericStream complement;

  ScoreStream(Labels labels, long startNanos) {
    this.score = new NumericStream(Metrics.INFERENCE_SCORE, labels, 1, startNanos);
    this.complement =
        new NumericStream(
            Metrics.INFERENCE_SCORE_COMPLEMENT,
            labels,
            labels.with(Attributes.RANGE_SERIES, Attributes.RANGE_SERIES_COMPLEMENT),
            1,
            startNanos);
  }

  void record(double value) {
    score.record(value);
    if (complement == null) {
      return;
    }
    if (value >= 0 && value <= 1) {
      complement.record(1 - value);
    } else if (!Double.isNaN(value)) {
      complement = null; // not a probability, so those before had no complement either
    }
  }

  void flush(PointSink sink, long nowNanos) {
    score.flush(sink, nowNanos);
    if (complement != null) {
      complement.flush(sink, nowNanos);
    }
  }
}
