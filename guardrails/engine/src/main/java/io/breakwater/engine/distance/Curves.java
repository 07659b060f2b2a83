package io.breakwater.engine.distance;

import io.breakwater.engine.distance.Cells.Cell;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Two distribution functions at every edge that either knows. Where an edge lies inside a bucket,
 * the values of that bucket are in doubt: counted by {@code upper}, not by {@code lower}.
 */
final class Curves {
  /** Share of values in doubt up to which an edge is as good as known. */
  private static final double MOST_DOUBT = 0.01;

  final double[] edges;

  /** Places of the edges that both know, in ascending order: the others lie in coarse buckets. */
  final int[] known;

  final Curve reference;
  final Curve current;

  private Curves(double[] edges, Curve reference, Curve current) {
    this.edges = edges;
    this.reference = reference;
    this.current = current;
    this.known =
        IntStream.range(0, edges.length)
            .filter(i -> Math.max(reference.doubt(i), current.doubt(i)) <= MOST_DOUBT)
            .toArray();
  }

  static Curves of(List<Cell> reference, List<Cell> current) {
    double[] all = new double[2 * (reference.size() + current.size())];
    int filled = 0;
    for (List<Cell> cells : List.of(reference, current)) {
      for (Cell cell : cells) {
        all[filled++] = cell.low();
        all[filled++] = cell.high();
      }
    }
    double[] edges = Arrays.stream(all).filter(Double::isFinite).sorted().distinct().toArray();
    return new Curves(edges, Curve.of(reference, edges), Curve.of(current, edges));
  }

  /** Shares of one distribution at or below each edge. */
  static final class Curve {
    private final long count;
    private final double[] lower;
    private final double[] upper;
    private final double deviation;

    private Curve(long count, double[] lower, double[] upper, double deviation) {
      this.count = count;
      this.lower = lower;
      this.upper = upper;
      this.deviation = deviation;
    }

    /** Values in all. */
    long count() {
      return count;
    }

    static Curve of(List<Cell> cells, double[] edges) {
      long count = 0;
      for (Cell cell : cells) {
        count += cell.count();
      }
      // A cell is surely at or below its high end, and possibly at or below all edges above its
      // low.
      double[] lower = atOrBelow(cells, Cell::high, edges, true, count);
      double[] upper = atOrBelow(cells, Cell::low, edges, false, count);
      return new Curve(count, lower, upper, deviation(cells, count));
    }

    private static double[] atOrBelow(
        List<Cell> cells, ToDoubleFunction<Cell> end, double[] edges, boolean with, long count) {
      long[] sums = new long[edges.length + 1];
      for (Cell cell : cells) {
        double at = end.applyAsDouble(cell);
        int found = at == Double.NEGATIVE_INFINITY ? -1 : Arrays.binarySearch(edges, at);
        int first = found < 0 ? -found - 1 : with ? found : found + 1;
        sums[first] += cell.count();
      }
      double[] shares = new double[edges.length];
      long sum = 0;
      for (int i = 0; i < shares.length; i++) {
        sum += sums[i];
        shares[i] = count == 0 ? 0 : (double) sum / count;
      }
      return shares;
    }

    /** Standard deviation, with every value in the middle of its bucket; open ends left out. */
    private static double deviation(List<Cell> cells, long count) {
      double mean = 0;
      double squares = 0;
      long seen = 0;
      for (Cell cell : cells) {
        double middle = cell.low() + (cell.high() - cell.low()) / 2;
        if (Double.isFinite(middle)) {
          seen += cell.count();
          double off = middle - mean;
          mean += off * cell.count() / seen;
          squares += off * (middle - mean) * cell.count();
        }
      }
      return Math.sqrt(squares / Math.max(1, Math.min(seen, count)));
    }

    /** Share of values that may be on either side of an edge. */
    double doubt(int edge) {
      return upper[edge] - lower[edge];
    }

    /** The best guess at an edge: half of those in doubt. */
    double at(int edge) {
      return (lower[edge] + upper[edge]) / 2;
    }
  }

  /** The largest distance that is sure; never above that of the raw values. */
  double kolmogorovSmirnov() {
    double greatest = 0;
    for (int i = 0; i < edges.length; i++) {
      double above = reference.lower[i] - current.upper[i];
      double below = current.lower[i] - reference.upper[i];
      greatest = Math.max(greatest, Math.max(above, below));
    }
    return greatest;
  }

  /**
   * Area between the curves, straight from known edge to known edge, over the reference's standard
   * deviation; infinite where that is 0 and the area is not.
   */
  double wasserstein() {
    double area = 0;
    for (int i = 1; i < known.length; i++) {
      int low = known[i - 1];
      int high = known[i];
      double left = reference.at(low) - current.at(low);
      double right = reference.at(high) - current.at(high);
      area += between(left, right) * (edges[high] - edges[low]);
    }
    return area == 0 ? 0 : area / reference.deviation;
  }

  /** Mean of the absolute value of a straight line from left to right. */
  private static double between(double left, double right) {
    double sum = Math.abs(left) + Math.abs(right);
    return left * right >= 0 ? sum / 2 : (left * left + right * right) / (2 * sum);
  }
}
