package io.breakwater.engine.detect;

import java.time.Instant;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;

/**
 * Rows of a distribution as a detector counts them, without making their values: the cells between
 * its edges are drawn from a table of 65,536 entries, so that each cell's probability is exact to
 * 1.5e-5.
 */
public final class BinnedStream {
  private static final int ENTRIES = 1 << 16;
  private static final int PER_LONG = 4;

  private final int edges;
  private final byte[] cellOf = new byte[ENTRIES];

  /**
   * A stream for a detector of numbers.
   *
   * @param cdf probability of a value at most its argument
   */
  public BinnedStream(DriftDetector detector, DoubleUnaryOperator cdf) {
    edges = detector.edges().edges().size();
    int from = 0;
    for (int cell = 0; cell < edges; cell++) {
      Edge edge = detector.edges().edges().get(cell);
      double below = edge.kind() == Edge.Kind.VALUE ? cdf.applyAsDouble(edge.at()) : 1;
      int to = (int) Math.round(below * ENTRIES);
      for (int i = from; i < to; i++) {
        cellOf[i] = (byte) cell;
      }
      from = Math.max(from, to);
    }
  }

  /** The detector after one look at some rows, a multiple of four. */
  public DriftDetector next(
      DriftDetector detector, SplittableRandom random, int rows, Instant start, Instant end) {
    int[] cells = new int[edges];
    for (int i = 0; i < rows; i += PER_LONG) {
      long bits = random.nextLong();
      cells[cellOf[(int) (bits & 0xffff)]]++;
      cells[cellOf[(int) (bits >>> 16 & 0xffff)]]++;
      cells[cellOf[(int) (bits >>> 32 & 0xffff)]]++;
      cells[cellOf[(int) (bits >>> 48)]]++;
    }
    long[] counts = new long[3 * edges];
    long below = 0;
    for (int edge = 0; edge < edges - 1; edge++) {
      below += cells[edge];
      counts[2 * edge] = below;
      counts[2 * edge + 1] = rows - below;
      counts[2 * edges + edge] = rows;
    }
    counts[2 * (edges - 1) + 1] = rows; // The last edge asks for missing values; there are none.
    counts[3 * edges - 1] = rows;
    return detector.next(counts, rows, 0, 0, start, end);
  }
}
