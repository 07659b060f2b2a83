package io.breakwater.collector.runtime;

import io.breakwater.collector.intake.Point;
import io.breakwater.engine.Distribution;
import io.breakwater.engine.Distribution.Names;
import io.breakwater.engine.Distribution.Numbers;
import io.breakwater.engine.Distribution.Sketch;
import io.breakwater.signals.Attributes;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One signal of one version while its values come in. At most {@value #MAX_NAMES} classes or
 * categories are told apart, those that came first; the rest is {@code other}. For use by one
 * thread.
 */
final class OpenSignal {
  static final int MAX_NAMES = 1_000;

  private static final int CELLS_EACH = 64;
  private static final int CELLS_PER_NAME = 16;

  private final boolean named;
  private final Set<String> known = new HashSet<>();
  private GatheredNumbers values = new GatheredNumbers();
  private GatheredNumbers complement = new GatheredNumbers();
  private Map<String, Long> counts = new TreeMap<>();
  private long missing;

  OpenSignal(String signal) {
    this.named = isNamed(signal);
  }

  /** Whether a signal has names, not numbers. */
  static boolean isNamed(String signal) {
    return signal.equals("class") || signal.startsWith("category:");
  }

  /** Adds a point; false when its class or category counts as {@code other} for want of room. */
  boolean add(Point.OfSignal point) {
    if (point instanceof Point.Values numbers) {
      (numbers.complement() ? complement : values).add(numbers.values());
    } else if (point instanceof Point.Outside outside) {
      (outside.complement() ? complement : values)
          .addOutside(outside.low(), outside.bound(), outside.count());
    } else if (point instanceof Point.Missing none) {
      missing += none.count();
    } else if (point instanceof Point.Named one) {
      return add(one.name(), one.count());
    }
    return true;
  }

  private boolean add(String name, long count) {
    boolean room = known.contains(name) || known.size() < MAX_NAMES;
    String kept = room ? name : Attributes.OTHER;
    known.add(kept);
    counts.merge(kept, count, Long::sum);
    return room;
  }

  /** Adds what another gathered. */
  void add(Distribution more) {
    missing += more.missing();
    if (more instanceof Numbers numbers) {
      values.add(numbers.values());
      if (numbers.complement() != null) {
        complement.add(numbers.complement());
      }
    } else if (more instanceof Names names) {
      names.counts().forEach(this::add);
    }
  }

  /** Adds rows without a value. */
  void add(long moreMissing) {
    missing += moreMissing;
  }

  /** Whether no value came in, only rows without one. */
  boolean hasOnlyMissing() {
    return missing > 0 && read().rows() == missing;
  }

  /** What came in since the last time, or null when nothing did; this one is empty afterwards. */
  @Nullable Distribution take() {
    Distribution taken = read();
    values = new GatheredNumbers();
    complement = new GatheredNumbers();
    counts = new TreeMap<>();
    missing = 0;
    return taken.rows() == 0 ? null : taken;
  }

  /** What came in so far. */
  Distribution read() {
    if (named) {
      return new Names(counts, missing);
    }
    Sketch all = values.sketch();
    Sketch less = complement.sketch();
    // Where some senders have no complement, it is not that of all values.
    return new Numbers(all, less.count() == all.count() && all.count() > 0 ? less : null, missing);
  }

  /** Memory in use, in cells. */
  long cells() {
    return CELLS_EACH
        + values.cells()
        + complement.cells()
        + (long) CELLS_PER_NAME * (known.size() + counts.size());
  }
}
