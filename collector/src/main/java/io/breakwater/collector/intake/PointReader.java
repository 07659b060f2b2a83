package io.breakwater.collector.intake;

import io.breakwater.signals.Attributes;
import io.breakwater.signals.HistogramSnapshot;
import io.breakwater.signals.Metrics;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Turns what was read of a data point into a {@link Point}. */
final class PointReader {
  private static final String SCORE = Metrics.INFERENCE_SCORE.name();
  private static final String COMPLEMENT = Metrics.INFERENCE_SCORE_COMPLEMENT.name();
  private static final String FEATURE = Metrics.INFERENCE_FEATURE.name();
  private static final String CLASSES = Metrics.INFERENCE_PREDICTIONS.name();
  private static final String CATEGORIES = Metrics.INFERENCE_FEATURE_CATEGORY.name();
  private static final String OUTSIDE = Metrics.INFERENCE_OUT_OF_RANGE.name();
  private static final String MISSING = Metrics.INFERENCE_FEATURE_MISSING.name();
  private static final Set<String> NUMBERS = Set.of(SCORE, COMPLEMENT, FEATURE);
  private static final Set<String> COUNTS = Set.of(CLASSES, CATEGORIES, OUTSIDE, MISSING);

  private final String instance;
  private final DataPoint read;
  private final Identity who;

  private PointReader(String instance, DataPoint read) {
    this.instance = instance;
    this.read = read;
    this.who = read.identity;
  }

  /** Whether points of the metric cannot be of the type that this one has. */
  static boolean isWrongType(String metric, DataPoint read) {
    if (metric.equals(Metrics.INFERENCE_DURATION.name())) {
      return !read.isHistogram();
    }
    return NUMBERS.contains(metric)
        ? !read.isHistogram() || read.hasNoBuckets()
        : COUNTS.contains(metric) && read.type != DataPoint.SUM;
  }

  /** Whether points of the metric hold distributions of values. */
  static boolean isValues(String metric) {
    return NUMBERS.contains(metric);
  }

  /** Whether the values of a metric are one less each score. */
  static boolean isComplement(String metric) {
    return metric.equals(COMPLEMENT);
  }

  /**
   * Whether a value in an explicit bucket is taken as its lower bound: durations, so that a call
   * counts as slow only where it surely was.
   */
  static boolean roundsDown(String metric) {
    return metric.equals(Metrics.INFERENCE_DURATION.name());
  }

  /** The signal of values that are judged; empty for all others. */
  static String directSignal(String metric, Identity who) {
    if (!isValues(metric) || !who.isLive()) {
      return "";
    }
    if (metric.equals(FEATURE)) {
      String feature = who.feature;
      return feature == null || feature.isEmpty() ? "" : "feature:" + feature;
    }
    return score(who);
  }

  /**
   * The point.
   *
   * @throws IllegalArgumentException when its numbers or names cannot be
   */
  static Point point(String metric, String instance, DataPoint read) {
    return new PointReader(instance, read).point(metric);
  }

  private Point point(String metric) {
    if (metric.equals(Metrics.AGENT_HEARTBEAT.name())) {
      return new Point.Beat(instance);
    }
    HistogramSnapshot histogram = read.histogram(!roundsDown(metric));
    if (metric.equals(Metrics.INFERENCE_DURATION.name())) {
      return new Point.Calls(
          instance,
          who.model,
          who.version,
          who.errorType,
          who.isLive() ? Point.Traffic.LIVE : Point.Traffic.OTHER,
          read.count,
          histogram);
    }
    if (!who.isLive()) {
      return new Point.Other(instance);
    }
    if (NUMBERS.contains(metric) && histogram != null) {
      boolean complement = metric.equals(COMPLEMENT);
      String signal = metric.equals(FEATURE) ? "feature:" + required(who.feature) : score();
      return new Point.Values(
          instance, who.model, who.version, signal, complement, histogram.withoutExtremes());
    }
    return COUNTS.contains(metric) ? count(metric) : new Point.Other(instance);
  }

  private Point count(String metric) {
    long count = read.sum();
    if (metric.equals(MISSING)) {
      return new Point.Missing(instance, who.model, who.version, featureOrScore(), count);
    }
    if (metric.equals(OUTSIDE)) {
      return outside(count);
    }
    String signal = metric.equals(CLASSES) ? "class" : "category:" + required(who.feature);
    return new Point.Named(instance, who.model, who.version, signal, required(who.name), count);
  }

  private Point outside(long count) {
    boolean low = who.range.equals(Attributes.RANGE_LOW);
    if ((!low && !who.range.equals(Attributes.RANGE_HIGH)) || Double.isNaN(who.rangeBound)) {
      throw new IllegalArgumentException(
          "out of range: " + who.range + " " + who.rangeBound + " (expected: a side and a bound)");
    }
    boolean complement = who.rangeSeries.equals(Attributes.RANGE_SERIES_COMPLEMENT);
    return new Point.Outside(
        instance, who.model, who.version, featureOrScore(), complement, low, who.rangeBound, count);
  }

  private String featureOrScore() {
    return who.feature == null ? score() : "feature:" + required(who.feature);
  }

  private String score() {
    return score(who);
  }

  private static String score(Identity who) {
    String output = who.output;
    return output == null || output.isEmpty() ? "score" : "score:" + output;
  }

  private static String required(@Nullable String name) {
    if (name == null || name.isEmpty()) {
      throw new IllegalArgumentException("name: none (expected: the name of a feature or class)");
    }
    return name;
  }
}
