package io.breakwater.agent.instrumentation.onnxruntime.advice;

import io.breakwater.agent.core.record.Labels;
import io.breakwater.agent.core.record.PointSink;
import io.breakwater.agent.core.record.Recording;
import io.breakwater.signals.HistogramSnapshot;
import io.breakwater.signals.Metric;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** Keeps what a recording flushes: by metric and extra labels, as {@code metric{label=value}}. */
final class Points implements PointSink {
  private final Map<String, HistogramSnapshot> histograms = new LinkedHashMap<>();
  private final Map<String, Long> sums = new LinkedHashMap<>();
  private final Map<String, String> models = new TreeMap<>();

  static Points of(Recording recording) {
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

  HistogramSnapshot histogram(String key) {
    HistogramSnapshot found = histograms.get(key);
    if (found == null) {
      throw new AssertionError("no " + key + " among " + histograms.keySet());
    }
    return found;
  }

  boolean hasHistogram(String key) {
    return histograms.containsKey(key);
  }

  Map<String, HistogramSnapshot> histograms() {
    return histograms;
  }

  long sum(String key) {
    return sums.getOrDefault(key, 0L);
  }

  String model() {
    return models.get("ml.model.name") + " " + models.get("ml.model.version");
  }
}
