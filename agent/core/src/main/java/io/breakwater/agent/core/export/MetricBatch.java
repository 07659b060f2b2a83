package io.breakwater.agent.core.export;

import io.breakwater.agent.core.record.Labels;
import io.breakwater.agent.core.record.PointSink;
import io.breakwater.signals.BucketCounts;
import io.breakwater.signals.HistogramSnapshot;
import io.breakwater.signals.Metric;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.DoublePointData;
import io.opentelemetry.sdk.metrics.data.ExponentialHistogramBuckets;
import io.opentelemetry.sdk.metrics.data.ExponentialHistogramData;
import io.opentelemetry.sdk.metrics.data.ExponentialHistogramPointData;
import io.opentelemetry.sdk.metrics.data.GaugeData;
import io.opentelemetry.sdk.metrics.data.LongPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.data.MetricDataType;
import io.opentelemetry.sdk.metrics.data.SumData;
import io.opentelemetry.sdk.resources.Resource;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Collects the points of one flush, all of delta temporality. Not thread-safe. */
final class MetricBatch implements PointSink {
  private static final AggregationTemporality DELTA = AggregationTemporality.DELTA;

  private final Map<Metric, List<ExponentialHistogramPointData>> histograms = new LinkedHashMap<>();
  private final Map<Metric, List<LongPointData>> sums = new LinkedHashMap<>();
  private final Map<Metric, List<DoublePointData>> times = new LinkedHashMap<>();
  private final Map<Metric, List<LongPointData>> gauges = new LinkedHashMap<>();
  private final long endNanos;
  private int points;

  /**
   * An empty batch.
   *
   * @param endNanos end of all intervals, nanoseconds since the epoch
   */
  MetricBatch(long endNanos) {
    this.endNanos = endNanos;
  }

  int points() {
    return points;
  }

  /** End of all intervals, nanoseconds since the epoch: the same for all batches of a flush. */
  long endNanos() {
    return endNanos;
  }

  @Override
  public void histogram(Metric metric, Labels labels, HistogramSnapshot values, long startNanos) {
    ExponentialHistogramPointData point =
        ExponentialHistogramPointData.create(
            values.scale(),
            values.sum(),
            values.zeroCount(),
            !Double.isNaN(values.min()),
            values.min(),
            !Double.isNaN(values.max()),
            values.max(),
            buckets(values.scale(), values.positive()),
            buckets(values.scale(), values.negative()),
            notAfterEnd(startNanos),
            endNanos,
            attributes(labels),
            List.of());
    add(histograms, metric, point);
  }

  private static ExponentialHistogramBuckets buckets(int scale, BucketCounts counts) {
    return ExponentialHistogramBuckets.create(scale, counts.offset(), new CountList(counts));
  }

  @Override
  public void sum(Metric metric, Labels labels, long count, long startNanos) {
    add(
        sums,
        metric,
        LongPointData.create(notAfterEnd(startNanos), endNanos, attributes(labels), count));
  }

  /** Seconds spent in an interval. */
  void time(Metric metric, Labels labels, double seconds, long startNanos) {
    add(
        times,
        metric,
        DoublePointData.create(
            notAfterEnd(startNanos), endNanos, attributes(labels), seconds, List.of()));
  }

  /** A value as it is now. */
  void gauge(Metric metric, long value) {
    add(gauges, metric, LongPointData.create(endNanos, endNanos, Attributes.empty(), value));
  }

  private <P> void add(Map<Metric, List<P>> byMetric, Metric metric, P point) {
    byMetric.computeIfAbsent(metric, kept -> new ArrayList<>()).add(point);
    points++;
  }

  /** A clock that was set back must not make an interval that ends before it starts. */
  private long notAfterEnd(long startNanos) {
    return Math.min(startNanos, endNanos);
  }

  private static Attributes attributes(Labels labels) {
    AttributesBuilder attributes = Attributes.builder();
    for (Map.Entry<String, Object> label : labels.entries()) {
      if (label.getValue() instanceof Double) {
        attributes.put(label.getKey(), (Double) label.getValue());
      } else {
        attributes.put(label.getKey(), (String) label.getValue());
      }
    }
    return attributes.build();
  }

  /** The points by metric. */
  List<MetricData> metrics(Resource resource, InstrumentationScopeInfo scope) {
    List<MetricData> metrics = new ArrayList<>();
    histograms.forEach(
        (metric, points) ->
            metrics.add(
                new MetricPoints(
                    resource,
                    scope,
                    metric,
                    MetricDataType.EXPONENTIAL_HISTOGRAM,
                    ExponentialHistogramData.create(DELTA, points))));
    sums.forEach(
        (metric, points) ->
            metrics.add(
                new MetricPoints(
                    resource,
                    scope,
                    metric,
                    MetricDataType.LONG_SUM,
                    SumData.createLongSumData(true, DELTA, points))));
    times.forEach(
        (metric, points) ->
            metrics.add(
                new MetricPoints(
                    resource,
                    scope,
                    metric,
                    MetricDataType.DOUBLE_SUM,
                    SumData.createDoubleSumData(true, DELTA, points))));
    gauges.forEach(
        (metric, points) ->
            metrics.add(
                new MetricPoints(
                    resource,
                    scope,
                    metric,
                    MetricDataType.LONG_GAUGE,
                    GaugeData.createLongGaugeData(points))));
    return metrics;
  }

  /** Bucket counts as the SDK wants them, without a copy. */
  private static final class CountList extends AbstractList<Long> {
    private final BucketCounts counts;

    CountList(BucketCounts counts) {
      this.counts = counts;
    }

    @Override
    public Long get(int slot) {
      return counts.count(slot);
    }

    @Override
    public int size() {
      return counts.size();
    }
  }
}
