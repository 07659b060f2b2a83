package io.breakwater.agent.core.record;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Rings shared by all threads: {@value #STRIPES_PER_CORE} a core or a few more, each made when
 * first needed. A thread starts at the ring of its id and moves on when it loses a race or finds no
 * room.
 */
final class Rings {
  private static final int STRIPES_PER_CORE = 4;
  private static final int MAX_STRIPES = 256;

  /** Rings tried before a record is dropped for want of room. */
  private static final int FULL_LIMIT = 16;

  private final AtomicReferenceArray<@Nullable Ring> rings;
  private final int mask;

  private Rings(int stripes) {
    this.rings = new AtomicReferenceArray<>(stripes);
    this.mask = stripes - 1;
  }

  static Rings forCores(int cores) {
    int wanted = Math.min(MAX_STRIPES, STRIPES_PER_CORE * cores);
    return new Rings(Integer.highestOneBit(Math.max(1, 2 * wanted - 1)));
  }

  int stripes() {
    return mask + 1;
  }

  /** A claim: stripe in the upper half, offset in the lower; -1 if there was no room. */
  long claim(int length, long thread) {
    int stripe = (int) thread & mask;
    int full = 0;
    while (true) {
      int offset = ring(stripe).claim(length);
      if (offset >= 0) {
        return ((long) stripe << Integer.SIZE) | offset;
      }
      if (offset == Ring.FULL && ++full == FULL_LIMIT) {
        return -1;
      }
      stripe = (stripe + 1) & mask;
    }
  }

  /** The ring of a claim; calls nothing but the array, see {@link Recorder}. */
  Ring of(long claim) {
    Ring ring = rings.getAcquire((int) (claim >>> Integer.SIZE));
    if (ring == null) {
      throw new IllegalStateException("no such claim");
    }
    return ring;
  }

  /** The ring of a stripe, null if nobody used it yet. */
  @Nullable Ring existing(int stripe) {
    return rings.getAcquire(stripe);
  }

  private Ring ring(int stripe) {
    Ring ring = rings.getAcquire(stripe);
    return ring != null ? ring : create(stripe);
  }

  private Ring create(int stripe) {
    Ring fresh = new Ring();
    Ring winner = rings.compareAndExchange(stripe, null, fresh);
    return winner != null ? winner : fresh;
  }
}
