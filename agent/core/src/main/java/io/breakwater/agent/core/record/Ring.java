package io.breakwater.agent.core.record;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * A bounded ring of records of different lengths: many writers, one reader at a time. Fixed memory:
 * {@value #WORDS} words of 4 bytes. Nobody waits: a writer is refused when there is no room, or
 * when another writer was faster.
 *
 * <p>A record that is claimed and never published holds back all that is behind it. The reader then
 * closes the ring, reads it to its end past what is not published, and does not use it again.
 */
final class Ring {
  /*
   * head <= tail are positions that only grow; the word of a position is position & MASK.
   *
   * 1. A writer reads head, then tail, and owns [tail, tail + length) once it has moved tail by CAS.
   *    At once it leaves in the second word what the first will be: a plain store, no call, for
   *    which there may be no stack. So the reader knows the length of what is never published.
   * 2. It writes the other words, then the first with release. The first word is never 0, so the
   *    reader takes a record when it reads its first word, with acquire, as other than 0.
   * 3. The reader copies records out, sets their words to 0 and then moves head with release. A writer
   *    that has read that head with acquire therefore finds zeros in what it claims, which is what
   *    makes 2. work.
   * 4. A record never wraps: if it does not fit before the end, its writer claims the rest as well and
   *    publishes it as padding, again by a plain store: nothing else is read with it.
   * 5. The reader closes a ring by moving tail so far that no claim fits any more. What was claimed
   *    before stands between head and there, and no word of it is given to another writer: whoever
   *    publishes late writes where nobody else does.
   * 6. head and tail are a cache line and more apart from each other and from other objects.
   */

  /** Size of a ring: 128 KiB, 900 calls of 30 features. */
  static final int WORDS = 1 << 15;

  /** Longest record. */
  static final int MAX_RECORD = WORDS / 8;

  /** Answer to a claim for which there is no room. */
  static final int FULL = -1;

  /** Answer to a claim when another writer was faster. */
  static final int CONTENDED = -2;

  /** Bits of the first word that hold the length; those above are the kind, never 0. */
  static final int LENGTH_BITS = 16;

  static final int LENGTH_MASK = (1 << LENGTH_BITS) - 1;

  /** Where a claim leaves what the first word will be. */
  static final int KIND = 1;

  /** Shortest record. */
  static final int MIN_RECORD = KIND + 1;

  private static final int PADDING = 0x7fff << LENGTH_BITS;
  private static final int MASK = WORDS - 1;
  private static final int HEAD = 16;
  private static final int TAIL = 48;
  private static final int CURSORS = 64;
  private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);
  private static final VarHandle INTS = MethodHandles.arrayElementVarHandle(int[].class);

  private final int[] words = new int[WORDS];
  private final long[] cursors = new long[CURSORS];

  /** What tells this ring from those that were at its place before; free of use here. */
  final int tag;

  /** Where a closed ring ends, -1 while it is open; the reader's. */
  private long closedAt = -1;

  Ring(int tag) {
    this.tag = tag;
  }

  /** The words that a claim gives an offset into. */
  int[] words() {
    return words;
  }

  /**
   * Claims room for a record.
   *
   * @param kind the first word once it is published: a kind other than 0, and a length of {@link
   *     #MIN_RECORD} to {@link #MAX_RECORD}
   * @return offset of its first word, {@link #FULL} or {@link #CONTENDED}
   */
  int claim(int kind) {
    int length = kind & LENGTH_MASK;
    long head = (long) LONGS.getAcquire(cursors, HEAD);
    long tail = (long) LONGS.getVolatile(cursors, TAIL);
    int offset = (int) tail & MASK;
    int room = WORDS - offset;
    int padding = length > room ? room : 0;
    long next = tail + padding + length;
    if (next - head > WORDS) {
      return FULL;
    }
    if (!LONGS.compareAndSet(cursors, TAIL, tail, next)) {
      return CONTENDED;
    }
    int at = offset;
    if (padding > 0) {
      words[offset] = PADDING | room;
      at = 0;
    }
    words[at + KIND] = kind;
    return at;
  }

  /** Hands a claimed record to the reader. */
  void publish(int offset, int firstWord) {
    INTS.setRelease(words, offset, firstWord);
  }

  /** Words claimed and not yet read; a moment old; more than there are in a closed ring. */
  int used() {
    long head = (long) LONGS.getAcquire(cursors, HEAD);
    return (int) ((long) LONGS.getAcquire(cursors, TAIL) - head);
  }

  /**
   * Takes what is published, as far as it fits: whole records, one after the other, without
   * padding. One reader at a time.
   *
   * @param block at least {@link #MAX_RECORD} long
   * @return words written to the block, 0 if nothing was published
   */
  int take(int[] block) {
    long head = (long) LONGS.getAcquire(cursors, HEAD);
    int from = (int) head & MASK;
    int end = from;
    while (end < WORDS) {
      int first = (int) INTS.getAcquire(words, end);
      int length = first & LENGTH_MASK;
      if (first == 0 || end - from + length > block.length) {
        break;
      }
      if ((first & ~LENGTH_MASK) == PADDING) {
        int taken = end - from;
        release(head, from, from + taken, WORDS - end, block);
        return taken > 0 ? taken : take(block);
      }
      end += length;
    }
    release(head, from, end, 0, block);
    return end - from;
  }

  /** Position up to which the ring is read. */
  long head() {
    return (long) LONGS.getAcquire(cursors, HEAD);
  }

  /** Refuses every later claim, for good. The reader's. */
  void close() {
    closedAt = (long) LONGS.getAndAdd(cursors, TAIL, 2L * WORDS);
  }

  boolean isClosed() {
    return closedAt >= 0;
  }

  /** Whether all that was claimed before a ring was closed has been read or skipped. */
  boolean isFinished() {
    return isClosed() && head() >= closedAt;
  }

  /**
   * Passes over the unpublished record at the head of a closed ring, or over all that is left if
   * its length is not known: if its thread was stopped from outside between the claim and the next
   * step. The reader's.
   */
  void skip() {
    long head = head();
    int at = (int) head & MASK;
    int length = at + KIND < WORDS ? words[at + KIND] & LENGTH_MASK : 0;
    LONGS.setRelease(cursors, HEAD, length > 0 ? head + length : closedAt);
  }

  private void release(long head, int from, int end, int padding, int[] block) {
    System.arraycopy(words, from, block, 0, end - from);
    Arrays.fill(words, from, end + padding, 0);
    LONGS.setRelease(cursors, HEAD, head + (end - from) + padding);
  }
}
