package io.breakwater.engine.detect;

import io.breakwater.engine.Distribution.Outside;
import io.breakwater.engine.Distribution.Sketch;
import io.breakwater.signals.BucketCounts;
import io.breakwater.signals.BucketIndex;
import io.breakwater.signals.HistogramSnapshot;
import java.util.List;

/**
 * A sketch made ready for many questions of the kind {@link Sketch#countAtOrBelow}: counts are
 * added up from one question to the next, so that questions in order go over them once. Answers are
 * the same. For use by one thread.
 */
final class Cumulated {
  private final Part[] parts;
  private final List<Outside> outside;
  private final long count;
  private long lower;
  private long upper;

  /** One histogram. */
  private static final class Part {
    final BucketIndex buckets;
    final double zeroThreshold;
    final long zeros;
    final Side negative;
    final Side positive;
    final long negatives;

    Part(HistogramSnapshot histogram) {
      buckets = BucketIndex.ofScale(histogram.scale());
      zeroThreshold = histogram.zeroThreshold();
      zeros = histogram.zeroCount();
      negative = new Side(histogram.negative());
      positive = new Side(histogram.positive());
      negatives = negative.below(Integer.MAX_VALUE + 1L);
    }
  }

  /** The buckets of one sign, added up to some slot. */
  private static final class Side {
    private final BucketCounts counts;
    private int slot;
    private long below;

    Side(BucketCounts counts) {
      this.counts = counts;
    }

    /** The count of all buckets below an index. */
    long below(long index) {
      int to = (int) Math.max(0, Math.min(counts.size(), index - counts.offset()));
      long sum = below;
      int at = slot;
      while (at < to) {
        sum += counts.count(at++);
      }
      while (at > to) {
        sum -= counts.count(--at);
      }
      slot = at;
      below = sum;
      return sum;
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
    long negatives = part.negatives;
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
      long within = part.positive.below(index + 1L);
      long whole = part.buckets.upperBound(index) == edge ? within : part.positive.below(index);
      lower += negatives + whole;
      upper += negatives + within;
    } else {
      int index = part.buckets.indexOf(-edge);
      boolean ends = Math.nextUp(part.buckets.lowerBound(index)) == -edge;
      long beyond = negatives - part.negative.below(index + 1L);
      long within = negatives - part.negative.below(index);
      lower += ends ? within : beyond;
      upper += within;
    }
  }
}
