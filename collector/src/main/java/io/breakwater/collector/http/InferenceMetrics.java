package io.breakwater.collector.http;

import io.breakwater.collector.runtime.ModelTotals.Totals;
import io.breakwater.signals.HistogramSnapshot;
import io.prometheus.metrics.model.registry.MetricType;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricFamilyDescriptor;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The models' own metrics, re-exported as totals since the collector started; live calls only.
 *
 * <p>Bounds of the buckets are powers of two or of its square root: the exponential histograms the
 * numbers come from have buckets that end there, so the counts are exact.
 */
final class InferenceMetrics implements MultiCollector {
  /** 61 microseconds to 32 s. */
  private static final double[] DURATION_BOUNDS = bounds(-14, 5, 1);

  /** 0.016 to 64 in steps of the square root of two. */
  private static final double[] SCORE_BOUNDS = bounds(-6, 6, 2);

  private final Supplier<Map<String, List<Totals>>> totals;

  /** Metrics of what {@code totals} says, by model. */
  InferenceMetrics(Supplier<Map<String, List<Totals>>> totals) {
    this.totals = totals;
  }

  private static double[] bounds(int from, int to, int perOctave) {
    double[] bounds = new double[(to - from) * perOctave + 1];
    for (int i = 0; i < bounds.length; i++) {
      double half = i % perOctave == 0 ? 1 : Math.sqrt(2);
      bounds[i] = Math.scalb(half, from + i / perOctave);
    }
    return bounds;
  }

  @Override
  public List<MetricFamilyDescriptor> getMetricFamilyDescriptors() {
    return List.of(
        descriptor(MetricType.COUNTER, MetricTable.INFERENCE_CALLS),
        descriptor(MetricType.COUNTER, MetricTable.INFERENCE_ERRORS),
        descriptor(MetricType.HISTOGRAM, MetricTable.INFERENCE_DURATION),
        descriptor(MetricType.HISTOGRAM, MetricTable.INFERENCE_SCORE));
  }

  private static MetricFamilyDescriptor descriptor(MetricType type, MetricTable.Entry entry) {
    return MetricFamilyDescriptor.of(
        type, new MetricMetadata(baseName(entry), entry.help()), entry.labels());
  }

  private static String baseName(MetricTable.Entry entry) {
    return entry.name().replaceFirst("_total$", "");
  }

  @Override
  public MetricSnapshots collect() {
    CounterSnapshot.Builder calls = counter(MetricTable.INFERENCE_CALLS);
    CounterSnapshot.Builder errors = counter(MetricTable.INFERENCE_ERRORS);
    var durations = histogram(MetricTable.INFERENCE_DURATION);
    var scores = histogram(MetricTable.INFERENCE_SCORE);
    totals
        .get()
        .forEach(
            (model, versions) -> {
              for (Totals version : versions) {
                add(model, version, calls, errors, durations, scores);
              }
            });
    return MetricSnapshots.of(calls.build(), errors.build(), durations.build(), scores.build());
  }

  private static void add(
      String model,
      Totals version,
      CounterSnapshot.Builder calls,
      CounterSnapshot.Builder errors,
      io.prometheus.metrics.model.snapshots.HistogramSnapshot.Builder durations,
      io.prometheus.metrics.model.snapshots.HistogramSnapshot.Builder scores) {
    String[] who = {model, version.version()};
    calls.dataPoint(count(MetricTable.INFERENCE_CALLS, version.calls(), who));
    version
        .errorTypes()
        .forEach(
            (type, count) ->
                errors.dataPoint(count(MetricTable.INFERENCE_ERRORS, count, with(who, type))));
    durations.dataPoint(
        point(MetricTable.INFERENCE_DURATION, version.durations(), DURATION_BOUNDS, who));
    version
        .scores()
        .forEach(
            (output, values) ->
                scores.dataPoint(
                    point(MetricTable.INFERENCE_SCORE, values, SCORE_BOUNDS, with(who, output))));
  }

  private static String[] with(String[] who, String more) {
    return new String[] {who[0], who[1], more};
  }

  private static CounterSnapshot.Builder counter(MetricTable.Entry entry) {
    return CounterSnapshot.builder().name(baseName(entry)).help(entry.help());
  }

  private static io.prometheus.metrics.model.snapshots.HistogramSnapshot.Builder histogram(
      MetricTable.Entry entry) {
    return io.prometheus.metrics.model.snapshots.HistogramSnapshot.builder()
        .name(entry.name())
        .help(entry.help());
  }

  private static Labels labels(MetricTable.Entry entry, String... values) {
    return Labels.of(entry.labels().toArray(String[]::new), values);
  }

  private static CounterDataPointSnapshot count(
      MetricTable.Entry entry, long value, String... labels) {
    return CounterDataPointSnapshot.builder()
        .labels(labels(entry, labels))
        .value((double) value)
        .build();
  }

  private static HistogramDataPointSnapshot point(
      MetricTable.Entry entry, HistogramSnapshot values, double[] bounds, String... labels) {
    ClassicHistogramBuckets.Builder buckets = ClassicHistogramBuckets.builder();
    long below = 0;
    for (double bound : bounds) {
      long count = values.countAtOrBelow(bound).lower();
      buckets.bucket(bound, count - below);
      below = count;
    }
    buckets.bucket(Double.POSITIVE_INFINITY, values.count() - below);
    return HistogramDataPointSnapshot.builder()
        .labels(labels(entry, labels))
        .classicHistogramBuckets(buckets.build())
        .sum(values.sum())
        .build();
  }
}
