package io.breakwater.engine.detect;

import io.breakwater.engine.Distribution.Numbers;
import io.breakwater.engine.Distribution.Sketch;
import io.breakwater.signals.BucketCounts;
import io.breakwater.signals.BucketIndex;
import io.breakwater.signals.HistogramSnapshot;
import java.util.Arrays;
import java.util.List;

/** Histograms of given values at a given scale. */
public final class Histograms {
  private Histograms() {}

  /** Values alone, none missing. */
  public static Numbers numbers(int scale, double... values) {
    return new Numbers(new Sketch(List.of(of(scale, values)), List.of()), null, 0);
  }

  /** Scores in [0, 1] with their complements. */
  public static Numbers scores(int scale, double... values) {
    double[] rest = Arrays.stream(values).map(value -> 1 - value).toArray();
    return new Numbers(
        new Sketch(List.of(of(scale, values)), List.of()),
        new Sketch(List.of(of(scale, rest)), List.of()),
        0);
  }

  /** A histogram. */
  public static HistogramSnapshot of(int scale, double... values) {
    long zeros = Arrays.stream(values).filter(value -> value == 0).count();
    return HistogramSnapshot.of(
        scale,
        0,
        zeros,
        Double.NaN,
        Double.NaN,
        Double.NaN,
        side(scale, Arrays.stream(values).filter(value -> value > 0).toArray()),
        side(scale, Arrays.stream(values).filter(value -> value < 0).map(v -> -v).toArray()));
  }

  private static BucketCounts side(int scale, double[] magnitudes) {
    if (magnitudes.length == 0) {
      return BucketCounts.EMPTY;
    }
    BucketIndex buckets = BucketIndex.ofScale(scale);
    int[] indexes = Arrays.stream(magnitudes).mapToInt(buckets::indexOf).toArray();
    int first = Arrays.stream(indexes).min().orElseThrow();
    long[] counts = new long[Arrays.stream(indexes).max().orElseThrow() - first + 1];
    for (int index : indexes) {
      counts[index - first]++;
    }
    return BucketCounts.of(first, counts);
  }
}
