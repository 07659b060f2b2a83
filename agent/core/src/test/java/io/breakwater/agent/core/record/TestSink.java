package io.breakwater.agent.core.record;

import io.breakwater.signals.HistogramSnapshot;
import io.breakwater.signals.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Keeps points as texts and histograms by {@code metric{label=value}...}. */
public final class TestSink implements PointSink {
  /** One point. */
  public static final class Point {
    public final String key;
    public final long count;
    public final double sum;
    final long startNanos;

    Point(String key, long count, double sum, long startNanos) {
      this.key = key;
      this.count = count;
      this.sum = sum;
      this.startNanos = startNanos;
    }

    @Override
    public String toString() {
      return key + "=" + count;
    }
  }

  public final List<Point> points = new ArrayList<>();

  @Override
  public void histogram(Metric metric, Labels labels, HistogramSnapshot values, long startNanos) {
    points.add(new Point(key(metric, labels), values.count(), values.sum(), startNanos));
  }

  @Override
  public void sum(Metric metric, Labels labels, long count, long startNanos) {
    points.add(new Point(key(metric, labels), count, count, startNanos));
  }

  private static String key(Metric metric, Labels labels) {
    StringBuilder key = new StringBuilder(metric.name());
    for (Map.Entry<String, Object> label : labels.entries()) {
      key.append('{').append(label.getKey()).append('=').append(label.getValue()).append('}');
    }
    return key.toString();
  }

  /** The points whose key has all these parts. */
  public List<Point> with(String... parts) {
    List<Point> found = new ArrayList<>();
    for (Point point : points) {
      boolean all = true;
      for (String part : parts) {
        all &= point.key.contains(part);
      }
      if (all) {
        found.add(point);
      }
    }
    return found;
  }

  public long count(String... parts) {
    return with(parts).stream().mapToLong(point -> point.count).sum();
  }

  public double sum(String... parts) {
    return with(parts).stream().mapToDouble(point -> point.sum).sum();
  }
}
