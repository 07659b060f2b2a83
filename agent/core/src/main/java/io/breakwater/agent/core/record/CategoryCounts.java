package io.breakwater.agent.core.record;

import io.breakwater.signals.Attributes;
import io.breakwater.signals.Metric;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Counts by category; beyond a limit all new categories are one, {@code other}. Guarded by its
 * store.
 */
final class CategoryCounts {
  /** Count of one category since the last flush. */
  static final class Count {
    private final Labels labels;
    private final boolean other;
    private long value;

    private Count(Labels labels, boolean other) {
      this.labels = labels;
      this.other = other;
    }
  }

  private final Metric metric;
  private final Labels labels;
  private final String attribute;
  private final int limit;
  private final Drops drops;
  private final Map<String, Count> counts = new LinkedHashMap<>();
  private final Count other;
  private long startNanos;

  CategoryCounts(
      Metric metric, Labels labels, String attribute, int limit, Drops drops, long startNanos) {
    this.metric = metric;
    this.labels = labels;
    this.attribute = attribute;
    this.limit = limit;
    this.drops = drops;
    this.startNanos = startNanos;
    this.other = new Count(labels.with(attribute, Attributes.OTHER), true);
  }

  /** The count of a category, for good. */
  Count of(String category) {
    Count known = counts.get(category);
    if (known != null) {
      return known;
    }
    if (counts.size() >= limit) {
      return other;
    }
    Count added = new Count(labels.with(attribute, category), false);
    counts.put(category, added);
    return added;
  }

  void add(Count count) {
    count.value++;
    if (count.other) {
      drops.add(Drops.Reason.CATEGORIES_OVER_LIMIT);
    }
  }

  void flush(PointSink sink, long nowNanos) {
    counts.values().forEach(count -> emit(count, sink));
    emit(other, sink);
    startNanos = nowNanos;
  }

  private void emit(Count count, PointSink sink) {
    if (count.value > 0) {
      sink.sum(metric, count.labels, count.value, startNanos);
      count.value = 0;
    }
  }
}
