package io.breakwater.engine.reference;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * References from what one version served first; immutable.
 *
 * @param complete those that are complete, by signal; they do not change any more
 * @param open those that still gather, by signal
 */
public record GatheredReferences(
    Map<String, Reference> complete, Map<String, ReferenceGatherer> open) {
  /** Nothing was gathered. */
  public static final GatheredReferences NONE = new GatheredReferences(Map.of(), Map.of());

  public GatheredReferences {
    complete = Collections.unmodifiableSortedMap(new TreeMap<>(complete));
    open = Collections.unmodifiableSortedMap(new TreeMap<>(open));
  }
}
