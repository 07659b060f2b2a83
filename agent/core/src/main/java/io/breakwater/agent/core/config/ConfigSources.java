package io.breakwater.agent.core.config;

import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** Where settings come from, but for the file that one of them may name. Immutable. */
public final class ConfigSources {
  private final Map<String, String> systemProperties;
  private final Map<String, String> environment;
  private final Map<String, String> agentArguments;

  private ConfigSources(
      Map<String, String> systemProperties,
      Map<String, String> environment,
      Map<String, String> agentArguments) {
    this.systemProperties = systemProperties;
    this.environment = environment;
    this.agentArguments = agentArguments;
  }

  /**
   * Given properties and variables.
   *
   * @param agentArguments what follows {@code =} in {@code -javaagent}: {@code
   *     key=value,key=value}, keys with or without prefix; a part without {@code =} belongs to the
   *     value before it
   */
  public static ConfigSources of(
      Map<String, String> systemProperties,
      Map<String, String> environment,
      @Nullable String agentArguments) {
    return new ConfigSources(
        Map.copyOf(systemProperties), Map.copyOf(environment), parse(agentArguments));
  }

  /** This process's. */
  public static ConfigSources ofProcess(@Nullable String agentArguments) {
    Map<String, String> properties = new HashMap<>();
    Properties system = System.getProperties();
    for (String name : system.stringPropertyNames()) {
      String value = system.getProperty(name);
      if (value != null) {
        properties.put(name, value);
      }
    }
    return new ConfigSources(properties, System.getenv(), parse(agentArguments));
  }

  private static Map<String, String> parse(@Nullable String arguments) {
    Map<String, String> values = new HashMap<>();
    String last = null;
    for (String part : Texts.split(arguments == null ? "" : arguments, ',')) {
      int equals = part.indexOf('=');
      if (equals > 0) {
        String key = part.substring(0, equals).trim();
        last = key.startsWith(ConfigKey.PREFIX) ? key : ConfigKey.PREFIX + key;
        values.put(last, part.substring(equals + 1));
      } else if (last != null) {
        values.put(last, values.get(last) + "," + part);
      } else {
        last = ConfigKey.PREFIX + part.trim();
        values.put(last, "");
      }
    }
    return values;
  }

  Map<String, String> systemProperties() {
    return systemProperties;
  }

  Map<String, String> environment() {
    return environment;
  }

  /** Keys with prefix. */
  Map<String, String> agentArguments() {
    return agentArguments;
  }
}
