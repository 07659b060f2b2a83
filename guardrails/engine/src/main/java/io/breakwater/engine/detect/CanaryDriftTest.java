package io.breakwater.engine.detect;

import static java.util.Objects.requireNonNull;

import io.breakwater.engine.Distribution;
import io.breakwater.engine.Doubles;
import org.jspecify.annotations.Nullable;

/**
 * Whether a canary differs from the stable version on one side of an edge, whatever both have
 * become: Shiryaev-Roberts over two-stream Bernoulli block e-values, as in {@link
 * CanaryRateDetector}, for every side a drift detector watches.
 *
 * <p>The base rate is the stable version's share in earlier blocks, which begins at the
 * reference's. The logarithms of the e-values are divided by the edge's dispersion. A block is a
 * look, or several until both versions have rows in it. Where a bucket is cut by an edge, its rows
 * count for the side that makes the versions more alike.
 *
 * @param base rows of the stable version in judged blocks on each side, and behind them all its
 *     rows, by edge
 * @param open what waits for the other version, counted alike: the canary's rows, then the stable
 *     version's, whose sides count what may lie there at most
 * @param evidence R per side and alternative
 * @param blocks blocks judged
 */
public record CanaryDriftTest(Doubles base, Doubles open, Doubles evidence, long blocks) {
  private static final double[] STEPS = {0.02, 0.05, 0.1, 0.2, 0.35, 0.5};
  private static final double PRIOR_ROWS = 50;
  private static final double LEAST = 1e-4;
  private static final double MOST = 0.99;

  public CanaryDriftTest {
    requireNonNull(base, "base");
    requireNonNull(open, "open");
    requireNonNull(evidence, "evidence");
  }

  /** A test that has seen nothing. */
  public static CanaryDriftTest of(Edges edges) {
    int counts = edges.sides() + edges.edges().size();
    return new CanaryDriftTest(
        Doubles.of(new double[counts]),
        Doubles.of(new double[2 * counts]),
        Doubles.of(new double[edges.sides() * STEPS.length]),
        0);
  }

  /**
   * The test after one more pane.
   *
   * @param edges those it was made for
   * @param canary the canary's look, or null when none was due
   * @param stable the stable version's look, or null when none was due
   * @param lnThreshold natural logarithm of the value at which it rejects
   */
  public CanaryDriftTest next(
      Edges edges,
      @Nullable Distribution canary,
      @Nullable Distribution stable,
      double lnThreshold) {
    double[] waiting = open.toArray();
    add(edges, canary, waiting, false);
    add(edges, stable, waiting, true);
    int sides = edges.sides();
    int counts = sides + edges.edges().size();
    // The last edge asks for missing values and counts all rows.
    if (waiting[counts - 1] == 0 || waiting[2 * counts - 1] == 0) {
      return new CanaryDriftTest(base, Doubles.of(waiting), evidence, blocks);
    }
    double[] r = evidence.toArray();
    double cap = Math.exp(lnThreshold) * STEPS.length;
    double[] past = base.toArray();
    for (int side = 0; side < sides; side++) {
      int rows = sides + side / 2;
      if (edges.isWatched(side) && waiting[rows] > 0 && waiting[counts + rows] > 0) {
        Edge edge = edges.edges().get(side / 2);
        double normal = side % 2 == 0 ? edge.share() : 1 - edge.share();
        double b = (past[side] + PRIOR_ROWS * normal) / (past[rows] + PRIOR_ROWS);
        bet(
            r,
            side,
            new double[] {
              waiting[side], waiting[rows], waiting[counts + side], waiting[counts + rows]
            },
            Math.min(MOST, Math.max(LEAST, b)),
            edges.dispersions().get(side / 2),
            cap);
      }
    }
    for (int i = 0; i < counts; i++) {
      past[i] += waiting[counts + i];
    }
    return new CanaryDriftTest(
        Doubles.of(past), Doubles.of(new double[2 * counts]), Doubles.of(r), blocks + 1);
  }

  private static void add(
      Edges edges, @Nullable Distribution look, double[] waiting, boolean against) {
    if (look == null) {
      return;
    }
    int sides = edges.sides();
    int counts = sides + edges.edges().size();
    long[] seen = new long[counts];
    SideCounts.of(edges, look, seen);
    for (int side = 0; side < sides; side++) {
      long rows = seen[sides + side / 2];
      waiting[(against ? counts : 0) + side] += against ? rows - seen[side ^ 1] : seen[side];
    }
    for (int edge = sides; edge < counts; edge++) {
      waiting[(against ? counts : 0) + edge] += seen[edge];
    }
  }

  /**
   * @param block k and n of the canary, k and n of the stable version
   */
  private static void bet(
      double[] r, int side, double[] block, double b, double dispersion, double cap) {
    double kA = block[0];
    double nA = block[1];
    double kB = block[2];
    double nB = block[3];
    for (int i = 0; i < STEPS.length; i++) {
      double a = b + STEPS[i] * (1 - b);
      double z = (nA * a + nB * b) / (nA + nB);
      double lnE =
          kA * Math.log(a / z)
              + (nA - kA) * Math.log((1 - a) / (1 - z))
              + kB * Math.log(b / z)
              + (nB - kB) * Math.log((1 - b) / (1 - z));
      int bet = side * STEPS.length + i;
      r[bet] = Math.min(cap, (1 + r[bet]) * Math.exp(lnE / dispersion));
    }
  }

  /** Natural logarithm of the evidence that a canary has more rows on a side. */
  public double lnEvidence(int side) {
    double sum = 0;
    for (int i = 0; i < STEPS.length; i++) {
      sum += evidence.get(side * STEPS.length + i);
    }
    return Math.log(Math.max(sum / STEPS.length, Double.MIN_NORMAL));
  }

  /** The stable version's share on a side in the blocks judged, 0..1; 0 without rows. */
  public double againstShare(Edges edges, int side) {
    double rows = base.get(edges.sides() + side / 2);
    return rows == 0 ? 0 : base.get(side) / rows;
  }

  /** The test without what is not judged yet: it was interrupted. */
  public CanaryDriftTest interrupted() {
    return new CanaryDriftTest(base, Doubles.of(new double[open.size()]), evidence, blocks);
  }
}
