package io.breakwater.benchmarks;

import java.util.Random;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * {@value #COUNT} distinct rows of {@value #FEATURES} features and a score, seeded. So many because
 * with fewer the branch predictor learns them, which flatters whatever searches.
 *
 * <p>All values are positive: OpenTelemetry and Micrometer drop negative ones.
 */
@State(Scope.Benchmark)
public class Rows {
  /** Rows; a power of two. */
  public static final int COUNT = 1 << 15;

  /** Features of a row. */
  public static final int FEATURES = 30;

  /** Values of a row: the features and a score in [0, 1]. */
  public static final int WIDTH = FEATURES + 1;

  final float[] values = new float[COUNT * WIDTH];
  private int next;

  /** Fills the rows: thirds of the features log-normal, offset normal and uniform. */
  public Rows() {
    Random random = new Random(20261121);
    for (int at = 0; at < values.length; at++) {
      values[at] = value(random, at % WIDTH);
    }
  }

  private static float value(Random random, int column) {
    if (column == FEATURES) {
      return (float) (1 / (1 + Math.exp(-2 * random.nextGaussian())));
    }
    return switch (column % 3) {
      case 0 -> (float) Math.exp(random.nextGaussian());
      case 1 -> (float) Math.abs(100 + 15 * random.nextGaussian());
      default -> random.nextFloat() + 1e-6f;
    };
  }

  /** Where the next row begins in {@link #values}; rows follow each other round and round. */
  int nextRow() {
    int row = next;
    next = (row + 1) & (COUNT - 1);
    return row * WIDTH;
  }
}
