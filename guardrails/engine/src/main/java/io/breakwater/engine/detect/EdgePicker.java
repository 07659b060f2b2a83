package io.breakwater.engine.detect;

import io.breakwater.engine.Distribution.Outside;
import io.breakwater.engine.Distribution.Sketch;
import io.breakwater.signals.BucketCounts;
import io.breakwater.signals.BucketIndex;
import io.breakwater.signals.HistogramSnapshot;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Picks the edges at which two histograms are compared: bounds of buckets nearest to the deciles,
 * and both sides of buckets so heavy that they must hold one value over and over.
 */
final class EdgePicker {
  /*
   * A cell is a bucket that holds something. Between two cells lies a gap, of no width where the
   * buckets touch; all its bounds have the same share of values below them, and its two ends are the
   * bounds nearest to the cells. A gap before the first and after the last cell has one end.
   */
  private static final int DECILES = 10;
  private static final double ATOM = 0.05;
  private static final double NEIGHBOUR = 0.1;
  private static final int MAX_EDGES = 16;

  private final Sketch sketch;
  private final double count;
  private final List<Cell> cells = new ArrayList<>();
  private final List<Gap> gaps = new ArrayList<>();

  /**
   * A bucket with {@code count} values, which are all above {@code from} and at most {@code to}.
   */
  private record Cell(double from, double to, long count) {}

  private record Gap(double low, double high, double share) {}

  private EdgePicker(Sketch sketch, HistogramSnapshot histogram) {
    this.sketch = sketch;
    this.count = sketch.count();
    BucketIndex buckets = BucketIndex.ofScale(histogram.scale());
    BucketCounts negative = histogram.negative();
    for (int slot = negative.size() - 1; slot >= 0; slot--) {
      int index = negative.offset() + slot;
      add(
          -Math.nextUp(buckets.upperBound(index)),
          -Math.nextUp(buckets.lowerBound(index)),
          negative.count(slot));
    }
    double zero = histogram.zeroThreshold();
    add(-Math.nextUp(zero), zero, histogram.zeroCount());
    BucketCounts positive = histogram.positive();
    for (int slot = 0; slot < positive.size(); slot++) {
      int index = positive.offset() + slot;
      add(buckets.lowerBound(index), buckets.upperBound(index), positive.count(slot));
    }
    gaps();
  }

  private void add(double from, double to, long values) {
    if (values > 0) {
      cells.add(new Cell(from, to, values));
    }
  }

  private void gaps() {
    double below = 0;
    for (Outside one : sketch.outside()) {
      below += one.low() ? one.count() : 0;
    }
    for (int i = 0; i <= cells.size() && !cells.isEmpty(); i++) {
      double high = i == cells.size() ? cells.get(i - 1).to : cells.get(i).from;
      double low = i == 0 ? high : cells.get(i - 1).to;
      gaps.add(new Gap(Math.min(low, high), high, below / count));
      below += i == cells.size() ? 0 : cells.get(i).count;
    }
  }

  /** The histogram with all values inside the windows, at a scale. */
  static HistogramSnapshot together(Sketch sketch, int scale) {
    HistogramSnapshot sum = HistogramSnapshot.empty(scale);
    for (HistogramSnapshot part : sketch.parts()) {
      sum = sum.merge(part);
    }
    return sum;
  }

  /** Share of the values in the fullest bucket of a scale. */
  static double heaviest(Sketch sketch, int scale) {
    long most = 0;
    for (Cell cell : new EdgePicker(sketch, together(sketch, scale)).cells) {
      most = Math.max(most, cell.count);
    }
    return sketch.count() == 0 ? 0 : (double) most / sketch.count();
  }

