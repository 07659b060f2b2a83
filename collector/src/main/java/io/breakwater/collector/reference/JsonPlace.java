package io.breakwater.collector.reference;

import com.fasterxml.jackson.databind.JsonNode;
import io.breakwater.collector.config.Nearest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A node of a JSON document that knows the way to it; what is wrong is reported with that way.
 *
 * @param source the document, for messages
 * @param path from the root, for example {@code signals["feature:age"].rows}; empty at the root
 */
record JsonPlace(String source, String path, JsonNode node) {
  /** Largest count: beyond it a JSON number may not be exact. */
  static final long MAX_COUNT = 1L << 53;

  private static final int MAX_SHOWN = 60;

  ReferenceFormatException wrong(String message) {
    return new ReferenceFormatException(
        source + ": " + (path.isEmpty() ? "" : path + ": ") + message);
  }

  /** What the node is, shortened, and what it should be. */
  private ReferenceFormatException unexpected(String expected) {
    String text = node.toString();
    String shown = text.length() > MAX_SHOWN ? text.substring(0, MAX_SHOWN) + "..." : text;
    return wrong(shown + " (expected: " + expected + ")");
  }

  /** This node as an object that has no other keys than these. */
  JsonPlace object(Set<String> known) throws ReferenceFormatException {
    if (!node.isObject()) {
      throw unexpected("an object with " + String.join(", ", known));
    }
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      if (!known.contains(field.getKey())) {
        throw wrong(
            "unknown key \""
                + field.getKey()
                + "\" (nearest known key: "
                + Nearest.to(field.getKey(), known)
                + ")");
      }
    }
    return this;
  }

  @Nullable JsonPlace optional(String name) {
    JsonNode child = node.get(name);
    return child == null
        ? null
        : new JsonPlace(source, path.isEmpty() ? name : path + "." + name, child);
  }

  JsonPlace required(String name) throws ReferenceFormatException {
    JsonPlace child = optional(name);
    if (child == null) {
      throw wrong("has no \"" + name + "\" (expected: one)");
    }
    return child;
  }

  /** The members of an object whose keys are names, in their order. */
  SortedMap<String, JsonPlace> members() throws ReferenceFormatException {
    if (!node.isObject()) {
      throw unexpected("an object");
    }
    SortedMap<String, JsonPlace> members = new TreeMap<>();
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      String place = path + "[\"" + field.getKey() + "\"]";
      members.put(field.getKey(), new JsonPlace(source, place, field.getValue()));
    }
    return members;
  }

  List<JsonPlace> items(int most) throws ReferenceFormatException {
    if (!node.isArray() || node.size() > most) {
      throw unexpected("a list of at most " + most);
    }
    List<JsonPlace> items = new ArrayList<>();
    for (JsonNode item : node) {
      items.add(new JsonPlace(source, path + "[" + items.size() + "]", item));
    }
    return items;
  }

  String text() throws ReferenceFormatException {
    if (!node.isTextual()) {
      throw unexpected("a text");
    }
    return node.textValue();
  }

  /** A whole number of rows or the like. */
  long count() throws ReferenceFormatException {
    return whole(0, MAX_COUNT);
  }

  int whole(int least, int most) throws ReferenceFormatException {
    return (int) whole((long) least, (long) most);
  }

  private long whole(long least, long most) throws ReferenceFormatException {
    boolean fits = node.isIntegralNumber() && node.canConvertToLong();
    if (!fits || node.longValue() < least || node.longValue() > most) {
      throw unexpected("a whole number from " + least + " to " + most);
    }
    return node.longValue();
  }

  /** The counts of a list. */
  long[] counts(int most) throws ReferenceFormatException {
    List<JsonPlace> items = items(most);
    long[] counts = new long[items.size()];
    for (int i = 0; i < counts.length; i++) {
      counts[i] = items.get(i).count();
    }
    return counts;
  }

  double finite() throws ReferenceFormatException {
    if (!node.isNumber() || !Double.isFinite(node.doubleValue())) {
      throw unexpected("a number");
    }
    return node.doubleValue();
  }

  /** A number, or the text {@code -Infinity}. */
  double finiteOrBelowAll() throws ReferenceFormatException {
    return node.isTextual() && node.textValue().equals("-Infinity")
        ? Double.NEGATIVE_INFINITY
        : finite();
  }
}
