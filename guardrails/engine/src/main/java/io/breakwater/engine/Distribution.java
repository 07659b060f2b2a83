package io.breakwater.engine;

import static java.util.Objects.requireNonNull;

import io.breakwater.signals.CountRange;
import io.breakwater.signals.HistogramSnapshot;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Values of one signal over some time, summed up; immutable. */
public sealed interface Distribution {
  /** Rows, those without a value included. */
  long rows();

  /** Rows without a value: null or NaN. */
  long missing();

  /**
   * Numbers.
   *
   * @param values the values themselves
   * @param complement one less each value, for scores in [0, 1]: resolves those near 1; or null
   * @param missing rows without a value
   */
  record Numbers(Sketch values, @Nullable Sketch complement, long missing) implements Distribution {
    public Numbers {
      requireNonNull(values, "values");
      requireNotNegative("missing", missing);
    }

    @Override
    public long rows() {
      return values.count() + missing;
    }
  }

  /**
   * Classes or categories.
   *
   * @param counts rows by name
   * @param missing rows without a value
   */
  record Names(Map<String, Long> counts, long missing) implements Distribution {
    public Names {
      counts = Collections.unmodifiableSortedMap(new TreeMap<>(counts));
      counts.forEach(Distribution::requireNotNegative);
      requireNotNegative("missing", missing);
    }

    @Override
    public long rows() {
      return counts.values().stream().mapToLong(Long::longValue).sum() + missing;
    }
  }

  /**
   * Numbers in buckets.
   *
   * @param parts at most one histogram of each scale, the finest first: merging them would make all
   *     as coarse as the coarsest
   * @param outside values beyond the windows of those histograms
   */
  record Sketch(List<HistogramSnapshot> parts, List<Outside> outside) {
    /** No values. */
    public static final Sketch EMPTY = new Sketch(List.of(), List.of());

    public Sketch {
      parts = List.copyOf(parts);
      outside = List.copyOf(outside);
    }

    /** Values in all. */
    public long count() {
      long count = 0;
      for (HistogramSnapshot part : parts) {
        count += part.count();
      }
      for (Outside one : outside) {
        count += one.count();
      }
      return count;
    }

    /** The finest scale that at least half of the values in buckets have or surpass; 0 if none. */
    public int typicalScale() {
      long inside = 0;
      for (HistogramSnapshot part : parts) {
        inside += part.count();
      }
      long counted = 0;
      for (HistogramSnapshot part : parts) {
        counted += part.count();
        if (2 * counted >= inside) {
          return part.scale();
        }
      }
      return 0;
    }

    /** What the values were rounded to; see {@link HistogramSnapshot#bounds()}. */
    public long bounds() {
      long bounds = parts.isEmpty() ? 0 : parts.get(0).bounds();
      for (HistogramSnapshot part : parts) {
        bounds = part.bounds() == bounds ? bounds : HistogramSnapshot.MIXED_BOUNDS;
      }
      return bounds;
    }

    /** How many values are at most {@code edge}; those in a bucket that holds it are in doubt. */
    public CountRange countAtOrBelow(double edge) {
      long lower = 0;
      long upper = 0;
      for (HistogramSnapshot part : parts) {
        CountRange range = part.countAtOrBelow(edge);
        lower += range.lower();
        upper += range.upper();
      }
      for (Outside one : outside) {
        boolean surelyBelow = one.low() && one.bound() <= edge;
        boolean surelyAbove = !one.low() && one.bound() >= edge;
        lower += surelyBelow ? one.count() : 0;
        upper += surelyAbove ? 0 : one.count();
      }
      return new CountRange(lower, upper);
    }
  }

  /**
   * Values outside a pinned window.
   *
   * @param low true: at most {@code bound}; false: above it
   */
  record Outside(boolean low, double bound, long count) {
    public Outside {
      requireNotNegative("count", count);
    }
  }

  private static void requireNotNegative(String what, long count) {
    if (count < 0) {
      throw new IllegalArgumentException(what + ": " + count + " (expected: >= 0)");
    }
  }
}
