package io.breakwater.engine.reference;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is known to be normal for one model; immutable, and shared by all states between two
 * changes.
 *
 * @param prepared the set that was built beforehand and is in force, or null
 * @param gathered what was or is being gathered, by the version whose rows they are
 */
public record References(
    @Nullable ReferenceSet prepared, Map<String, GatheredReferences> gathered) {
  /** Nothing is known. */
  public static final References NONE = new References(null, Map.of());

  public References {
    gathered = Collections.unmodifiableSortedMap(new TreeMap<>(gathered));
  }
}
