package io.breakwater.agent.instrumentation.xgboost.advice;

import org.jspecify.annotations.Nullable;

/** The rows that a call is made with. */
final class Rows {
  private final float @Nullable [] values;
  private final int columns;
  private final float missing;
  private final boolean margin;

  private Rows(float @Nullable [] values, int columns, float missing, boolean margin) {
    this.values = values;
    this.columns = columns;
    this.missing = missing;
    this.margin = margin;
  }

  /**
   * Rows one after the other.
   *
   * @param missing stands for a value that is missing, as NaN always does
   * @param margin whether the answer is margins, not predictions
   */
  static Rows of(float[] values, int columns, float missing, boolean margin) {
    return new Rows(values, columns, missing, margin);
  }

  /** Rows whose values are not known. */
  static Rows unknown(boolean margin) {
    return new Rows(null, 0, Float.NaN, margin);
  }

  boolean areKnown(int rows, int expectedColumns) {
    return values != null && columns == expectedColumns && values.length >= (long) rows * columns;
  }

  boolean areMargins() {
    return margin;
  }

  double at(int row, int column) {
    float value = values == null ? Float.NaN : values[row * columns + column];
    return value == missing ? Double.NaN : value;
  }
}
