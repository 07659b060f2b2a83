package io.breakwater.collector.store;

import io.breakwater.engine.reference.Reference;
import io.breakwater.engine.reference.ReferenceSet;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The sets of references of one file: each stands there once, named by the SHA-256 of its content,
 * and states and events only name it. References that were gathered stand in states, of which each
 * model has one, and are named by what decisions were made from. Safe for use by many threads, each
 * with a handle of its own.
 */
final class ReferenceShelf {
  private static final int REMEMBERED = 1000;

  /** Name of the content by digest of the set, or by the very map: the same means the same. */
  private final Map<Object, String> names =
      Collections.synchronizedMap(new Latest<Object, String>(REMEMBERED));

  /** A state or event as text; the sets it names are put on the shelf of {@code tx}'s file. */
  String write(Handle tx, Object value, Instant now) {
    return EngineJson.write(value, set -> keep(tx, set, now));
  }

  /** What keeps sets for texts that are written in {@code tx}. */
  EngineJson.Keeper keeper(Handle tx, Instant now) {
    return set -> keep(tx, set, now);
  }

  /** The same, and gathered references too. */
  EngineJson.Keeper keeperOfAll(Handle tx, Instant now) {
    return new EngineJson.Keeper() {
      @Override
      public String apply(ReferenceSet set) {
        return keep(tx, set, now);
      }

      @Override
      public @Nullable String gathered(Map<String, Reference> complete) {
        return complete.isEmpty() ? null : keep(tx, new Same(complete), complete, now);
      }
    };
  }

  private String keep(Handle tx, ReferenceSet set, Instant now) {
    return keep(tx, set.digest(), set.signals(), now);
  }

  private String keep(Handle tx, Object key, Map<String, Reference> signals, Instant now) {
    String name = names.get(key);
    long day = Duration.between(Instant.EPOCH, now).toDays();
    if (name == null || !isThere(tx, name)) {
      String content = EngineJson.writeSignals(signals);
      name = AuditChain.sha256(content);
      names.put(key, name);
      tx.execute(
          "INSERT INTO reference_sets (name, content, used) VALUES (?, ?, ?)"
              + " ON CONFLICT (name) DO NOTHING",
          name,
          content,
          day);
    }
    tx.execute("UPDATE reference_sets SET used = ? WHERE name = ? AND used < ?", day, name, day);
    return name;
  }

  private static boolean isThere(Handle tx, String name) {
    return tx.createQuery("SELECT count(*) FROM reference_sets WHERE name = ?")
            .bind(0, name)
            .mapTo(Long.class)
            .one()
        > 0;
  }

  /** Finds sets in {@code handle}'s file; one that is used often is read once. */
  static EngineJson.Finder finder(Handle handle) {
    Map<String, Map<String, Reference>> read = new Latest<>(REMEMBERED);
    return name -> {
      Map<String, Reference> known = read.get(name);
      if (known == null) {
        known = load(handle, name);
        if (known != null) {
          read.put(name, known);
        }
      }
      return known;
    };
  }

  private static @Nullable Map<String, Reference> load(Handle handle, String name) {
    String content =
        handle
            .createQuery("SELECT content FROM reference_sets WHERE name = ?")
            .bind(0, name)
            .mapTo(String.class)
            .findOne()
            .orElse(null);
    if (content == null) {
      return null;
    }
    if (!AuditChain.sha256(content).equals(name)) {
      throw new IllegalArgumentException("the references " + name + " were changed");
    }
    return EngineJson.readSignals(content);
  }

  /** Immutable references that are the same object; does not keep them in memory. */
  private static final class Same {
    private final WeakReference<Map<String, Reference>> references;
    private final int hash;

    Same(Map<String, Reference> references) {
      this.references = new WeakReference<>(references);
      this.hash = System.identityHashCode(references);
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // comparing them would take longer than naming them
    public boolean equals(@Nullable Object other) {
      Map<String, Reference> own = references.get();
      return other instanceof Same same && own != null && same.references.get() == own;
    }

    @Override
    public int hashCode() {
      return hash;
    }
  }

  /** The latest entries, so many at most. */
  private static final class Latest<K, V> extends LinkedHashMap<K, V> {
    private static final long serialVersionUID = 1L;
    private final int most;

    Latest(int most) {
      super(16, 0.75f, true);
      this.most = most;
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
      return size() > most;
    }
  }
}
