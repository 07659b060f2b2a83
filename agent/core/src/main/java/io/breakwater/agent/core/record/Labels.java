package io.breakwater.agent.core.record;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** Attributes of a stream: names with a text or a number each. Immutable. */
public final class Labels {
  /** No attributes. */
  public static final Labels NONE = new Labels(List.of());

  private final List<Map.Entry<String, Object>> entries;

  private Labels(List<Map.Entry<String, Object>> entries) {
    this.entries = entries;
  }

  /** These and one more. */
  public Labels with(String name, String value) {
    return plus(Map.entry(name, value));
  }

  /** These and one more. */
  public Labels with(String name, double value) {
    return plus(Map.entry(name, value));
  }

  private Labels plus(Map.Entry<String, Object> entry) {
    List<Map.Entry<String, Object>> all = new ArrayList<>(entries.size() + 1);
    all.addAll(entries);
    all.add(entry);
    return new Labels(Collections.unmodifiableList(all));
  }

  /** These and then the others. */
  public Labels and(Labels others) {
    if (others.entries.isEmpty()) {
      return this;
    }
    List<Map.Entry<String, Object>> all = new ArrayList<>(entries);
    all.addAll(others.entries);
    return new Labels(Collections.unmodifiableList(all));
  }

  /** Each name with a {@link String} or {@link Double}; unmodifiable. */
  public List<Map.Entry<String, Object>> entries() {
    return entries;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Labels && entries.equals(((Labels) other).entries);
  }

  @Override
  public int hashCode() {
    return entries.hashCode();
  }

  @Override
  public String toString() {
    return entries.toString();
  }
}
