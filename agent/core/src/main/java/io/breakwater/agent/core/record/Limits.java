package io.breakwater.agent.core.record;

/** How much is recorded at most. Immutable. */
public final class Limits {
  /** Most features that can be asked for: a row must fit a record. */
  public static final int MOST_FEATURES = 1_000;

  /** Models, counted by version, of which a process keeps series. */
  static final int MAX_MODELS = 256;

  /** Values of a feature below which an interval is held back. */
  static final int LEAST_PANE = 10;

  /** Characters of a name, label or kind of failure; what is longer is cut. */
  public static final int MOST_CHARS = 256;

  private final int maxFeatures;
  private final int maxCategories;

  private Limits(int maxFeatures, int maxCategories) {
    this.maxFeatures = maxFeatures;
    this.maxCategories = maxCategories;
  }

  /**
   * Limits for each model.
   *
   * @param maxFeatures features with a series of their own, 1 to {@value #MOST_FEATURES}
   * @param maxCategories classes, or categories of a feature, with a counter of their own, at least
   *     1
   */
  public static Limits of(int maxFeatures, int maxCategories) {
    if (maxFeatures < 1 || maxFeatures > MOST_FEATURES) {
      throw new IllegalArgumentException(
          "maxFeatures: " + maxFeatures + " (expected: 1 to " + MOST_FEATURES + ")");
    }
    if (maxCategories < 1) {
      throw new IllegalArgumentException("maxCategories: " + maxCategories + " (expected: >= 1)");
    }
    return new Limits(maxFeatures, maxCategories);
  }

  /** A text of at most {@value #MOST_CHARS} characters: applications name things by documents. */
  public static String shortened(String text) {
    if (text.length() <= MOST_CHARS) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(MOST_CHARS - 1)) ? MOST_CHARS - 1 : MOST_CHARS;
    return text.substring(0, end);
  }

  /** Features of a model with a series of their own. */
  public int maxFeatures() {
    return maxFeatures;
  }

  /** Classes, or categories of a feature, with a counter of their own. */
  public int maxCategories() {
    return maxCategories;
  }
}
