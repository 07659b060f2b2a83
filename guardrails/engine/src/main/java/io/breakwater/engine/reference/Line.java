package io.breakwater.engine.reference;

import io.breakwater.engine.Distribution.Outside;
import io.breakwater.engine.Distribution.Sketch;
import io.breakwater.engine.Doubles;
import io.breakwater.signals.BucketCounts;
import io.breakwater.signals.BucketIndex;
import io.breakwater.signals.HistogramSnapshot;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Numbers of many panes added up: how many there were in each bucket, and how much the share below
 * each bucket's bound varied from pane to pane. Immutable.
 *
 * <p>Bound {@code b} of a side is the magnitude {@code 2^(b / 2^scale)}; the bounds of coarser
 * scales are among those of finer ones, so that a line can be made coarser without loss. For each
 * bound there is the sum over the panes of {@code k^2 / n}, where {@code k} of the pane's {@code n}
 * values lie below it.
 *
 * @param sum all values inside the senders' windows
 * @param outside values beyond those windows
 * @param panes panes with a value
 * @param values values, those outside included
 * @param positive per bound of the positive side, from bound {@code positiveFrom} on; k counts
 *     values up to the bound
 * @param negative per bound of the negative side, from bound {@code negativeFrom} on; k counts
 *     values beyond the bound
 * @param bottom k counts values below all windows
 * @param zeroLow k counts values below the zero bucket
 * @param zeroHigh k counts values up to the zero bucket
 * @param top k counts all values but those above all windows
 * @param ranks how mean ranks vary, from the pane on by which {@value #BEFORE_RANKS} values were
 *     seen; null before
 */
public record Line(
    HistogramSnapshot sum,
    List<Outside> outside,
    long panes,
    long values,
    int positiveFrom,
    Doubles positive,
    int negativeFrom,
    Doubles negative,
    double bottom,
    double zeroLow,
    double zeroHigh,
    double top,
    @Nullable RankProbe ranks) {
  private static final int BEFORE_RANKS = 1_000;
  private static final int MAX_BOUNDS = 1_024;
  private static final int MAX_OUTSIDE = 16;

  public Line {
    outside = List.copyOf(outside);
  }

  static Line empty(int scale) {
    return new Line(
        HistogramSnapshot.empty(scale),
        List.of(),
        0,
        0,
        0,
        Doubles.EMPTY,
        0,
        Doubles.EMPTY,
        0,
        0,
        0,
        0,
        null);
  }

  int scale() {
    return sum.scale();
  }

  Sketch sketch() {
    return new Sketch(values == 0 ? List.of() : List.of(sum), outside);
  }

  /** After one more pane, whose scale is that of this line or a finer one. */
  Line plus(HistogramSnapshot pane, List<Outside> beyond) {
    int fitting = fittingScale(pane);
    if (fitting < scale()) {
      return atScale(fitting).plus(pane, beyond);
    }
    HistogramSnapshot same = pane.atScale(fitting);
    long low = 0;
    long high = 0;
    for (Outside one : beyond) {
      low += one.low() ? one.count() : 0;
      high += one.low() ? 0 : one.count();
    }
    long n = same.count() + low + high;
    if (n == 0) {
      return this;
    }
    long below = low + total(same.negative());
    long upTo = below + same.zeroCount();
    RankProbe probe =
        ranks == null && values >= BEFORE_RANKS && !sum.isEmpty() ? RankProbe.of(sum) : ranks;
    Side up = new Side(positiveFrom, positive).covering(same.positive(), zeroHigh, top);
    Side down = new Side(negativeFrom, negative).covering(same.negative(), zeroLow, bottom);
    return new Line(
        sum.merge(same),
        plus(outside, beyond),
        panes + 1,
        values + n,
        up.from,
        up.plus(same.positive(), upTo, 1, n),
        down.from,
        down.plus(same.negative(), below, -1, n),
        bottom + squared(low, n),
        zeroLow + squared(below, n),
        zeroHigh + squared(upTo, n),
        top + squared(n - high, n),
        probe == null ? null : probe.plus(same, low, high));
  }

  /** The finest scale, this line's at most, at which neither side takes too many bounds. */
  private int fittingScale(HistogramSnapshot pane) {
    int fitting = scale();
    while (bounds(sum.positive(), scale(), pane.positive(), pane.scale(), fitting) > MAX_BOUNDS
        || bounds(sum.negative(), scale(), pane.negative(), pane.scale(), fitting) > MAX_BOUNDS) {
      fitting--;
    }
    return fitting;
  }

  private static long bounds(BucketCounts a, int scaleA, BucketCounts b, int scaleB, int fitting) {
    if (a.isEmpty() && b.isEmpty()) {
      return 0;
    }
    long first = Integer.MAX_VALUE;
    long last = Integer.MIN_VALUE;
    if (!a.isEmpty()) {
      first = a.offset() >> (scaleA - fitting);
      last = a.lastIndex() >> (scaleA - fitting);
    }
    if (!b.isEmpty()) {
      first = Math.min(first, b.offset() >> (scaleB - fitting));
      last = Math.max(last, b.lastIndex() >> (scaleB - fitting));
    }
    return last - first + 2;
  }

  /** The same at a coarser scale. */
  Line atScale(int coarser) {
    Side up = new Side(positiveFrom, positive);
    Side down = new Side(negativeFrom, negative);
    for (int steps = scale() - coarser; steps > 0; steps--) {
      up = up.coarser();
      down = down.coarser();
    }
    return new Line(
        sum.atScale(coarser),
        outside,
        panes,
        values,
        up.from,
        up.squares,
        down.from,
        down.squares,
        bottom,
        zeroLow,
        zeroHigh,
        top,
        ranks);
  }

  private static long total(BucketCounts side) {
    long total = 0;
    for (int slot = 0; slot < side.size(); slot++) {
      total += side.count(slot);
    }
    return total;
  }

  private static double squared(long k, long n) {
    return (double) k * k / n;
  }

  /** At most {@value #MAX_OUTSIDE} bounds; beyond that what is known is only the widest. */
  private static List<Outside> plus(List<Outside> some, List<Outside> more) {
    List<Outside> sums = new ArrayList<>(some);
    for (Outside one : more) {
      int known = 0;
      while (known < sums.size() && !canHold(sums.get(known), one, sums.size())) {
        known++;
      }
      if (known == sums.size()) {
        sums.add(one);
      } else {
        sums.set(known, together(sums.get(known), one));
      }
    }
    return sums;
  }

  private static boolean canHold(Outside sum, Outside one, int size) {
    return sum.low() == one.low()
        && (Double.compare(sum.bound(), one.bound()) == 0 || size >= MAX_OUTSIDE);
  }

  private static Outside together(Outside a, Outside b) {
    double bound = a.low() ? Math.max(a.bound(), b.bound()) : Math.min(a.bound(), b.bound());
    return new Outside(a.low(), bound, a.count() + b.count());
  }

  /**
   * Takes up, by band of shares, the greatest dispersion of the bounds.
   *
   * @param rest whether these are the values' complements, so that few up to a bound here are many
   *     values up to it
   */
  void disperse(double[] bands, boolean rest) {
    long low = 0;
    for (Outside one : outside) {
      low += one.low() ? one.count() : 0;
    }
    BucketCounts down = sum.negative();
    long below = low + total(down);
    long upTo = below + sum.zeroCount();
    disperse(bands, rest, zeroLow, below);
    disperse(bands, rest, zeroHigh, upTo);
    disperse(bands, rest, new Side(positiveFrom, positive), sum.positive(), upTo, 1);
    disperse(bands, rest, new Side(negativeFrom, negative), down, below, -1);
  }

  private void disperse(
      double[] bands, boolean rest, Side side, BucketCounts counts, long start, int sign) {
    BucketIndex buckets = BucketIndex.ofScale(sum.scale());
    long k = start;
    for (int i = 0; i < side.squares.size(); i++) {
      int bound = side.from + i;
      k += sign * countAt(counts, bound - 1);
      if (buckets.upperBound(bound - 1) >= sum.zeroThreshold()) {
        disperse(bands, rest, side.squares.get(i), k);
      }
    }
  }

  private void disperse(double[] bands, boolean rest, double squares, long k) {
    double share = (double) k / values;
    if (Dispersions.isMeasured(share)) {
      int band = Dispersions.band(rest ? 1 - share : share);
      bands[band] = Math.max(bands[band], dispersion(squares, k, values, panes));
    }
  }

  /** {@code (sum k^2/n - N F^2) / ((m - 1) F (1 - F))}, at least 1; 0 where it is not measured. */
  static double dispersion(double squares, long k, long n, long panes) {
    double share = (double) k / n;
    if (panes < 2 || !Dispersions.isMeasured(share)) {
      return 0;
    }
    return Math.max(1, (squares - share * k) / ((panes - 1) * share * (1 - share)));
  }

  private static long countAt(BucketCounts side, int index) {
    int slot = index - side.offset();
    return slot >= 0 && slot < side.size() ? side.count(slot) : 0;
  }

  /** The bounds of one side, from the one nearest to zero on. */
  private record Side(int from, Doubles squares) {
    /**
     * With all bounds of {@code counts}.
     *
     * @param inner what new bounds nearer to zero begin with
     * @param outer what new bounds farther from zero begin with
     */
    Side covering(BucketCounts counts, double inner, double outer) {
      if (counts.isEmpty()) {
        return this;
      }
      int first = counts.offset();
      int last = counts.lastIndex() + 1;
      if (squares.size() == 0) {
        // Nothing of this side was seen: inner and outer are the same but for values outside.
        return filled(first, last, first, new double[0], inner, outer);
      }
      return filled(
          Math.min(first, from),
          Math.max(last, from + squares.size() - 1),
          from,
          squares.toArray(),
          inner,
          outer);
    }

    private static Side filled(
        int first, int last, int oldFirst, double[] old, double inner, double outer) {
      double[] all = new double[last - first + 1];
      for (int i = 0; i < all.length; i++) {
        int at = first + i - oldFirst;
        all[i] = at < 0 ? inner : at < old.length ? old[at] : outer;
      }
      return new Side(first, Doubles.of(all));
    }

    Doubles plus(BucketCounts counts, long start, int sign, long n) {
      double[] next = squares.toArray();
      long k = start;
      for (int i = 0; i < next.length; i++) {
        k += sign * countAt(counts, from + i - 1);
        next[i] += squared(k, n);
      }
      return Doubles.of(next);
    }

    Side coarser() {
      int first = -Math.floorDiv(-from, 2);
      int last = Math.floorDiv(from + squares.size() - 1, 2);
      double[] kept = new double[Math.max(0, last - first + 1)];
      for (int i = 0; i < kept.length; i++) {
        kept[i] = squares.get(2 * (first + i) - from);
      }
      return new Side(first, Doubles.of(kept));
    }
  }
}
