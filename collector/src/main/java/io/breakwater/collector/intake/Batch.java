package io.breakwater.collector.intake;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What one request held: points to use, keys to know them again by, and what was refused. */
final class Batch {
  private final List<Point> points = new ArrayList<>();
  private final Map<Drop, Long> refused = new EnumMap<>(Drop.class);
  private long[] keys = new long[32];
  private long seen;

  /** Adds a point under its 128-bit key; (0, 0) when it cannot be known again. */
  void add(Point point, long high, long low) {
    int at = points.size() * 2;
    if (at == keys.length) {
      keys = Arrays.copyOf(keys, at * 2);
    }
    keys[at] = high;
    keys[at + 1] = low;
    points.add(point);
  }

  void refuse(Drop drop) {
    refused.merge(drop, 1L, Long::sum);
  }

  /** Counts a point met; returns how many there were. */
  long meet() {
    return ++seen;
  }

  Map<Drop, Long> refused() {
    return refused;
  }

  int size() {
    return points.size();
  }

  /** The points that {@code filter} does not know yet. */
  List<Point> fresh(RepeatFilter filter) {
    List<Point> fresh = new ArrayList<>(points.size());
    for (int i = 0; i < points.size(); i++) {
      long high = keys[2 * i];
      long low = keys[2 * i + 1];
      if ((high == 0 && low == 0) || filter.add(high, low)) {
        fresh.add(points.get(i));
      }
    }
    return fresh;
  }
}
