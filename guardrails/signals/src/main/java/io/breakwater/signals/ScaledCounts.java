package io.breakwater.signals;

import java.util.Arrays;

/** Mutable counts of one side of a histogram: a window of buckets that slides over the indexes. */
final class ScaledCounts {
  /*
   * slot = index - offset. The window is placed with the used part in its middle and moves only when
   * an index falls outside, so that the common case is one subtraction and one comparison.
   */
  private static final long[] UNUSED = {};

  private final int capacity;
  private long[] counts = UNUSED;
  private int offset;

  ScaledCounts(int capacity) {
    this.capacity = capacity;
  }

  /** False, with nothing added, if the index is outside the window. */
  boolean add(int index, long times) {
    int slot = index - offset;
    if (slot < 0 || slot >= counts.length) {
      return false;
    }
    counts[slot] += times;
    return true;
  }

  /** How many times the scale has to be halved so that the used buckets and these fit. */
  int stepsToFit(int low, int high) {
    int first = Math.min(low, firstIndex(low));
    int last = Math.max(high, lastIndex(high));
    int steps = 0;
    while ((long) (last >> steps) - (first >> steps) >= capacity) {
      steps++;
    }
    return steps;
  }

  /** Moves the window so that it holds the used buckets and these, which must fit. */
  void makeRoom(int low, int high) {
    int first = Math.min(low, firstIndex(low));
    int last = Math.max(high, lastIndex(high));
    if (counts.length == 0) {
      counts = new long[capacity];
    } else if (first >= offset && last < offset + capacity) {
      return;
    }
    int moved = first - (capacity - (last - first + 1)) / 2;
    shift(moved - offset);
    offset = moved;
  }

  private void shift(int by) {
    if (by >= capacity || by <= -capacity) { // nothing was in use
      return;
    }
    if (by > 0) {
      System.arraycopy(counts, by, counts, 0, capacity - by);
      Arrays.fill(counts, capacity - by, capacity, 0);
    } else if (by < 0) {
      System.arraycopy(counts, 0, counts, -by, capacity + by);
      Arrays.fill(counts, 0, -by, 0);
    }
  }

  /** Halves the resolution {@code steps} times, in place: no bucket moves up. */
  void coarsen(int steps) {
    int coarse = offset >> steps;
    for (int slot = 0; slot < counts.length; slot++) {
      long moved = counts[slot];
      counts[slot] = 0;
      counts[((offset + slot) >> steps) - coarse] += moved;
    }
    offset = coarse;
  }

  private int firstIndex(int whenEmpty) {
    for (int slot = 0; slot < counts.length; slot++) {
      if (counts[slot] != 0) {
        return offset + slot;
      }
    }
    return whenEmpty;
  }

  private int lastIndex(int whenEmpty) {
    for (int slot = counts.length - 1; slot >= 0; slot--) {
      if (counts[slot] != 0) {
        return offset + slot;
      }
    }
    return whenEmpty;
  }

  void clear() {
    Arrays.fill(counts, 0);
  }

  BucketCounts toBucketCounts() {
    return BucketCounts.of(offset, counts);
  }
}
