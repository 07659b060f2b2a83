package io.breakwater.agent.core.config;

import java.util.Set;

/** Which category values may leave the process, and how. Immutable. */
public final class CategoryPolicy {
  private enum Form {
    HASHED,
    PLAIN,
    OFF
  }

  private final Form usual;
  private final Set<String> plainFeatures;

  private CategoryPolicy(Form usual, Set<String> plainFeatures) {
    this.usual = usual;
    this.plainFeatures = plainFeatures;
  }

  /**
   * {@code hashed}, {@code plain}, {@code off}, or a list of features: those plain, the rest
   * hashed.
   */
  static CategoryPolicy parse(String text) {
    switch (text) {
      case "hashed":
        return new CategoryPolicy(Form.HASHED, Set.of());
      case "plain":
        return new CategoryPolicy(Form.PLAIN, Set.of());
      case "off":
        return new CategoryPolicy(Form.OFF, Set.of());
      default:
        return new CategoryPolicy(Form.HASHED, Set.copyOf(Texts.split(text, ',')));
    }
  }

  /** Whether a feature's categories are counted at all. */
  public boolean isCounted(String feature) {
    return usual != Form.OFF;
  }

  /** Whether a feature's categories leave as they are, not as keyed hashes. */
  public boolean isPlain(String feature) {
    return usual == Form.PLAIN || plainFeatures.contains(feature);
  }
}
