package io.breakwater.agent.core.record;

import static java.util.Objects.requireNonNull;

import io.breakwater.signals.Attributes;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A categorical feature and the numbers that stand for its values in records.
 *
 * <p>Beyond the limit of categories all new values have one number, and count as {@code other}.
 * Safe for use by many threads; a value that is known costs one look-up.
 */
public final class CategoricalFeature {
  private final String name;
  private final CategoryNames names;
  private final int limit;
  private final ConcurrentMap<String, Integer> codes = new ConcurrentHashMap<>();
  private final List<String> categories = new CopyOnWriteArrayList<>();

  private CategoricalFeature(String name, CategoryNames names, int limit) {
    this.name = Limits.shortened(requireNonNull(name, "name"));
    this.names = requireNonNull(names, "names");
    this.limit = limit;
  }

  /** A feature of which no value has been seen. */
  public static CategoricalFeature of(String name, CaptureRules rules) {
    return new CategoricalFeature(name, rules.categories(), rules.limits().maxCategories());
  }

  /** Value of {@code ml.feature.name}. */
  public String name() {
    return name;
  }

  /** The number of a value, from 0. */
  public int code(String value) {
    Integer known = codes.get(value);
    if (known != null) {
      return known;
    }
    if (value.length() > Limits.MOST_CHARS) {
      return code(Limits.shortened(value));
    }
    return categories.size() < limit ? newCode(value) : limit;
  }

  private synchronized int newCode(String value) {
    Integer known = codes.get(value);
    if (known != null) {
      return known;
    }
    int code = categories.size();
    if (code < limit) {
      categories.add(names.name(name, value));
      codes.put(value, code);
    }
    return code;
  }

  /** What a number stands for outside the process. */
  String category(int code) {
    return code >= 0 && code < categories.size() ? categories.get(code) : Attributes.OTHER;
  }
}