  /**
   * Edges of values alone, ascending.
   *
   * @param scale whose bounds they lie on
   */
  static double[] pick(Sketch sketch, int scale) {
    EdgePicker picker = new EdgePicker(sketch, together(sketch, scale));
    TreeSet<Double> edges = new TreeSet<>();
    for (int decile = 1; decile < DECILES; decile++) {
      picker.addDecile(edges, picker.nearest((double) decile / DECILES));
    }
    picker.addAtoms(edges, Double.MAX_VALUE);
    return array(edges);
  }

  /**
   * Edges of scores, each on the bounds that are nearer to the decile: of the scores, which resolve
   * those near 0, or of their complements, which resolve those near 1.
   *
   * @return those of the scores and those of the complements, both ascending
   */
  static double[][] pick(Sketch scores, int scale, Sketch complements, int complementScale) {
    EdgePicker low = new EdgePicker(scores, together(scores, scale));
    EdgePicker high = new EdgePicker(complements, together(complements, complementScale));
    TreeSet<Double> lows = new TreeSet<>();
    TreeSet<Double> highs = new TreeSet<>();
    for (int i = 1; i < DECILES; i++) {
      double decile = (double) i / DECILES;
      int below = low.nearest(decile);
      int above = high.nearest(1 - decile);
      double gain = high.distance(above, 1 - decile) - low.distance(below, decile);
      if (gain > 0 || (gain == 0 && decile <= 0.5)) {
        low.addDecile(lows, below);
      } else {
        high.addDecile(highs, above);
      }
    }
    low.addAtoms(lows, 0.5);
    high.addAtoms(highs, 0.5);
    return new double[][] {array(lows), array(highs)};
  }

  private static double[] array(Set<Double> edges) {
    return edges.stream().mapToDouble(Double::doubleValue).toArray();
  }

  /** The gap whose share is nearest to a decile; -1 without values. */
  private int nearest(double decile) {
    int best = -1;
    for (int i = 0; i < gaps.size(); i++) {
      if (best < 0 || distance(i, decile) < distance(best, decile)) {
        best = i;
      }
    }
    return best;
  }

  /** Adds the end of a gap that is nearer to more values; both ends where both matter. */
  private void addDecile(Set<Double> edges, int best) {
    if (best >= 0) {
      double before = best == 0 ? 0 : cells.get(best - 1).count / count;
      double after = best == cells.size() ? 0 : cells.get(best).count / count;
      Gap gap = gaps.get(best);
      add(edges, before >= after ? gap.low : gap.high);
      if (Math.min(before, after) >= NEIGHBOUR) {
        add(edges, before >= after ? gap.high : gap.low);
      }
    }
  }

  private double distance(int gap, double decile) {
    return gap < 0 ? 1 : Math.abs(gaps.get(gap).share - decile);
  }

  /** Heavy cells that are not like their neighbours, the heaviest first. */
  private void addAtoms(Set<Double> edges, double greatest) {
    List<Cell> atoms = new ArrayList<>();
    for (int i = 0; i < cells.size(); i++) {
      double own = cells.get(i).count / count;
      boolean near = cells.get(i).to <= greatest;
      if (near && own >= ATOM && own > 2 * neighbour(i, -1) && own > 2 * neighbour(i, 1)) {
        atoms.add(cells.get(i));
      }
    }
    atoms.sort(Comparator.comparingLong((Cell cell) -> cell.count).reversed());
    for (Cell atom : atoms) {
      if (edges.size() < MAX_EDGES) {
        add(edges, atom.from);
        add(edges, atom.to);
      }
    }
  }

  /** Share of the bucket that touches a cell on one side. */
  private double neighbour(int cell, int side) {
    int other = cell + side;
    if (other < 0 || other >= cells.size()) {
      return 0;
    }
    Cell left = cells.get(Math.min(cell, other));
    Cell right = cells.get(Math.max(cell, other));
    return left.to == right.from ? cells.get(other).count / count : 0;
  }

  private void add(Set<Double> edges, double at) {
    if (sketch.countAtOrBelow(at).isExact()) {
      edges.add(at);
    }
  }
}
