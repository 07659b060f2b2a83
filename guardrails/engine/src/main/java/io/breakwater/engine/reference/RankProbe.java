package io.breakwater.engine.reference;

import io.breakwater.engine.Doubles;
import io.breakwater.signals.BucketIndex;
import io.breakwater.signals.CountRange;
import io.breakwater.signals.HistogramSnapshot;
import java.util.TreeSet;

/**
 * How much the mean rank of panes varies: the rank of a value is the share of nine edges below it,
 * near the deciles of what was gathered first. Where neighbouring rows are alike, mean ranks vary
 * even more than shares at single edges do. Immutable.
 *
 * @param edges ascending
 * @param panes panes with values
 * @param values values
 * @param sum sum of the ranks
 * @param squares sum of the squared ranks
 * @param paneSquares sum over the panes of {@code S^2 / n}, where {@code S} is the sum of a pane's
 *     n ranks
 */
public record RankProbe(
    Doubles edges, long panes, long values, double sum, double squares, double paneSquares) {
  private static final int DECILES = 10;

  /** Edges near the deciles of a histogram that is not empty. */
  static RankProbe of(HistogramSnapshot first) {
    BucketIndex buckets = BucketIndex.ofScale(first.scale());
    TreeSet<Double> edges = new TreeSet<>();
    for (int i = 1; i < DECILES; i++) {
      double value = first.quantile((double) i / DECILES);
      if (value > 0) {
        edges.add(buckets.upperBound(buckets.indexOf(value)));
      } else if (value < 0) {
        edges.add(-Math.nextUp(buckets.lowerBound(buckets.indexOf(-value))));
      } else {
        edges.add(first.zeroThreshold());
      }
    }
    double[] array = edges.stream().mapToDouble(Double::doubleValue).toArray();
    return new RankProbe(Doubles.of(array), 0, 0, 0, 0, 0);
  }

  /** After one more pane of {@code low + pane + high} values. */
  RankProbe plus(HistogramSnapshot pane, long low, long high) {
    int size = edges.size();
    long n = low + pane.count() + high;
    double own = 0;
    double ownSquares = 0;
    for (int j = 0; j < size; j++) {
      CountRange range = pane.countAtOrBelow(edges.get(j));
      double above = n - low - 0.5 * (range.lower() + range.upper());
      own += above / size;
      ownSquares += above * (2 * j + 1) / (size * size);
    }
    return new RankProbe(
        edges, panes + 1, values + n, sum + own, squares + ownSquares, paneSquares + own * own / n);
  }

  /** {@code (sum S^2/n - N mean^2) / ((m - 1) variance)}, at least 1. */
  double dispersion() {
    if (panes < 2) {
      return 1;
    }
    double mean = sum / values;
    double variance = squares / values - mean * mean;
    double between = paneSquares - sum * mean;
    return variance < 1e-3 ? 1 : Math.max(1, between / ((panes - 1) * variance));
  }
}
