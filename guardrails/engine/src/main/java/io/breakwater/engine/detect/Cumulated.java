package io.breakwater.engine.detect;

import io.breakwater.engine.Distribution.Outside;
import io.breakwater.engine.Distribution.Sketch;
import io.breakwater.signals.BucketCounts;
import io.breakwater.signals.BucketIndex;
import io.breakwater.signals.HistogramSnapshot;
import java.util.List;

/**
 * A sketch made ready for many questions of the kind {@link Sketch#countAtOrBelow}: the counts are
 * added up once. Answers are the same.
 */
final class Cumulated {
  private final Part[] parts;
  private final List<Outside> outside;
  private final long count;
  private long lower;
  private long upper;

  /** One histogram; sides as counts below each bucket, and behind them the count of all. */
  private static final class Part {
    final BucketIndex buckets;
    final double zeroThreshold;
    final long zeros;
    final int negativeFrom;
    final long[] negative;
    final int positiveFrom;
    final long[] positive;

    Part(HistogramSnapshot histogram) {
      buckets = BucketIndex.ofScale(histogram.scale());
      zeroThreshold = histogram.zeroThreshold();
      zeros = histogram.zeroCount();
      negativeFrom = histogram.negative().offset();
      negative = below(histogram.negative());
      positiveFrom = histogram.positive().offset();
      positive = below(histogram.positive());
    }
  }

  Cumulated(Sketch sketch) {
    List<HistogramSnapshot> histograms = sketch.parts();
    parts = new Part[histograms.size()];
    long sum = 0;
    for (int i = 0; i < parts.length; i++) {
      parts[i] = new Part(histograms.get(i));
      sum += histograms.get(i).count();
    }
    outside = sketch.outside();
    for (Outside one : outside) {
      sum += one.count();
    }
    count = sum;
  }

  private static long[] below(BucketCounts side) {
    long[] below = new long[side.size() + 1];
    for (int slot = 0; slot < side.size(); slot++) {
      below[slot + 1] = below[slot] + side.count(slot);
    }
    return below;
  }

  long count() {
    return count;
  }

  /** Values surely at most the last edge. */
  long lower() {
    return lower;
  }

  /** Values perhaps at most the last edge. */
  long upper() {
    return upper;
  }

  /** Asks for the values at most an edge, which is finite. */
  void atOrBelow(double edge) {
    lower = 0;
    upper = 0;
    for (Part part : parts) {
      add(part, edge);
    }
    for (Outside one : outside) {
      lower += one.low() && one.bound() <= edge ? one.count() : 0;
      upper += !one.low() && one.bound() >= edge ? 0 : one.count();
    }
  }

  private void add(Part part, double edge) {
    long negatives = part.negative[part.negative.length - 1];
    if (edge >= part.zeroThreshold) {
      lower += part.zeros;
      upper += part.zeros;
    } else if (edge >= -part.zeroThreshold) {
      upper += part.zeros;
    }
    if (edge == 0) {
      lower += negatives;
      upper += negatives;
    } else if (edge > 0) {
      int index = part.buckets.indexOf(edge);
      long within = at(part.positive, part.positiveFrom, index + 1L);
      long whole =
          part.buckets.upperBound(index) == edge
              ? within
              : at(part.positive, part.positiveFrom, index);
      lower += negatives + whole;
      upper += negatives + within;
    } else {
      int index = part.buckets.indexOf(-edge);
      boolean ends = Math.nextUp(part.buckets.lowerBound(index)) == -edge;
      long beyond = negatives - at(part.negative, part.negativeFrom, index + 1L);
      long within = negatives - at(part.negative, part.negativeFrom, index);
      lower += ends ? within : beyond;
      upper += within;
    }
  }

  /** The count of all buckets below an index. */
  private static long at(long[] below, int from, long index) {
    return below[(int) Math.max(0, Math.min(below.length - 1L, index - from))];
  }
}
