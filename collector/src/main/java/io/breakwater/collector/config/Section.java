package io.breakwater.collector.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * One mapping of the file. Reading a value that is wrong notes a problem and goes on with the value
 * that an absent key has, so that one pass finds everything.
 */
final class Section {
  private static final Set<String> SECRET_KEYS = Set.of("secret", "token", "password");

  private final Node node;
  private final String path;
  private final Map<String, Node> keys = new LinkedHashMap<>();
  private final Map<String, Node> values = new HashMap<>();
  private final References references;
  private final Problems problems;

  /** Reads a mapping; {@code node} being something else is a problem, and the section empty. */
  Section(Node node, String path, References references, Problems problems) {
    this.node = node;
    this.path = path;
    this.references = references;
    this.problems = problems;
    if (node instanceof MappingNode mapping) {
      mapping.getValue().forEach(this::take);
    } else {
      problems.add(node, label() + kind(node) + " (expected: a mapping of keys to values)");
    }
  }

  private void take(NodeTuple tuple) {
    if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
      problems.add(tuple.getKeyNode(), label() + "a key that is not a text (expected: a text)");
      return;
    }
    Node first = keys.putIfAbsent(key.getValue(), key);
    if (first == null) {
      values.put(key.getValue(), tuple.getValueNode());
    } else {
      problems.add(
          key,
          at(key.getValue())
              + ": twice (expected: once; first in line "
              + first.getStartMark().map(m -> m.getLine() + 1).orElse(0)
              + ")");
    }
  }

  Node node() {
    return node;
  }

  String path() {
    return path;
  }

  /** The path of a key in this section. */
  String at(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  private String label() {
    return path.isEmpty() ? "" : path + ": ";
  }

  /**
   * Notes keys that nobody knows and, unless told otherwise, those of later versions.
   *
   * @return whether all keys are fine
   */
  boolean check(Keys known, boolean laterToo) {
    int before = problems.count();
    keys.forEach(
        (name, key) -> {
          if (known.known().contains(name)) {
            return;
          }
          String instead = known.later().get(name);
          if (instead == null) {
            String nearest = Nearest.to(name, known.all());
            problems.add(key, at(name) + ": unknown key (nearest known key: " + nearest + ")");
          } else if (laterToo) {
            problems.add(key, notYet(at(name), instead));
          }
        });
    return problems.count() == before;
  }

  static String notYet(String what, String supported) {
    return what + ": not supported by this version (supported: " + supported + ")";
  }

  boolean has(String key) {
    return values.containsKey(key);
  }

  @Nullable Node value(String key) {
    return values.get(key);
  }

  Set<String> names() {
    return keys.keySet();
  }

  /** Notes a problem with the value of {@code key}. */
  void wrong(String key, String message) {
    problems.add(values.getOrDefault(key, node), at(key) + ": " + message);
  }

  void require(String key, String expected) {
    if (!has(key) && node instanceof MappingNode) {
      problems.add(node, at(key) + ": missing (expected: " + expected + ")");
    }
  }

  /** The value, or {@code absent} when the key is absent or its value wrong. */
  <T> T read(String key, T absent, Function<String, T> meaning) {
    T value = read(key, meaning);
    return value == null ? absent : value;
  }

  /** The value, or null when the key is absent or its value wrong. */
  <T> @Nullable T read(String key, Function<String, T> meaning) {
    Node value = values.get(key);
    return value == null
        ? null
        : scalar(value, at(key), isSecret(key), references, problems, meaning);
  }

  /** Whether the values of {@code key} must not be shown. */
  static boolean isSecret(String key) {
    return SECRET_KEYS.contains(key);
  }

  private static <T> @Nullable T scalar(
      Node node,
      String path,
      boolean secret,
      References references,
      Problems problems,
      Function<String, T> meaning) {
    String text = text(node, path, "a single value", references, problems);
    if (text == null) {
      return null;
    }
    if (secret) {
      references.secrets().add(text, "***");
    }
    try {
      return meaning.apply(text);
    } catch (IllegalArgumentException e) {
      String shown = secret ? "not usable" : shown(((ScalarNode) node).getValue());
      problems.add(node, path + ": " + shown + " (expected: " + e.getMessage() + ")");
      return null;
    }
  }

  private static String shown(String raw) {
    return raw.isBlank() ? "empty" : raw;
  }

  /** A scalar as written, references resolved; null when it is none or they lead nowhere. */
  static @Nullable String text(
      Node node, String path, String expected, References references, Problems problems) {
    if (!(node instanceof ScalarNode scalar) || Tag.NULL.equals(node.getTag())) {
      problems.add(node, path + ": " + kind(node) + " (expected: " + expected + ")");
      return null;
    }
    if (!References.in(scalar.getValue())) {
      return scalar.getValue();
    }
    try {
      return references.resolve(scalar.getValue());
    } catch (IllegalArgumentException e) {
      problems.add(node, path + ": " + e.getMessage());
      return null;
    }
  }

  /** The section below {@code key}, or null when there is none. */
  @Nullable Section section(String key) {
    Node value = values.get(key);
    return value == null ? null : new Section(value, at(key), references, problems);
  }

  /** The sections in the list below {@code key}; none when it is absent. */
  List<Section> sections(String key) {
    List<Section> sections = new ArrayList<>();
    items(key, (item, at) -> sections.add(new Section(item, at, references, problems)));
    return sections;
  }

  /** The texts in the list below {@code key}, each with its place; none when it is absent. */
  Map<Node, String> texts(String key) {
    Map<Node, String> texts = new LinkedHashMap<>();
    items(
        key,
        (item, at) -> {
          String text = text(item, at, "a text", references, problems);
          if (text != null) {
            texts.put(item, text);
          }
        });
    return texts;
  }

  private void items(String key, BiConsumer<Node, String> taker) {
    Node value = values.get(key);
    if (value instanceof SequenceNode sequence) {
      int index = 0;
      for (Node item : sequence.getValue()) {
        taker.accept(item, at(key) + "[" + index++ + "]");
      }
    } else if (value != null) {
      problems.add(value, at(key) + ": " + kind(value) + " (expected: a list)");
    }
  }

  static String kind(Node node) {
    if (node instanceof MappingNode) {
      return "a mapping";
    }
    if (node instanceof SequenceNode) {
      return "a list";
    }
    return Tag.NULL.equals(node.getTag()) ? "empty" : "a single value";
  }
}
