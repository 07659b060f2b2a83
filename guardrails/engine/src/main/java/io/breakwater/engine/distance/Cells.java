package io.breakwater.engine.distance;

import static java.util.Objects.requireNonNull;

import io.breakwater.engine.Distribution.Numbers;
import io.breakwater.engine.Distribution.Outside;
import io.breakwater.engine.Distribution.Sketch;
import io.breakwater.signals.BucketCounts;
import io.breakwater.signals.BucketIndex;
import io.breakwater.signals.HistogramSnapshot;
import java.util.ArrayList;
import java.util.List;

/** The buckets of a sketch on the line of numbers, as half-open intervals with counts. */
final class Cells {
  /** Above {@code low}, at most {@code high}. */
  record Cell(double low, double high, long count) {}

  private static final double HALF = 0.5;

  private Cells() {}

  /** Buckets of the values; in no order. */
  static List<Cell> of(Sketch sketch) {
    List<Cell> cells = new ArrayList<>();
    for (HistogramSnapshot part : sketch.parts()) {
      BucketIndex index = BucketIndex.ofScale(part.scale());
      BucketCounts positive = part.positive();
      for (int slot = 0; slot < positive.size(); slot++) {
        int bucket = positive.offset() + slot;
        add(cells, index.lowerBound(bucket), index.upperBound(bucket), positive.count(slot));
      }
      BucketCounts negative = part.negative();
      for (int slot = 0; slot < negative.size(); slot++) {
        int bucket = negative.offset() + slot;
        double low = Math.nextDown(-index.upperBound(bucket));
        add(cells, low, Math.nextDown(-index.lowerBound(bucket)), negative.count(slot));
      }
      double zero = part.zeroThreshold();
      add(cells, Math.nextDown(-zero), zero, part.zeroCount());
    }
    for (Outside one : sketch.outside()) {
      add(
          cells,
          one.low() ? Double.NEGATIVE_INFINITY : one.bound(),
          one.low() ? one.bound() : Double.POSITIVE_INFINITY,
          one.count());
    }
    return cells;
  }

  private static void add(List<Cell> cells, double low, double high, long count) {
    if (count > 0) {
      cells.add(new Cell(low, high, count));
    }
  }

  /**
   * Whether scores above one half can be taken from the complement: it knows all of them, and no
   * bucket of either reaches over one half.
   */
  static boolean hasHalves(Numbers numbers) {
    return numbers.complement() != null
        && numbers.complement().count() == numbers.values().count()
        && partAtHalf(of(numbers.values()))
        && partAtHalf(of(numbers.complement()));
  }

  private static boolean partAtHalf(List<Cell> cells) {
    return cells.stream().noneMatch(cell -> cell.low() < HALF && cell.high() > HALF);
  }

  /**
   * Scores up to one half from the values, those above from the complement, which resolves them.
   * Only for those that have {@linkplain #hasHalves halves}.
   */
  static List<Cell> halves(Numbers numbers) {
    List<Cell> cells = new ArrayList<>();
    long above = 0;
    for (Cell cell : of(numbers.values())) {
      if (cell.high() <= HALF) {
        cells.add(cell);
      } else {
        above += cell.count();
      }
    }
    List<Cell> mirrored = new ArrayList<>();
    long mirroredCount = 0;
    for (Cell cell : of(requireNonNull(numbers.complement()))) {
      if (cell.high() <= HALF) {
        double low = Math.nextDown(1 - cell.high());
        mirrored.add(new Cell(low, Math.nextDown(1 - cell.low()), cell.count()));
        mirroredCount += cell.count();
      }
    }
    // A score of exactly one half is among the values' lower and the complement's lower half.
    long halves = mirroredCount - above;
    for (Cell cell : mirrored) {
      boolean nearest = cell.low() < HALF;
      add(cells, Math.max(cell.low(), HALF), cell.high(), cell.count() - (nearest ? halves : 0));
    }
    return cells;
  }
}
