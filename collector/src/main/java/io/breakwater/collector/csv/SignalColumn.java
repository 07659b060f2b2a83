package io.breakwater.collector.csv;

import static java.util.Objects.requireNonNull;

/**
 * A column and the signal its values are.
 *
 * @param signal as in {@code Pane.Reading}
 * @param column name of the column
 * @param index of the column in its file, from 0
 */
public record SignalColumn(String signal, String column, int index) {
  static final String FEATURE = "feature:";
  static final String CATEGORY = "category:";
  static final String CLASS = "class";
  static final String SCORE = "score";

  public SignalColumn {
    requireNonNull(signal, "signal");
    requireNonNull(column, "column");
  }

  /** Whether the values are classes or categories, not numbers. */
  public boolean isNames() {
    return signal.equals(CLASS) || signal.startsWith(CATEGORY);
  }

  /** Whether the values are scores. */
  public boolean isScore() {
    return signal.equals(SCORE) || signal.startsWith(SCORE + ":");
  }

  /** Whether there is a look every 10 s only, as at features; else every second. */
  public boolean isSlow() {
    return signal.startsWith(FEATURE) || signal.startsWith(CATEGORY);
  }

  SignalColumn asCategory() {
    return new SignalColumn(CATEGORY + signal.substring(FEATURE.length()), column, index);
  }
}
