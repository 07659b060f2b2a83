package io.breakwater.collector.intake;

import java.util.Arrays;

/**
 * Remembers which (stream, start, end) came before, so that a request sent twice counts once.
 *
 * <p>Keys are 128-bit hashes in two generations of at most {@value #GENERATION} each: when the
 * young one is full the old one is forgotten. At 2,000 points a second that is a memory of one to
 * two minutes, longer than senders retry. At most 8 MiB. Safe for use by many threads.
 */
final class RepeatFilter {
  static final int GENERATION = 1 << 17;

  private static final int GROUP = 64;

  private long touched;
  private KeySet young = new KeySet();
  private KeySet old = new KeySet();

  /**
   * Which of {@code size} keys are new; they are remembered from now on.
   *
   * @param keys pairs; (0, 0) is always new
   */
  boolean[] add(long[] keys, int size) {
    boolean[] fresh = new boolean[size];
    for (int from = 0; from < size; from += GROUP) {
      add(keys, from, Math.min(size, from + GROUP), fresh);
    }
    return fresh;
  }

  private synchronized void add(long[] keys, int from, int to, boolean[] fresh) {
    for (int i = from; i < to; i++) { // so that the waits for memory overlap
      touched += young.touch(keys[2 * i + 1]) + old.touch(keys[2 * i + 1]);
    }
    for (int i = from; i < to; i++) {
      long high = keys[2 * i];
      long low = keys[2 * i + 1];
      fresh[i] = (high == 0 && low == 0) || isNew(high, low);
    }
  }

  /** Of no use but that it is the outcome of reads that nothing else uses. */
  synchronized long touched() {
    return touched;
  }

  /** Whether the key is new; it is remembered from now on. */
  synchronized boolean add(long high, long low) {
    return isNew(high, low);
  }

  private boolean isNew(long high, long low) {
    if (old.contains(high, low) || !young.add(high, low)) {
      return false;
    }
    if (young.size == GENERATION) {
      KeySet forgotten = old;
      old = young;
      young = forgotten;
      young.clear();
    }
    return true;
  }

  /** Open addressing with linear probing, at most half full; the pair (0, 0) marks a free slot. */
  private static final class KeySet {
    private long[] slots = new long[2 << 10];
    private int size;

    long touch(long low) {
      return slots[(int) (low << 1) & (slots.length - 2)];
    }

    boolean contains(long high, long low) {
      int at = find(slots, high, low);
      return slots[at] != 0 || slots[at + 1] != 0;
    }

    boolean add(long high, long low) {
      int at = find(slots, high, low);
      if (slots[at] != 0 || slots[at + 1] != 0) {
        return false;
      }
      slots[at] = high;
      slots[at + 1] = low;
      if (++size * 4 > slots.length) {
        grow();
      }
      return true;
    }

    /** Begins anew, with the memory there is. */
    void clear() {
      Arrays.fill(slots, 0);
      size = 0;
    }

    private void grow() {
      long[] larger = new long[slots.length * 2];
      for (int i = 0; i < slots.length; i += 2) {
        if (slots[i] != 0 || slots[i + 1] != 0) {
          int at = find(larger, slots[i], slots[i + 1]);
          larger[at] = slots[i];
          larger[at + 1] = slots[i + 1];
        }
      }
      slots = larger;
    }

    private static int find(long[] slots, long high, long low) {
      int mask = slots.length - 2;
      int at = (int) (low << 1) & mask;
      while ((slots[at] != 0 || slots[at + 1] != 0)
          && (slots[at] != high || slots[at + 1] != low)) {
        at = (at + 2) & mask;
      }
      return at;
    }
  }
}
