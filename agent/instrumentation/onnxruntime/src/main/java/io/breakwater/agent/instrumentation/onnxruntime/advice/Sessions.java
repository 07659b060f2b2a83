package io.breakwater.agent.instrumentation.onnxruntime.advice;

import ai.onnxruntime.OrtSession;
import java.lang.ref.WeakReference;
import org.jspecify.annotations.Nullable;

/**
 * What is known of each session, found by identity and forgotten with it. Finding one takes a few
 * nanoseconds, no lock and no allocation. Safe for use by many threads.
 */
final class Sessions {
  /*
   * An open-addressing table that never changes once it is published: adding one copies it, leaving
   * out the sessions that are gone. Sessions are few and live long.
   */

  /** All sessions of this copy of the library. */
  static final Sessions ALL = new Sessions();

  /** A session and what is known of it. */
  private static final class Slot extends WeakReference<OrtSession> {
    private final int hash;
    private final Session session;

    Slot(OrtSession key, Session session) {
      super(key);
      this.hash = System.identityHashCode(key);
      this.session = session;
    }
  }

  private volatile @Nullable Slot[] table = new @Nullable Slot[8];

  Sessions() {}

  /** What is known of a session; a fresh one if it was never seen. */
  Session of(OrtSession key) {
    Session known = find(key);
    return known != null ? known : add(key);
  }

  private @Nullable Session find(OrtSession key) {
    @Nullable Slot[] slots = table;
    int mask = slots.length - 1;
    int at = System.identityHashCode(key) & mask;
    Slot slot = slots[at];
    while (slot != null) {
      if (slot.get() == key) {
        return slot.session;
      }
      at = (at + 1) & mask;
      slot = slots[at];
    }
    return null;
  }

  private synchronized Session add(OrtSession key) {
    Session known = find(key);
    if (known != null) {
      return known;
    }
    Session added = new Session();
    table = with(new Slot(key, added));
    return added;
  }

  private @Nullable Slot[] with(Slot added) {
    @Nullable Slot[] old = table;
    int alive = 1;
    for (Slot slot : old) {
      alive += slot != null && slot.get() != null ? 1 : 0;
    }
    @Nullable Slot[] fresh = new @Nullable Slot[Math.max(8, 4 * Integer.highestOneBit(alive))];
    for (Slot slot : old) {
      if (slot != null && slot.get() != null) {
        put(fresh, slot);
      }
    }
    put(fresh, added);
    return fresh;
  }

  private static void put(@Nullable Slot[] slots, Slot slot) {
    int mask = slots.length - 1;
    int at = slot.hash & mask;
    while (slots[at] != null) {
      at = (at + 1) & mask;
    }
    slots[at] = slot;
  }
}
