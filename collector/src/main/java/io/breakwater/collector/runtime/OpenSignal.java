package io.breakwater.collector.runtime;

import io.breakwater.collector.intake.Batch;
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
 * One signal of one version while its values come in. Of its classes or categories as many are told
 * apart as the quota says, those that came first; the rest is {@code other}. For use by one thread.
 */
final class OpenSignal {
  private static final int CELLS_EACH = 64;
  private static final int CELLS_PER_NAME = 16;

  private final boolean named;
  private final boolean counted;
  private final LaneSignals.Schedule schedule;
  private final CellQuota quota;
  private final Set<String> known = new HashSet<>();
  private final GatheredNumbers values = new GatheredNumbers();
  private final GatheredNumbers complement = new GatheredNumbers();
  private Map<String, Long> counts = new TreeMap<>();
  private long missing;
  private long paneRows;

  /** A signal that is looked at on no schedule. */
  OpenSignal(String signal, CellQuota quota) {
    this(signal, new LaneSignals.Schedule(), quota);
  }

  OpenSignal(String signal, LaneSignals.Schedule schedule, CellQuota quota) {
    this.quota = quota;
    this.schedule = schedule;
    this.named = isNamed(signal);
    this.counted = signal.equals("class") || signal.startsWith("score");
  }

  LaneSignals.Schedule schedule() {
    return schedule;
  }

  /** Notes that its lane keeps it no more. */
  void forget() {
    values.end();
    complement.end();
  }

  /** Whether a signal has names, not numbers. */
  static boolean isNamed(String signal) {
    return signal.equals("class") || signal.startsWith("category:");
  }

  /** Rows of scores or classes since the last call. */
  long takePaneRows() {
    long rows = paneRows + (counted ? values.takePaneRows() : 0);
    paneRows = 0;
    return rows;
  }

  /**
   * Adds a point as it stands in its request.
   *
   * @return where further ones like it can be added at once, or null
   */
  @Nullable DenseCounts add(Batch batch, int i, boolean ofComplement) {
    DenseCounts dense = (ofComplement ? complement : values).add(batch, i);
    if (dense == null && counted && !ofComplement) {
      paneRows += batch.count(i);
    }
    return dense;
  }

  /** Adds a point; false when its class or category counts as {@code other} for want of room. */
  boolean add(Point.OfSignal point) {
    if (point instanceof Point.Values numbers) {
      (numbers.complement() ? complement : values).add(numbers.values());
      count(numbers.complement(), numbers.values().count());
    } else if (point instanceof Point.Outside outside) {
      (outside.complement() ? complement : values)
          .addOutside(outside.low(), outside.bound(), outside.count());
      count(outside.complement(), outside.count());
    } else if (point instanceof Point.Missing none) {
      missing += none.count();
    } else if (point instanceof Point.Named one) {
      count(false, one.count());
      return add(one.name(), one.count());
    }
    return true;
  }

  private void count(boolean ofComplement, long rows) {
    paneRows += counted && !ofComplement ? rows : 0;
  }

  private boolean add(String name, long count) {
    boolean room = known.contains(name) || known.size() < quota.names();
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
    values.clear();
    complement.clear();
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
