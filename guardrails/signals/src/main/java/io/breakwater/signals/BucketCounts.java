package io.breakwater.signals;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;

/** Counts of consecutive buckets on one side of zero. Immutable. */
public final class BucketCounts {
  /** No buckets. */
  public static final BucketCounts EMPTY = new BucketCounts(0, new long[0]);

  private final int offset;
  private final long[] counts;

  private BucketCounts(int offset, long[] counts) {
    this.offset = offset;
    this.counts = counts;
  }

  /**
   * Counts of the buckets from {@code offset} on.
   *
   * @param counts copied; empty buckets at either end are left out
   * @throws IllegalArgumentException if a count is negative or the indexes do not fit an int
   */
  public static BucketCounts of(int offset, long... counts) {
    return trimmed(offset, requireNonNull(counts, "counts"));
  }

  private static BucketCounts trimmed(int offset, long[] counts) {
    int first = 0;
    while (first < counts.length && counts[first] == 0) {
      first++;
    }
    int last = counts.length - 1;
    while (last > first && counts[last] == 0) {
      last--;
    }
    if (first > last) {
      return EMPTY;
    }
    for (int slot = first; slot <= last; slot++) {
      if (counts[slot] < 0) {
        throw new IllegalArgumentException(
            "counts[" + slot + "]: " + counts[slot] + " (expected: >= 0)");
      }
    }
    if ((long) offset + last > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "offset: " + offset + " (expected: at most 2^31 - 1 less " + last + " buckets)");
    }
    long[] copy = new long[last - first + 1];
    System.arraycopy(counts, first, copy, 0, copy.length);
    return new BucketCounts(offset + first, copy);
  }

  /** Index of the first bucket. */
  public int offset() {
    return offset;
  }

  /** Number of buckets; the first and the last are not empty. */
  public int size() {
    return counts.length;
  }

  /** Whether there is no count at all. */
  public boolean isEmpty() {
    return counts.length == 0;
  }

  /** Count of the bucket {@code offset() + slot}. */
  public long count(int slot) {
    return counts[slot];
  }

  /** Index of the last bucket; meaningless if empty. */
  public int lastIndex() {
    return offset + counts.length - 1;
  }

  /** A copy of the counts. */
  public long[] toArray() {
    return counts.clone();
  }

  /** Sum of the counts. */
  long total() {
    long total = 0;
    for (long count : counts) {
      total = Math.addExact(total, count);
    }
    return total;
  }

  /** Sum of the counts of the buckets with an index below {@code index}. */
  long totalBelow(long index) {
    long slots = Math.max(0, Math.min(counts.length, index - offset));
    long total = 0;
    for (int slot = 0; slot < slots; slot++) {
      total += counts[slot];
    }
    return total;
  }

  /** Count of one bucket by its index; 0 outside. */
  long countAt(long index) {
    long slot = index - offset;
    return slot >= 0 && slot < counts.length ? counts[(int) slot] : 0;
  }

  /** The same counts at a scale coarser by {@code steps}. */
  BucketCounts coarser(int steps) {
    if (steps == 0 || isEmpty()) {
      return this;
    }
    int first = offset >> steps;
    long[] coarse = new long[(lastIndex() >> steps) - first + 1];
    for (int slot = 0; slot < counts.length; slot++) {
      coarse[((offset + slot) >> steps) - first] += counts[slot];
    }
    return new BucketCounts(first, coarse);
  }

  /** Buckets needed to hold both. */
  long span(BucketCounts other) {
    if (isEmpty() || other.isEmpty()) {
      return Math.max(size(), other.size());
    }
    long last = Math.max(lastIndex(), other.lastIndex());
    return last - Math.min(offset, other.offset) + 1;
  }

  BucketCounts plus(BucketCounts other) {
    if (isEmpty()) {
      return other;
    }
    if (other.isEmpty()) {
      return this;
    }
    int first = Math.min(offset, other.offset);
    long[] sum = new long[Math.toIntExact(span(other))];
    addTo(sum, first);
    other.addTo(sum, first);
    return new BucketCounts(first, sum);
  }

  /**
   * These counts without those.
   *
   * @throws IllegalArgumentException if a count goes below 0
   */
  BucketCounts minus(BucketCounts earlier) {
    if (earlier.isEmpty()) {
      return this;
    }
    long[] difference = counts.clone();
    for (int slot = 0; slot < earlier.size(); slot++) {
      int at = earlier.offset + slot - offset;
      long gone = earlier.counts[slot];
      if (gone > 0 && (at < 0 || at >= counts.length || difference[at] < gone)) {
        throw new IllegalArgumentException(
            "earlier: " + earlier + " (expected: no count above those of " + this + ")");
      }
      if (gone > 0) {
        difference[at] -= gone;
      }
    }
    return trimmed(offset, difference);
  }

  /** The counts of the buckets from an index on. */
  BucketCounts from(int index) {
    int cut = Math.max(0, Math.min(counts.length, index - offset));
    return trimmed(offset + cut, Arrays.copyOfRange(counts, cut, counts.length));
  }

  private void addTo(long[] sum, int first) {
    for (int slot = 0; slot < counts.length; slot++) {
      int to = offset - first + slot;
      sum[to] = Math.addExact(sum[to], counts[slot]);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof BucketCounts
        && offset == ((BucketCounts) other).offset
        && Arrays.equals(counts, ((BucketCounts) other).counts);
  }

  @Override
  public int hashCode() {
    return 31 * offset + Arrays.hashCode(counts);
  }

  @Override
  public String toString() {
    return offset + ":" + Arrays.toString(counts);
  }
}
