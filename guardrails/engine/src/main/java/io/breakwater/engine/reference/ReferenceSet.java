package io.breakwater.engine.reference;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * The references of one model's signals; immutable.
 *
 * @param source where they come from, in words: {@code version 1}, {@code credit-reference.json}
 * @param digest SHA-256 of the content, in hex; names the set
 * @param signals by signal, as in {@code Pane.Reading}
 */
public record ReferenceSet(String source, String digest, Map<String, Reference> signals) {
  public ReferenceSet {
    requireNonNull(source, "source");
    requireNonNull(digest, "digest");
    signals = Collections.unmodifiableSortedMap(new TreeMap<>(signals));
  }
}
