package io.breakwater.agent.instrumentation.kit;

import io.breakwater.agent.core.record.Labels;
import io.breakwater.agent.core.record.PointSink;
import io.breakwater.agent.core.record.Recording;
import io.breakwater.signals.HistogramSnapshot;
import io.breakwater.signals.Metric;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** Keeps what a recording flushes: by metric and extra labels, as {@code metric{label=value}}. */
public final class Points implements PointSink {
  private final Map<String, HistogramSnapshot> histograms = new LinkedHashMap<>();
  private final Map<String, Long> sums = new LinkedHashMap<>();
  private final Map<String, String> models = new TreeMap<>();

  /** Flushes everything that was recorded. */
  public static Points of(Recording recording) {
    Points points = new Points();
    recording.flushOutcomes(points, 2_000_000_000L);
    recording.flushFeatures(points, 2_000_000_000L);
    return points;
  }

  @Override
  public void histogram(Metric metric, Labels labels, HistogramSnapshot values, long startNanos) {
    histograms.put(key(metric, labels), values);
  }

  @Override
  public void sum(Metric metric, Labels labels, long count, long startNanos) {
    sums.put(key(metric, labels), count);
  }

  private String key(Metric metric, Labels labels) {
    StringBuilder key = new StringBuilder(metric.name());
    for (Map.Entry<String, Object> label : labels.entries()) {
      String name = label.getKey();
      if (name.startsWith("ml.model.") || name.equals("ml.framework")) {
        models.put(name, label.getValue().toString());
      } else if (!name.equals("ml.range.bound")) {
        key.append('{').append(name).append('=').append(label.getValue()).append('}');
      }
    }
    return key.toString();
  }

  /** A histogram that must be there. */
  public HistogramSnapshot histogram(String key) {
    HistogramSnapshot found = histograms.get(key);
    if (found == null) {
      throw new AssertionError("no " + key + " among " + histograms.keySet());
    }
    return found;
  }

  /** Whether there is one. */
  public boolean hasHistogram(String key) {
    return histograms.containsKey(key);
  }

  /** All of them. */
  public Map<String, HistogramSnapshot> histograms() {
    return histograms;
  }

  /** A sum; 0 if it is not there. */
  public long sum(String key) {
    return sums.getOrDefault(key, 0L);
  }

  /** Name and version of the latest model. */
  public String model() {
    return models.get("ml.model.name") + " " + models.get("ml.model.version");
  }

  /** Value of {@code ml.framework} of the latest model. */
  public String framework() {
    return String.valueOf(models.get("ml.framework"));
  }

  /** Key of a feature's histogram. */
  public static String feature(String name) {
    return "ml.inference.feature{ml.feature.name=" + name + "}";
  }

  /** Key of an output's histogram. */
  public static String score(String output) {
    return "ml.inference.score{ml.output.name=" + output + "}";
  }

  /** Key of a class's sum. */
  public static String predicted(String name) {
    return "ml.inference.predictions{ml.output.class=" + name + "}";
  }

  /** Key of the sum of a categorical feature's value. */
  public static String category(String feature, String value) {
    return "ml.inference.feature.category{ml.feature.name="
        + feature
        + "}{ml.feature.category="
        + value
        + "}";
  }

  /** Key of the histogram of failed calls. */
  public static String failed(Class<? extends Throwable> type) {
    return "ml.inference.duration{error.type=" + type.getName() + "}";
  }

  /** Calls that succeeded. */
  public long calls() {
    return histogram("ml.inference.duration").count();
  }

  /** Rows of those calls. */
  public double rows() {
    return histogram("ml.inference.rows").sum();
  }
}
