package io.breakwater.agent.core.record;

import io.breakwater.signals.Attributes;
import io.breakwater.signals.ExponentialHistogram;
import io.breakwater.signals.Metrics;
import java.util.HashMap;
import java.util.Map;

/** Durations of a model's calls by failure, and rows per call. Guarded by its store. */
final class CallStreams {
  private static final double NANOS_PER_SECOND = 1e9;

  private final ErrorTypes errorTypes;
  private final ExponentialHistogram succeeded = histogram();
  private final ExponentialHistogram rows = histogram();
  private final Map<Integer, ExponentialHistogram> failed = new HashMap<>();
  private long startNanos;

  CallStreams(ErrorTypes errorTypes, long startNanos) {
    this.errorTypes = errorTypes;
    this.startNanos = startNanos;
  }

  private static ExponentialHistogram histogram() {
    return ExponentialHistogram.ofScale(ExponentialHistogram.DURATION_SCALE);
  }

  void record(long durationNanos, int rowsOfCall, int errorType) {
    double seconds = durationNanos / NANOS_PER_SECOND;
    if (errorType == ErrorTypes.NONE) {
      succeeded.record(seconds);
      rows.record(rowsOfCall);
    } else {
      failed.computeIfAbsent(errorType, type -> histogram()).record(seconds);
    }
  }

  void flush(PointSink sink, long nowNanos) {
    if (succeeded.count() > 0) {
      sink.histogram(
          Metrics.INFERENCE_DURATION, Labels.NONE, succeeded.snapshotAndReset(), startNanos);
      sink.histogram(Metrics.INFERENCE_ROWS, Labels.NONE, rows.snapshotAndReset(), startNanos);
    }
    failed.forEach(
        (type, durations) -> {
          if (durations.count() > 0) {
            Labels failure = Labels.NONE.with(Attributes.ERROR_TYPE, errorTypes.name(type));
            sink.histogram(
                Metrics.INFERENCE_DURATION, failure, durations.snapshotAndReset(), startNanos);
          }
        });
    startNanos = nowNanos;
  }
}
