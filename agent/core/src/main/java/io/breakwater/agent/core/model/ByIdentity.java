package io.breakwater.agent.core.model;

import static java.util.Objects.requireNonNull;

import java.lang.ref.WeakReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is known of each of a library's models, found by identity and forgotten with it. Finding it
 * takes a few nanoseconds, no lock and no allocation. Safe for use by many threads.
 *
 * @param <K> the library's model; what is known of it must not keep it alive
 */
public final class ByIdentity<K, V> {
  /*
   * An open-addressing table that never changes once it is published: adding one copies it, leaving
   * out the models that are gone. Models are few and live long.
   */

  /** A model and what is known of it. */
  private static final class Slot<K, V> extends WeakReference<K> {
    private final int hash;
    private final V known;

    Slot(K key, V known) {
      super(key);
      this.hash = System.identityHashCode(key);
      this.known = known;
    }
  }

  private final Supplier<? extends V> fresh;
  private volatile @Nullable Slot<K, V>[] table = slots(8);

  /**
   * A table without any model.
   *
   * @param fresh makes what is known of a model that was never seen: nothing, that is
   */
  public ByIdentity(Supplier<? extends V> fresh) {
    this.fresh = requireNonNull(fresh, "fresh");
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // there are no arrays of generic types
  private static <K, V> @Nullable Slot<K, V>[] slots(int length) {
    return new Slot[length];
  }

  /** What is known of a model. */
  public V of(K key) {
    V known = find(key);
    return known != null ? known : add(key);
  }

  private @Nullable V find(K key) {
    @Nullable Slot<K, V>[] slots = table;
    int mask = slots.length - 1;
    int at = System.identityHashCode(key) & mask;
    Slot<K, V> slot = slots[at];
    while (slot != null) {
      if (slot.get() == key) {
        return slot.known;
      }
      at = (at + 1) & mask;
      slot = slots[at];
    }
    return null;
  }

  private synchronized V add(K key) {
    V known = find(key);
    if (known != null) {
      return known;
    }
    V added = requireNonNull(fresh.get());
    table = with(new Slot<>(key, added));
    return added;
  }

  private @Nullable Slot<K, V>[] with(Slot<K, V> added) {
    @Nullable Slot<K, V>[] old = table;
    int alive = 1;
    for (Slot<K, V> slot : old) {
      alive += slot != null && slot.get() != null ? 1 : 0;
    }
    @Nullable Slot<K, V>[] copy = slots(Math.max(8, 4 * Integer.highestOneBit(alive)));
    for (Slot<K, V> slot : old) {
      if (slot != null && slot.get() != null) {
        put(copy, slot);
      }
    }
    put(copy, added);
    return copy;
  }

  private static <K, V> void put(@Nullable Slot<K, V>[] slots, Slot<K, V> slot) {
    int mask = slots.length - 1;
    int at = slot.hash & mask;
    while (slots[at] != null) {
      at = (at + 1) & mask;
    }
    slots[at] = slot;
  }
}
