package io.breakwater.agent.core.config;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Finds settings in their sources: system property, then environment, then file, then agent
 * argument; and tells which keys there nobody knows.
 */
final class Settings {
  /** What keys about one model begin with; they stand in the file only. */
  private static final String MODEL_RULE = ConfigKey.PREFIX + "model.";

  private final ConfigSources sources;
  private final Map<String, String> file;
  private final String fileName;
  private final List<String> warnings;

  private Settings(
      ConfigSources sources, Map<String, String> file, String fileName, List<String> warnings) {
    this.sources = sources;
    this.file = file;
    this.fileName = fileName;
    this.warnings = warnings;
  }

  /** Reads the file, if one is named; what is wrong with it is added to the warnings. */
  static Settings open(ConfigSources sources, List<String> warnings) {
    Settings withoutFile = new Settings(sources, Map.of(), "", warnings);
    Setting named = withoutFile.find(ConfigKey.CONFIG);
    if (named == null) {
      return withoutFile;
    }
    return new Settings(sources, read(named, warnings), named.text(), warnings);
  }

  private static Map<String, String> read(Setting named, List<String> warnings) {
    Properties properties = new Properties();
    try {
      properties.load(new StringReader(SmallFile.text(Path.of(named.text()))));
    } catch (IOException | IllegalArgumentException e) { // also a path that cannot be one
      warnings.add(
          named.name()
              + ": "
              + named.text()
              + " cannot be read, going on without it ("
              + e.getClass().getSimpleName()
              + "; expected: a properties file in UTF-8 of at most 1 MiB)");
    }
    Map<String, String> values = new HashMap<>();
    for (String name : properties.stringPropertyNames()) {
      String value = properties.getProperty(name);
      if (value != null) {
        values.put(name, value);
      }
    }
    return values;
  }

  /** The winning setting of a key; null if it is set nowhere or to nothing. */
  @Nullable Setting find(ConfigKey key) {
    String property = sources.systemProperties().get(key.key());
    if (property != null && !property.isBlank()) {
      return new Setting(key.key(), property.trim(), "system property");
    }
    String variable = sources.environment().get(key.environmentName());
    if (variable != null && !variable.isBlank()) {
      return new Setting(key.environmentName(), variable.trim(), "environment");
    }
    String line = file.get(key.key());
    if (line != null && !line.isBlank()) {
      return new Setting(key.key(), line.trim(), fileName);
    }
    String argument = sources.agentArguments().get(key.key());
    return argument != null && !argument.isBlank()
        ? new Setting(key.key(), argument.trim(), "agent argument")
        : null;
  }

  /** The models that the file has rules for, by their own names. */
  Set<String> ruledModels() {
    Set<String> models = new TreeSet<>();
    for (String key : file.keySet()) {
      String model = ruledModel(key);
      if (model != null) {
        models.add(model);
      }
    }
    return models;
  }

  /** What the file says of one model under {@code breakwater.model.MODEL.what}. */
  @Nullable Setting ofModel(String model, String what) {
    String key = MODEL_RULE + model + "." + what;
    String line = file.get(key);
    return line == null || line.isBlank() ? null : new Setting(key, line.trim(), fileName);
  }

  /** The model in {@code breakwater.model.MODEL.version}; null where there is none. */
  private static @Nullable String ruledModel(String key) {
    int last = key.lastIndexOf('.');
    if (!key.startsWith(MODEL_RULE) || last <= MODEL_RULE.length()) {
      return null;
    }
    String what = key.substring(last + 1);
    boolean known = what.equals("name") || what.equals("version") || what.equals("features");
    return known ? key.substring(MODEL_RULE.length(), last) : null;
  }

  /** A variable of OpenTelemetry's; its system property, as in OpenTelemetry Java, comes first. */
  @Nullable Setting findOpenTelemetry(String variable) {
    String name = variable.toLowerCase(Locale.ROOT).replace('_', '.');
    String property = sources.systemProperties().get(name);
    if (property != null && !property.isBlank()) {
      return new Setting(name, property.trim(), "system property");
    }
    String value = sources.environment().get(variable);
    return value != null && !value.isBlank()
        ? new Setting(variable, value.trim(), "environment")
        : null;
  }

  /** Adds one warning that names every unknown key, if there is one. */
  void warnOfUnknownKeys() {
    Collection<String> unknown = new TreeSet<>();
    addUnknown(sources.systemProperties().keySet(), ConfigKey.PREFIX, unknown);
    Set<String> ofFile = new TreeSet<>();
    for (String name : file.keySet()) {
      if (ruledModel(name) == null) {
        ofFile.add(name);
      }
    }
    addUnknown(ofFile, "", unknown);
    addUnknown(sources.agentArguments().keySet(), "", unknown);
    for (String name : sources.environment().keySet()) {
      if (name.startsWith(ConfigKey.ENVIRONMENT_PREFIX) && ConfigKey.ofEnvironment(name) == null) {
        String asKey = name.toLowerCase(Locale.ROOT).replace('_', '.');
        unknown.add(name + " (nearest: " + ConfigKey.nearest(asKey).environmentName() + ")");
      }
    }
    if (!unknown.isEmpty()) {
      warnings.add("unknown settings are ignored: " + String.join(", ", unknown));
    }
  }

  private static void addUnknown(
      Collection<String> names, String prefix, Collection<String> unknown) {
    for (String name : names) {
      if (name.startsWith(prefix)
          && (ConfigKey.of(name) == null || !name.startsWith(ConfigKey.PREFIX))) {
        unknown.add(name + " (nearest: " + ConfigKey.nearest(name).key() + ")");
      }
    }
  }

  /** Adds one warning that names the keys that are set but do nothing in this release. */
  void warnOfKeysWithoutEffect() {
    List<String> set = new ArrayList<>();
    for (ConfigKey key : ConfigKey.values()) {
      Setting setting = key.isWithoutEffect() ? find(key) : null;
      if (setting != null && !setting.text().equals(key.defaultText())) {
        set.add(key.key());
      }
    }
    if (!set.isEmpty()) {
      warnings.add(
          String.join(", ", set) + (set.size() == 1 ? " has" : " have") + " no effect yet");
    }
  }
}
