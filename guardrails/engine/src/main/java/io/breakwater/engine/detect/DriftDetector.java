package io.breakwater.engine.detect;

import static java.util.Objects.requireNonNull;

import io.breakwater.engine.Distribution;
import io.breakwater.engine.Distribution.Numbers;
import io.breakwater.engine.Distribution.Sketch;
import io.breakwater.engine.Doubles;
import io.breakwater.engine.reference.Reference;
import io.breakwater.signals.HistogramSnapshot;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether a stream of values left its reference: Shiryaev-Roberts e-detectors on either side of
 * many edges (Shin, Ramdas and Rinaldo, "E-detectors", 2024).
 *
 * <p>For each side of each edge with at most a share {@code m} of healthy rows ({@link Edges}), and
 * each alternative {@code p = m + d (1 - m)}, d in {0.02, 0.05, 0.1, 0.2, 0.5}: a look with {@code
 * k} of {@code n} rows on that side has the e-value
 *
 * <pre>ln e = (k ln(p/m) + (n - k) ln((1-p)/(1-m))) / dispersion</pre>
 *
 * <p>and {@code R = (1 + R) e}. Numbers are also watched as a whole, which finds small shifts
 * sooner: a row's rank is the share of edges below it, at most {@code m} in the mean of healthy
 * rows, and {@code ln e} is the sum over the rows of {@code ln(1 + l (rank - m)) / dispersion};
 * ranks that went down alike. The evidence is the mean of all R of the edges, and where there are
 * ranks, the mean of that and of the R of the ranks. As long as each look's expected shares, given
 * the past, are within the bounds, the mean number of looks until it reaches {@code c} is at least
 * {@code c}; the dispersion, at least 1, keeps that (Jensen), and covers rows that depend on their
 * neighbours as much as the reference's did: each edge has its own, ranks the greatest of all.
 *
 * <p>Rows in buckets that an edge cuts count for neither side: less evidence, never false evidence.
 * When most rows of late are like that, the detector starts afresh at edges of the stream's own
 * scale.
 *
 * <p>Beside the R of a side runs the CUSUM of its least alternative, whose last zero says when the
 * evidence began. State: 18 numbers an edge.
 *
 * <p>NO_DATA until {@value #MIN_ROWS} rows were seen.
 *
 * @param edges what is compared
 * @param lnThreshold natural logarithm of the value at which it breaches
 * @param looks looks with rows
 * @param rows rows seen
 * @param evidence R per side and alternative, then of ranks up and down per alternative
 * @param onsets four numbers per side: the CUSUM, and since it was last zero the rows on that side,
 *     all rows, and the start of the first look in seconds of the epoch
 * @param lateRows rows of late: each look forgets a tenth
 * @param lateCoarse those of them in buckets that edges cut
 * @param lateFine those of them in buckets finer by two steps or more than these edges need
 * @param until end of the last look, or null
 */
public record DriftDetector(
    Edges edges,
    double lnThreshold,
    long looks,
    long rows,
    Doubles evidence,
    Doubles onsets,
    double lateRows,
    double lateCoarse,
    double lateFine,
    @Nullable Instant until)
    implements Detector {
  /** A detector that waits for its reference. */
  public static final DriftDetector UNARMED =
      fresh(
          new Edges(
              0, List.of(), Doubles.EMPTY, Doubles.EMPTY, Doubles.EMPTY, Doubles.EMPTY, 0, null),
          Double.MAX_VALUE);

  /** Rows below which the answer is NO_DATA. */
  public static final long MIN_ROWS = 100;

  private static final int STEPS = Edges.STEPS.length;
  private static final int ONSET = 4;
  private static final long MIN_LOOKS = 20;
  private static final double MOST = 0.9;
  private static final int MUCH = 2;
  private static final double FORGETTING = 0.9;
  private static final double NANOS = 1e9;
  private static final double[] LN_REST = new double[STEPS];

  static {
    for (int i = 0; i < STEPS; i++) {
      LN_REST[i] = Math.log1p(-Edges.STEPS[i]);
    }
  }

  public DriftDetector {
    requireNonNull(edges, "edges");
    requireNonNull(evidence, "evidence");
    requireNonNull(onsets, "onsets");
  }

  /**
   * A detector that has seen nothing.
   *
   * @param look what the stream looks like
   * @param tolerance by how much the share beyond an edge may differ without being drift, 0..1
   */
  public static DriftDetector of(
      Reference reference, Distribution look, double tolerance, double lnThreshold) {
    return fresh(Edges.of(reference, look, tolerance), lnThreshold);
  }

  private static DriftDetector fresh(Edges edges, double lnThreshold) {
    return new DriftDetector(
        edges,
        lnThreshold,
        0,
        0,
        Doubles.of(new double[edges.sides() * STEPS + (edges.rankEdges() > 0 ? 2 * STEPS : 0)]),
        Doubles.of(new double[edges.sides() * ONSET]),
        0,
        0,
        0,
        null);
  }

  /** The same evidence under another threshold, since streams came or went. */
  public DriftDetector withThreshold(double newLnThreshold) {
    return newLnThreshold == lnThreshold
        ? this
        : new DriftDetector(
            edges,
            newLnThreshold,
            looks,
            rows,
            evidence,
            onsets,
            lateRows,
            lateCoarse,
            lateFine,
            until);
  }

  /** The detector after one more look. */
  public DriftDetector next(Distribution look, Instant start, Instant end) {
    if (look.rows() == 0 || edges.edges().isEmpty()) {
      return this;
    }
    long[] counts = new long[edges.sides() + edges.edges().size()];
    SideCounts.of(edges, look, counts);
    return next(counts, look.rows(), coarse(look), fine(look), start, end);
  }

  /**
   * The same from counts.
   *
   * @param counts rows surely on each side, by the side's number, and behind them all rows, by edge
   * @param coarse rows in buckets that edges cut
   * @param fine rows in buckets much finer than needed
   */
  DriftDetector next(
      long[] counts, long lookRows, double coarse, double fine, Instant start, Instant end) {
    double cap = Math.exp(lnThreshold) * 2 * STEPS * Math.max(2, edges.watchedSides());
    double at = start.getEpochSecond() + start.getNano() / NANOS;
    double[] least = new double[edges.sides()];
    return new DriftDetector(
        edges,
        lnThreshold,
        looks + 1,
        rows + lookRows,
        evidence.changed(r -> bet(counts, r, cap, least)),
        onsets.changed(onset -> follow(counts, onset, cap, at, least)),
        FORGETTING * lateRows + lookRows,
        FORGETTING * lateCoarse + coarse,
        FORGETTING * lateFine + fine,
        end);
  }

  /**
   * @param least filled with the e-values of each side's least alternative
   */
  private void bet(long[] counts, double[] r, double cap, double[] least) {
    for (int side = 0; side < edges.sides(); side++) {
      long n = counts[edges.sides() + side / 2];
      if (edges.isWatched(side) && n > 0) {
        for (int i = STEPS - 1; i >= 0; i--) {
          int bet = side * STEPS + i;
          least[side] = eValue(side, i, counts[side], n);
          r[bet] = Math.min(cap, (1 + r[bet]) * least[side]);
        }
      }
    }
    if (edges.rankEdges() > 0 && counts[edges.sides()] > 0) {
      betOnRanks(counts, r, cap);
    }
  }

  private double eValue(int side, int step, long k, long n) {
    return Math.exp(
        k * edges.gains().get(side * STEPS + step)
            + (n - k) * LN_REST[step] / edges.dispersions().get(side / 2));
  }

  /** Takes the CUSUM of each side's least alternative on. */
  private void follow(long[] counts, double[] onset, double cap, double start, double[] least) {
    for (int side = 0; side < edges.sides(); side++) {
      long k = counts[side];
      long n = counts[edges.sides() + side / 2];
      if (edges.isWatched(side) && n > 0) {
        double e = least[side];
        int o = side * ONSET;
        boolean starts = onset[o] <= 1;
        onset[o] = Math.min(cap, starts ? e : onset[o] * e);
        onset[o + 1] = starts ? k : onset[o + 1] + k;
        onset[o + 2] = starts ? n : onset[o + 2] + n;
        onset[o + 3] = starts ? start : onset[o + 3];
      }
    }
  }

  /** Bets that ranks went up, and that they went down, by the least ranks the rows surely have. */
  private void betOnRanks(long[] counts, double[] r, double cap) {
    int size = edges.rankEdges();
    long n = counts[edges.sides()];
    long[] withRank = new long[size + 1];
    for (int down = 0; down < 2; down++) {
      long beyond = 0;
      for (int rank = size; rank > 0; rank--) {
        int edge = down == 0 ? rank - 1 : size - rank;
        long surely = Math.max(beyond, counts[2 * edge + 1 - down]);
        withRank[rank] = surely - beyond;
        beyond = surely;
      }
      withRank[0] = n - beyond;
      for (int i = 0; i < STEPS; i++) {
        int gains = (down * STEPS + i) * (size + 1);
        double lnE = 0;
        for (int rank = 0; rank <= size; rank++) {
          lnE += withRank[rank] * edges.ranks().get(gains + rank);
        }
        int bet = edges.sides() * STEPS + down * STEPS + i;
        r[bet] = Math.min(cap, (1 + r[bet]) * Math.exp(lnE));
      }
    }
  }

  /** Rows in buckets coarser than those whose bounds the edges are. */
  private double coarse(Distribution look) {
    if (!(look instanceof Numbers numbers)) {
      return 0;
    }
    if (numbers.complement() == null && edges.hasComplement()) {
      return look.rows();
    }
    return rowsAt(numbers.values(), Integer.MIN_VALUE, edges.scale() - 1);
  }

  private double fine(Distribution look) {
    return look instanceof Numbers numbers
        ? rowsAt(numbers.values(), edges.scale() + MUCH, Integer.MAX_VALUE)
        : 0;
  }

  private static double rowsAt(Sketch sketch, int from, int to) {
    double rows = 0;
    for (HistogramSnapshot part : sketch.parts()) {
      rows += part.scale() >= from && part.scale() <= to ? part.count() : 0;
    }
    return rows;
  }

  /**
   * Whether to start afresh at edges of another scale: most rows of late are too coarse for these,
   * or nearly all would allow much finer ones.
   */
  public boolean needsOtherEdges(Reference reference, Distribution look) {
    if (lateRows < MIN_ROWS
        || !(look instanceof Numbers now)
        || !(reference.values() instanceof Numbers normal)) {
      return false;
    }
    if (lateCoarse > lateRows / 2) {
      return (edges.hasComplement() && now.complement() == null)
          || now.values().typicalScale() < edges.scale();
    }
    int finest = Math.min(normal.values().typicalScale(), now.values().typicalScale());
    return looks >= MIN_LOOKS && lateFine > MOST * lateRows && finest >= edges.scale() + MUCH;
  }

  /** Whether it has a reference and can tell something from what it gets. */
  public boolean isArmed() {
    return !edges.edges().isEmpty() && blindness().isEmpty();
  }

  /** Why it cannot tell anything from what it gets, in words; empty when it can. */
  public String blindness() {
    return edges.isWatched() ? edges.tooCoarse() : "no share could exceed its bound";
  }

  @Override
  public double lnEvidence() {
    int ofSides = edges.sides() * STEPS;
    double sides = 0;
    for (int i = 0; i < ofSides; i++) {
      sides += evidence.get(i);
    }
    double mean = sides / (STEPS * Math.max(1, edges.watchedSides()));
    if (evidence.size() > ofSides) {
      double ranks = 0;
      for (int i = ofSides; i < evidence.size(); i++) {
        ranks += evidence.get(i);
      }
      mean = (mean + ranks / (2 * STEPS)) / 2;
    }
    return looks == 0 ? 0 : Math.log(Math.max(mean, Double.MIN_NORMAL));
  }

  @Override
  public boolean judgeable() {
    return rows >= MIN_ROWS && blindness().isEmpty();
  }

  @Override
  public DriftDetector interrupted() {
    return this;
  }

  /** Where drift shows most. */
  public DriftFinding strongest() {
    return at(strongestSide());
  }

  /** The side where drift shows most, by its number. */
  public int strongestSide() {
    int best = 0;
    for (int side = 1; side < edges.sides(); side++) {
      double difference = sum(side) - sum(best);
      if (difference > 0 || (difference == 0 && excess(side) > excess(best))) {
        best = side;
      }
    }
    return best;
  }

  /** Rows in the evidence of a side. */
  public long seen(int side) {
    return (long) onsets.get(side * ONSET + 2);
  }

  /** Those of them on that side. */
  public long bad(int side) {
    return (long) onsets.get(side * ONSET + 1);
  }

  private double sum(int side) {
    double sum = 0;
    for (int i = 0; i < STEPS; i++) {
      sum += evidence.get(side * STEPS + i);
    }
    return sum;
  }

  private double excess(int side) {
    double n = onsets.get(side * ONSET + 2);
    return n == 0 ? -1 : onsets.get(side * ONSET + 1) / n - edges.bounds().get(side);
  }

  /** What speaks for drift on one side of an edge. */
  public DriftFinding at(int side) {
    Edge edge = edges.edges().get(side / 2);
    long bad = bad(side);
    long seen = seen(side);
    double normal = side % 2 == 0 ? edge.share() : 1 - edge.share();
    return new DriftFinding(
        side,
        seen == 0 ? null : instant(onsets.get(side * ONSET + 3)),
        until,
        seen,
        bad,
        normal,
        DriftWords.what(edge, side % 2 == 0),
        DriftWords.sentence(edge, side % 2 == 0, bad, seen));
  }

  private static Instant instant(double seconds) {
    double whole = Math.floor(seconds);
    return Instant.ofEpochSecond((long) whole, Math.round((seconds - whole) * 1e3) * 1_000_000);
  }
}
