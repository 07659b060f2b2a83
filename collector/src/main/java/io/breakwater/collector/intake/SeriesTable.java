package io.breakwater.collector.intake;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The series that were met, by hash. Bounded in number and bytes: in two generations, of which the
 * old one is forgotten when the young one is full; what is met again lives on. Safe for use by many
 * threads; looking up takes no lock.
 */
final class SeriesTable {
  private final int most;
  private final long mostBytes;
  private volatile Generation young = new Generation(1 << 10);
  private volatile Generation old = new Generation(2);
  private long bytes;

  /**
   * A table.
   *
   * @param most series of one generation, of which there are two
   * @param mostBytes memory that those of one generation may take, about
   */
  SeriesTable(int most, long mostBytes) {
    this.most = most;
    this.mostBytes = mostBytes;
  }

  /** A table for as many series as a sixteenth of the heap holds. */
  static SeriesTable ofHeap() {
    return new SeriesTable(1 << 20, Runtime.getRuntime().maxMemory() / 32);
  }

  /** The series, or null when it is not known. */
  @Nullable Series find(long high, long low) {
    Series series = young.find(high, low);
    if (series == null) {
      series = old.find(high, low);
      if (series != null) {
        add(series);
      }
    }
    return series;
  }

  /** Adds a series; returns the one that is in the table from now on. */
  synchronized Series add(Series series) {
    Series known = young.find(series.high, series.low);
    if (known != null) {
      return known;
    }
    if (young.size >= most || bytes + series.bytes() > mostBytes) {
      old = young;
      young = new Generation(1 << 10);
      bytes = 0;
    } else if (4 * (young.size + 1) > young.slots.length()) {
      young = young.larger();
    }
    bytes += series.bytes();
    young.put(series);
    return series;
  }

  /**
   * Reads what the look-ups of so many series will, so that several wait for memory at once.
   *
   * @param lows lower halves of their hashes
   * @return nothing of use
   */
  long touch(long[] lows, int size) {
    Generation generation = young;
    long touched = 0;
    for (int i = 0; i < size; i++) {
      touched += generation.slots.getPlain(generation.slot(lows[i])) == null ? 0 : 1;
    }
    for (int i = 0; i < size; i++) {
      Series first = generation.slots.getPlain(generation.slot(lows[i]));
      touched += first == null ? 0 : first.touch();
    }
    return touched;
  }

  int size() {
    return young.size + old.size;
  }

  /** Open addressing with linear probing, at most a quarter full. */
  private static final class Generation {
    private final AtomicReferenceArray<@Nullable Series> slots;
    private final int mask;
    private volatile int size;

    Generation(int capacity) {
      slots = new AtomicReferenceArray<>(capacity);
      mask = capacity - 1;
    }

    int slot(long low) {
      return (int) (low ^ (low >>> 32)) & mask;
    }

    @Nullable Series find(long high, long low) {
      int at = slot(low);
      Series series = slots.getAcquire(at);
      while (series != null && (series.low != low || series.high != high)) {
        at = (at + 1) & mask;
        series = slots.getAcquire(at);
      }
      return series;
    }

    /** Under the table's lock. */
    @SuppressWarnings("NonAtomicVolatileUpdate")
    void put(Series series) {
      int at = slot(series.low);
      while (slots.getPlain(at) != null) {
        at = (at + 1) & mask;
      }
      slots.setRelease(at, series);
      size++;
    }

    Generation larger() {
      Generation larger = new Generation(2 * slots.length());
      for (int i = 0; i < slots.length(); i++) {
        Series series = slots.getPlain(i);
        if (series != null) {
          larger.put(series);
        }
      }
      return larger;
    }
  }
}
