package io.breakwater.collector.config;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What must not be shown: the values that references such as <code>${env:NAME}</code> led to, and
 * those of keys that hold secrets. Texts that may hold one, such as what a target answered, pass
 * {@link #hide} before they are logged, recorded or answered. Immutable.
 */
public final class Secrets {
  /** There are none. */
  public static final Secrets NONE = new Secrets(Map.of());

  /** Shorter texts are no secrets, and would tear holes into every message. */
  private static final int SHORTEST = 5;

  private final List<Map.Entry<String, String>> shownAs;

  private Secrets(Map<String, String> shownAs) {
    this.shownAs =
        shownAs.entrySet().stream()
            .map(entry -> Map.entry(entry.getKey(), entry.getValue()))
            .sorted(Comparator.comparingInt(entry -> -entry.getKey().length()))
            .toList();
  }

  /** The text with every secret in it replaced by the reference to it, or by {@code ***}. */
  public String hide(String text) {
    String hidden = text;
    for (Map.Entry<String, String> entry : shownAs) {
      hidden = hidden.replace(entry.getKey(), entry.getValue());
    }
    return hidden;
  }

  @Override
  public String toString() {
    return "Secrets[" + shownAs.size() + "]";
  }

  /** Gathers them while a file is read. Used by one thread. */
  static final class Gathered {
    private final Map<String, String> shownAs = new HashMap<>();

    /** Has {@code value} shown as {@code instead} from now on. */
    void add(String value, String instead) {
      if (value.length() >= SHORTEST) {
        shownAs.putIfAbsent(value, instead);
      }
    }

    Secrets all() {
      return new Secrets(shownAs);
    }
  }
}
