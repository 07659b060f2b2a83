package io.breakwater.engine.backend;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The {@code backend:} section of one model: strings, numbers, booleans, lists and maps as the
 * guardrail file has them, secrets already resolved. A setting nobody asked for is an error, see
 * {@link #rejectUnknown}.
 */
public final class BackendSettings {
  private final String model;
  private final Map<String, Object> values;
  private final AddressRule addresses;
  private final Set<String> asked = new TreeSet<>(List.of("type"));

  private BackendSettings(String model, Map<String, Object> values, AddressRule addresses) {
    this.model = requireNonNull(model, "model");
    this.addresses = requireNonNull(addresses, "addresses");
    this.values = new LinkedHashMap<>(values);
  }

  /** Settings of the backend of {@code model}, with the strict rule for addresses. */
  public static BackendSettings of(String model, Map<String, Object> values) {
    return of(model, values, AddressRule.STRICT);
  }

  /** Settings of the backend of {@code model}. */
  public static BackendSettings of(
      String model, Map<String, Object> values, AddressRule addresses) {
    return new BackendSettings(model, values, addresses);
  }

  /** The model whose traffic is moved. */
  public String model() {
    return model;
  }

  /** Which addresses may be connected to; a backend asks at every connection. */
  public AddressRule addresses() {
    return addresses;
  }

  /** A setting that must be there. */
  public String string(String key) {
    String value = string(key, null);
    if (value == null) {
      throw new SettingException(key, "missing (expected: a text)");
    }
    return value;
  }

  /** A setting that may be absent. */
  public @Nullable String string(String key, @Nullable String absent) {
    asked.add(key);
    Object value = values.get(key);
    if (value == null) {
      return absent;
    }
    if (value instanceof Map || value instanceof List) {
      throw new SettingException(key, "a " + kind(value) + " (expected: a text)");
    }
    return value.toString();
  }

  /** A map of texts that must be there and not be empty, in file order. */
  public Map<String, String> strings(String key) {
    asked.add(key);
    Object value = values.get(key);
    if (!(value instanceof Map<?, ?> map) || map.isEmpty()) {
      throw new SettingException(
          key, (value == null ? "missing" : "a " + kind(value)) + " (expected: a map of texts)");
    }
    Map<String, String> texts = new LinkedHashMap<>();
    map.forEach(
        (k, v) -> {
          if (v instanceof Map || v instanceof List || v == null) {
            throw new SettingException(key + "." + k, "not a text (expected: a text)");
          }
          texts.put(String.valueOf(k), v.toString());
        });
    return texts;
  }

  /** Fails when the section has a setting that was never asked for. */
  public void rejectUnknown() {
    List<String> unknown = new ArrayList<>(values.keySet());
    unknown.removeAll(asked);
    if (!unknown.isEmpty()) {
      throw new SettingException(unknown.get(0), "unknown setting (known: " + asked + ")");
    }
  }

  private static String kind(Object value) {
    return value instanceof Map ? "map" : value instanceof List ? "list" : "single value";
  }
}
