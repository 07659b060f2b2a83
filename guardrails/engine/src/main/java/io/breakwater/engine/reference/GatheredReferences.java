package io.breakwater.engine.reference;

import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * References from what one version served first; immutable.
 *
 * @param complete those that are complete, by signal; they do not change any more
 * @param open those that still gather, by signal
 * @param firstComplete when the first of them was complete, or null
 * @param told how many of the complete ones people were told of
 * @param tellings how often people were told
 */
public record GatheredReferences(
    Map<String, Reference> complete,
    Map<String, ReferenceGatherer> open,
    @Nullable Instant firstComplete,
    int told,
    int tellings) {
  /** Nothing was gathered. */
  public static final GatheredReferences NONE =
      new GatheredReferences(Map.of(), Map.of(), null, 0, 0);

  public GatheredReferences {
    complete = Collections.unmodifiableSortedMap(new TreeMap<>(complete));
    open = Collections.unmodifiableSortedMap(new TreeMap<>(open));
  }
}
