package io.breakwater.agent.core.record;

import io.breakwater.signals.Attributes;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Small numbers for the classes of failures; beyond {@value #LIMIT} classes all are {@code other}.
 * Holds names, never classes, so that no application's loader is kept alive.
 */
final class ErrorTypes {
  /** Number of a call that did not fail. */
  static final int NONE = 0;

  private static final int OTHER = 1;
  private static final int LIMIT = 64;

  private final ConcurrentMap<String, Integer> numbers = new ConcurrentHashMap<>();
  private final @Nullable String[] names = new @Nullable String[OTHER + 1 + LIMIT];
  private int used = OTHER + 1;

  ErrorTypes() {
    names[OTHER] = Attributes.OTHER;
  }

  int of(String name) {
    Integer number = numbers.get(name);
    return number != null ? number : add(Limits.shortened(name));
  }

  private synchronized int add(String name) {
    Integer known = numbers.get(name);
    if (known != null) {
      return known;
    }
    if (used == names.length) {
      return OTHER;
    }
    names[used] = name;
    numbers.put(name, used);
    return used++;
  }

  /** Value of {@code error.type}. */
  synchronized String name(int number) {
    String name = names[number];
    return name != null ? name : Attributes.OTHER;
  }
}
