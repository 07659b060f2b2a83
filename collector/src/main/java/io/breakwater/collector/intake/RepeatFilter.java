package io.breakwater.collector.intake;

import org.jspecify.annotations.Nullable;

/**
 * Remembers which (stream, start, end) came before, so that a request sent twice counts once.
 *
 * <p>Keys are 128-bit hashes: one half says where the other is kept, among the {@value #WAYS} that
 * came there last. Of the last {@value #REMEMBERED} keys all but about one in 100,000 are known; at
 * 2,000 points a second that is a memory of a minute, longer than senders retry. 8 MiB, from the
 * first key on. Safe for use by many threads.
 */
final class RepeatFilter {
  static final int REMEMBERED = 1 << 17;

  private static final int WAYS = 8;
  private static final int GROUP = 64;

  private long touched;
  private long[] slots = {};

  /**
   * Which of {@code size} keys were known, or null when none was; they are remembered from now on.
   *
   * @param keys pairs; (0, 0) is never known
   */
  boolean @Nullable [] add(long[] keys, int size) {
    boolean[] known = null;
    for (int from = 0; from < size; from += GROUP) {
      known = add(keys, from, Math.min(size, from + GROUP), size, known);
    }
    return known;
  }

  private synchronized boolean @Nullable [] add(
      long[] keys, int from, int to, int size, boolean @Nullable [] knownBefore) {
    boolean[] known = knownBefore;
    reserve();
    for (int i = from; i < to; i++) { // so that the waits for memory overlap
      int at = at(keys[2 * i + 1]);
      touched += slots[at] + slots[at + WAYS - 1];
    }
    for (int i = from; i < to; i++) {
      if (!isNew(keys[2 * i], keys[2 * i + 1])) {
        known = known == null ? new boolean[size] : known;
        known[i] = true;
      }
    }
    return known;
  }

  /** Of no use but that it is the outcome of reads that nothing else uses. */
  synchronized long touched() {
    return touched;
  }

  /** Whether the key is new; it is remembered from now on. */
  synchronized boolean add(long high, long low) {
    reserve();
    return isNew(high, low);
  }

  private void reserve() {
    if (slots.length == 0) {
      slots = new long[REMEMBERED * WAYS];
    }
  }

  private static int at(long low) {
    return ((int) low & (REMEMBERED - 1)) * WAYS;
  }

  private boolean isNew(long high, long low) {
    if (high == 0 && low == 0) {
      return true;
    }
    long[] all = slots;
    int at = at(low);
    long key = high == 0 ? 1 : high; // 0 is a free slot
    long a = all[at];
    long b = all[at + 1];
    long c = all[at + 2];
    long d = all[at + 3];
    long e = all[at + 4];
    long f = all[at + 5];
    long g = all[at + 6];
    long h = all[at + 7];
    if (a == key || b == key || c == key || d == key || e == key || f == key || g == key
        || h == key) {
      return false;
    }
    all[at] = key;
    all[at + 1] = a;
    all[at + 2] = b;
    all[at + 3] = c;
    all[at + 4] = d;
    all[at + 5] = e;
    all[at + 6] = f;
    all[at + 7] = g;
    return true;
  }
}
