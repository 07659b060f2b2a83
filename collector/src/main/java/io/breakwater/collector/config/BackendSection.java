package io.breakwater.collector.config;

import io.breakwater.engine.backend.BackendSettings;
import io.breakwater.engine.backend.DeploymentBackendProvider;
import io.breakwater.engine.backend.SettingException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * Reads a {@code backend:} section: only its provider knows the settings, so the provider checks
 * them, and what it objects to is found again in the file.
 *
 * <p>Single values stay texts as written, so that version {@code 1.10} does not become {@code 1.1}.
 */
final class BackendSection {
  /** Deeper nesting than any backend has; ends a file whose aliases go in circles. */
  private static final int MAX_DEPTH = 10;

  /** More values than any backend has; ends a file whose aliases multiply. */
  private static final int MAX_VALUES = 10_000;

  private final Map<String, DeploymentBackendProvider> providers;
  private final References references;
  private final Problems problems;
  private int values;

  BackendSection(
      Map<String, DeploymentBackendProvider> providers, References references, Problems problems) {
    this.providers = providers;
    this.references = references;
    this.problems = problems;
  }

  /** The settings, or null when they cannot be used, which is noted. */
  @Nullable Map<String, Object> read(Section section, String model) {
    int before = problems.count();
    values = 0;
    if (section.node() instanceof MappingNode mapping) {
      Map<String, Object> settings = map(mapping, section.path(), 0);
      section.require("type", "one of " + String.join(", ", providers.keySet()));
      if (problems.count() == before) {
        check(section, model, settings);
        return settings;
      }
    }
    return null;
  }

  private void check(Section section, String model, Map<String, Object> settings) {
    String type = String.valueOf(settings.get("type"));
    DeploymentBackendProvider provider = providers.get(type);
    if (provider == null) {
      String known =
          providers.isEmpty()
              ? "no backend is installed"
              : "one of "
                  + String.join(", ", providers.keySet())
                  + "; nearest: "
                  + Nearest.to(type, providers.keySet());
      section.wrong("type", type + " (expected: " + known + ")");
      return;
    }
    try {
      provider.create(BackendSettings.of(model, settings)).close();
    } catch (SettingException e) {
      problems.add(place(section.node(), e.path()), section.path() + "." + e.getMessage());
    }
  }

  /** The deepest place in the file on the way of {@code path}: the value, else what lacks it. */
  private static Node place(Node node, String path) {
    if (!(node instanceof MappingNode mapping)) {
      return node;
    }
    for (NodeTuple tuple : mapping.getValue()) {
      if (tuple.getKeyNode() instanceof ScalarNode key) {
        if (key.getValue().equals(path)) {
          return tuple.getValueNode();
        }
        if (path.startsWith(key.getValue() + ".")) {
          return place(tuple.getValueNode(), path.substring(key.getValue().length() + 1));
        }
      }
    }
    return node;
  }

  private Map<String, Object> map(MappingNode mapping, String path, int depth) {
    Section section = new Section(mapping, path, references, problems);
    Map<String, Object> map = new LinkedHashMap<>();
    for (String key : section.names()) {
      Node value = section.value(key);
      Object plain = value == null ? null : plain(value, section.at(key), depth);
      if (plain != null) {
        map.put(key, plain);
        if (Section.isSecret(key)) {
          references.secrets().add(plain.toString(), "***");
        }
      }
    }
    return map;
  }

  private @Nullable Object plain(Node node, String path, int depth) {
    if (++values > MAX_VALUES) {
      if (values == MAX_VALUES + 1) {
        problems.add(node, path + ": too many values (expected: at most " + MAX_VALUES + ")");
      }
      return null;
    }
    if (depth == MAX_DEPTH && !(node instanceof ScalarNode)) {
      problems.add(node, path + ": nested too deeply (expected: at most " + MAX_DEPTH + " levels)");
      return null;
    }
    if (node instanceof MappingNode mapping) {
      return map(mapping, path, depth + 1);
    }
    if (node instanceof SequenceNode sequence) {
      List<Object> list = new ArrayList<>();
      for (Node item : sequence.getValue()) {
        Object plain = plain(item, path + "[" + list.size() + "]", depth + 1);
        if (plain != null) {
          list.add(plain);
        }
      }
      return list;
    }
    return Section.text(node, path, "a value", references, problems);
  }
}
