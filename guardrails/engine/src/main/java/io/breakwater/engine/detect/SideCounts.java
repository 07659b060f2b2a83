package io.breakwater.engine.detect;

import io.breakwater.engine.Distribution;
import io.breakwater.engine.Distribution.Names;
import io.breakwater.engine.Distribution.Numbers;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How many rows of a look are on either side of each edge. */
final class SideCounts {
  private SideCounts() {}

  /**
   * Counts a look.
   *
   * @param counts filled with the rows surely on each side, by the side's number, and behind them
   *     the rows in all, by edge
   */
  static void of(Edges edges, Distribution look, long[] counts) {
    List<Edge> all = edges.edges();
    long rows = look.rows();
    long present = rows - look.missing();
    long named = 0;
    Cumulated values = look instanceof Numbers n ? new Cumulated(n.values()) : null;
    Cumulated complement = null;
    for (int j = 0; j < all.size(); j++) {
      Edge edge = all.get(j);
      switch (edge.kind()) {
        case VALUE -> number(values, edge, j, false, counts);
        case COMPLEMENT -> {
          if (complement == null && look instanceof Numbers n && n.complement() != null) {
            complement = new Cumulated(n.complement());
          }
          number(complement, edge, j, true, counts);
        }
        case NAME -> {
          long count =
              look instanceof Names names ? names.counts().getOrDefault(edge.name(), 0L) : 0;
          named += count;
          put(counts, j, count, present - count, present);
        }
        case OTHER -> put(counts, j, present - named, named, present);
        case MISSING -> put(counts, j, look.missing(), present, rows);
      }
    }
  }

  private static void number(
      @Nullable Cumulated sketch, Edge edge, int j, boolean complement, long[] counts) {
    if (sketch == null) {
      return;
    }
    sketch.atOrBelow(edge.at());
    long surelyAbove = sketch.count() - sketch.upper();
    put(
        counts,
        j,
        complement ? surelyAbove : sketch.lower(),
        complement ? sketch.lower() : surelyAbove,
        sketch.count());
  }

  private static void put(long[] counts, int j, long yes, long no, long n) {
    counts[2 * j] = yes;
    counts[2 * j + 1] = no;
    counts[counts.length / 3 * 2 + j] = n;
  }
}
