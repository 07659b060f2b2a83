package io.breakwater.engine.reference;

import io.breakwater.engine.Distribution;
import io.breakwater.engine.Distribution.Names;
import io.breakwater.engine.Distribution.Numbers;
import io.breakwater.engine.Distribution.Sketch;
import io.breakwater.signals.HistogramSnapshot;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Makes a reference from panes, one after the other; a value that the next pane turns into the next
 * value. Panes are not kept: the dispersion comes from sums per bucket bound.
 *
 * <p>Senders learn their buckets from the first thousand values, and one outlier in that time makes
 * them coarse. Where most rows of a pane come at a scale finer by two steps or more than what was
 * gathered, gathering starts over with it, at most {@value #MAX_RESTARTS} times; parts coarser by
 * two steps or more are left out, unless most rows are that coarse.
 *
 * @param rowsWanted rows it takes
 * @param rows rows gathered, those without a value included
 * @param panes panes they came in
 * @param missing rows without a value, and how their share varied
 * @param values numbers, or null when there were none
 * @param complement one less each number, or null when there were none
 * @param names rows by class or category, or null when there were none
 * @param leftOut rows left out because they came in too coarse buckets
 * @param restarts how often it started over
 */
public record ReferenceGatherer(
    long rowsWanted,
    long rows,
    long panes,
    Share missing,
    @Nullable Line values,
    @Nullable Line complement,
    @Nullable Map<String, Share> names,
    long leftOut,
    int restarts) {
  /** How often finer buckets make gathering start over. */
  public static final int MAX_RESTARTS = 4;

  /** Names that are told apart; others are counted under {@value #OTHER}. */
  public static final int MAX_NAMES = 1_000;

  /** The name under which further names are counted. */
  public static final String OTHER = "other";

  private static final int CLEARLY = 2;
  private static final long FEW_ROWS = 1_000;

  /**
   * Rows of one kind.
   *
   * @param count how many
   * @param squares sum over the panes of {@code k^2 / n}, for k such rows of n
   */
  public record Share(long count, double squares) {
    static final Share NONE = new Share(0, 0);

    Share plus(long k, long n) {
      return new Share(count + k, squares + (double) k * k / n);
    }
  }

  public ReferenceGatherer {
    if (rowsWanted < 1) {
      throw new IllegalArgumentException("rowsWanted: " + rowsWanted + " (expected: >= 1)");
    }
    names = names == null ? null : Collections.unmodifiableSortedMap(new TreeMap<>(names));
  }

  /** A gatherer that has seen nothing. */
  public static ReferenceGatherer of(long rowsWanted) {
    return new ReferenceGatherer(rowsWanted, 0, 0, Share.NONE, null, null, null, 0, 0);
  }

  /** After one more pane. */
  public ReferenceGatherer add(Distribution pane) {
    if (pane.rows() == 0) {
      return this;
    }
    if (pane instanceof Names some) {
      return add(some);
    }
    Numbers numbers = (Numbers) pane;
    int typical = numbers.values().typicalScale();
    if (values != null && typical >= values.scale() + CLEARLY && restarts < MAX_RESTARTS) {
      return new ReferenceGatherer(rowsWanted, 0, 0, Share.NONE, null, null, null, 0, restarts + 1)
          .add(numbers);
    }
    return add(numbers, typical);
  }

  private ReferenceGatherer add(Names pane) {
    Map<String, Share> known = names == null ? Map.of() : names;
    Map<String, Share> next = new TreeMap<>(known);
    Map<String, Long> counts = new TreeMap<>();
    pane.counts()
        .forEach(
            (name, count) -> {
              boolean told = known.containsKey(name) || known.size() < MAX_NAMES;
              counts.merge(told ? name : OTHER, count, Long::sum);
            });
    long present = pane.rows() - pane.missing();
    if (present > 0) {
      counts.forEach(
          (name, count) ->
              next.put(name, next.getOrDefault(name, Share.NONE).plus(count, present)));
    }
    return with(pane, pane.rows(), null, null, next, leftOut);
  }

  private ReferenceGatherer add(Numbers pane, int typical) {
    boolean few = values == null || values.values() < FEW_ROWS;
    boolean giveIn = few || leftOut > rows;
    int least = values == null ? typical : values.scale();
    least = (giveIn ? Math.min(typical, least) : least) - CLEARLY + 1;
    Line nextValues = plus(values, pane.values(), least);
    Line nextComplement = complement;
    if (pane.complement() != null) {
      int finest = complement == null ? pane.complement().typicalScale() : complement.scale();
      nextComplement = plus(complement, pane.complement(), giveIn ? least : finest - CLEARLY + 1);
    }
    long before = values == null ? 0 : values.values();
    long taken = nextValues == null ? 0 : nextValues.values() - before;
    long left = pane.values().count() - taken;
    if (taken + pane.missing() == 0) {
      return new ReferenceGatherer(
          rowsWanted, rows, panes, missing, values, complement, names, leftOut + left, restarts);
    }
    return with(pane, taken + pane.missing(), nextValues, nextComplement, names, leftOut + left);
  }

  private ReferenceGatherer with(
      Distribution pane,
      long taken,
      @Nullable Line newValues,
      @Nullable Line newComplement,
      @Nullable Map<String, Share> newNames,
      long newLeftOut) {
    return new ReferenceGatherer(
        rowsWanted,
        rows + taken,
        panes + 1,
        missing.plus(pane.missing(), taken),
        newValues,
        newComplement,
        newNames,
        newLeftOut,
        restarts);
  }

  /** The line with those parts of a pane that are at least as fine as {@code least}. */
  private static @Nullable Line plus(@Nullable Line line, Sketch pane, int least) {
    HistogramSnapshot sum = null;
    long all = 0;
    for (HistogramSnapshot part : pane.parts()) {
      all += part.count();
      if (part.scale() >= least) {
        sum = sum == null ? part : sum.merge(part);
      }
    }
    if (sum == null || sum.isEmpty()) {
      return line;
    }
    // Values outside belong to parts that are not known; they count where nothing was left out.
    boolean whole = sum.count() == all;
    Line before = line == null ? Line.empty(sum.scale()) : line;
    Line wide = sum.scale() < before.scale() ? before.atScale(sum.scale()) : before;
    return wide.plus(sum, whole ? pane.outside() : List.of());
  }

  /** How far it is. */
  public Progress progress() {
    return new Progress(rows, rowsWanted, panes);
  }

  /** Whether there are enough rows, and enough panes to tell the dispersion. */
  public boolean isComplete() {
    return rows >= rowsWanted && panes >= Reference.MIN_PANES;
  }

  /** The reference from what there is so far, complete or not. */
  public Reference result() {
    return Reference.of(distribution(), panes, dispersions());
  }

  private Distribution distribution() {
    if (names != null) {
      Map<String, Long> counts = new TreeMap<>();
      names.forEach((name, share) -> counts.put(name, share.count()));
      return new Names(counts, missing.count());
    }
    return new Numbers(
        values == null ? Sketch.EMPTY : values.sketch(),
        complement == null ? null : complement.sketch(),
        missing.count());
  }

  private Dispersions dispersions() {
    double[] bands = new double[Dispersions.BANDS];
    double ranks = 0;
    if (values != null) {
      values.disperse(bands, false);
      ranks = dispersion(values.ranks());
    }
    if (complement != null) {
      complement.disperse(bands, true);
      ranks = Math.max(ranks, dispersion(complement.ranks()));
    }
    Map<String, Double> ofNames = new TreeMap<>();
    if (names != null) {
      long present = rows - missing.count();
      names.forEach(
          (name, share) -> {
            double own = Line.dispersion(share.squares(), share.count(), present, panes);
            if (own > 0) {
              ofNames.put(name, own);
            }
          });
    }
    double ofMissing = Line.dispersion(missing.squares(), missing.count(), rows, panes);
    return Dispersions.of(bands, ofNames, ofMissing, ranks);
  }

  private static double dispersion(@Nullable RankProbe ranks) {
    return ranks == null ? 0 : ranks.dispersion();
  }
}
