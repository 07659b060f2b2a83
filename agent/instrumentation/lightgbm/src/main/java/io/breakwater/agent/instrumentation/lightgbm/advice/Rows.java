package io.breakwater.agent.instrumentation.lightgbm.advice;

import com.microsoft.ml.lightgbm.PredictionType;
import org.jspecify.annotations.Nullable;

/** The rows that a call is made with. */
final class Rows {
  private final Object values;
  private final int rows;
  private final int columns;
  private final boolean rowMajor;
  private final boolean raw;

  private Rows(Object values, int rows, int columns, boolean rowMajor, boolean raw) {
    this.values = values;
    this.rows = rows;
    this.columns = columns;
    this.rowMajor = rowMajor;
    this.raw = raw;
  }

  /**
   * Rows of a matrix.
   *
   * @param values floats or doubles
   * @param kind the library's kind of prediction
   */
  static Rows of(Object values, int rows, int columns, boolean rowMajor, Object kind) {
    return new Rows(values, rows, columns, rowMajor, kind != PredictionType.C_API_PREDICT_NORMAL);
  }

  /** Whether a kind of prediction says what the model thinks, not how it came to think so. */
  static boolean isPrediction(@Nullable Object kind) {
    return kind == PredictionType.C_API_PREDICT_NORMAL
        || kind == PredictionType.C_API_PREDICT_RAW_SCORE;
  }

  int rows() {
    return rows;
  }

  int columns() {
    return columns;
  }

  boolean areAskedForRawScores() {
    return raw;
  }

  double at(int row, int column) {
    int at = rowMajor ? row * columns + column : column * rows + row;
    return values instanceof float[] ? ((float[]) values)[at] : ((double[]) values)[at];
  }
}
