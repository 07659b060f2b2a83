package io.breakwater.agent.core.record;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Rings shared by all threads: {@value #STRIPES_PER_CORE} a core or a few more, each made when
 * first needed. A thread starts at the ring of its id and moves on when it loses a race or finds no
 * room.
 */
final class Rings {
  /*
   * A claim is the tag of its ring in the upper half and an offset in the lower. A tag is a stripe and
   * how many rings the stripe had before, never negative. A claim in a ring that has been replaced
   * is not found any more: what is still written for it goes to a ring that nobody reads.
   */

  private static final int STRIPES_PER_CORE = 4;
  private static final int STRIPE_BITS = 8;
  private static final int MAX_STRIPES = 1 << STRIPE_BITS;
  private static final int STRIPE_MASK = MAX_STRIPES - 1;

  /** Rings tried before a record is dropped for want of room. */
  private static final int FULL_LIMIT = 16;

  private final AtomicReferenceArray<@Nullable Ring> rings;
  private final int mask;

  /** Takes what is written for claims in replaced rings; there before the first is replaced. */
  private @Nullable Ring scrap;

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

  /**
   * Claims room for a record.
   *
   * @param kind its first word, see {@link Ring#claim}
   * @return the claim, -1 if there was no room
   */
  long claim(int kind, long thread) {
    int stripe = (int) thread & mask;
    int full = 0;
    while (true) {
      Ring ring = ring(stripe);
      int offset = ring.claim(kind);
      if (offset >= 0) {
        return ((long) ring.tag << Integer.SIZE) | offset;
      }
      if (offset == Ring.FULL && ++full == FULL_LIMIT) {
        return -1;
      }
      stripe = (stripe + 1) & mask;
    }
  }

  /** The ring of a claim; calls nothing but the array, see {@link Recorder}. */
  Ring of(long claim) {
    int tag = (int) (claim >>> Integer.SIZE);
    Ring ring = rings.getAcquire(tag & STRIPE_MASK);
    if (ring == null || ring.tag != tag) {
      ring = scrap;
    }
    if (ring == null) {
      throw new IllegalStateException("no such claim");
    }
    return ring;
  }

  /** The ring of a stripe, null if nobody used it yet. */
  @Nullable Ring existing(int stripe) {
    return rings.getAcquire(stripe);
  }

  /** Puts a fresh ring where a closed one is. */
  void replace(int stripe, Ring closed) {
    if (scrap == null) {
      scrap = new Ring(-1);
    }
    int tag = (closed.tag + MAX_STRIPES) & Integer.MAX_VALUE;
    rings.setRelease(stripe, new Ring(tag));
  }

  private Ring ring(int stripe) {
    Ring ring = rings.getAcquire(stripe);
    return ring != null ? ring : create(stripe);
  }

  private Ring create(int stripe) {
    Ring fresh = new Ring(stripe);
    Ring winner = rings.compareAndExchange(stripe, null, fresh);
    return winner != null ? winner : fresh;
  }
}
