package io.breakwater.agent.core.model;

import io.breakwater.agent.core.record.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the calls of one model are read, value by value. Immutable, safe for use by many threads;
 * must not keep the model alive, and should not allocate.
 *
 * @param <I> what a call was given
 * @param <O> what it answered
 */
public abstract class RowReader<I, O> {
  /** For subclasses. */
  protected RowReader() {}

  /** How many numeric features a row has. */
  public abstract int columns();

  /** What a numeric feature is called where neither configuration nor metadata has a name. */
  public abstract String columnName(int column);

  /** Names of the categorical features. */
  public List<String> categorical() {
    return List.of();
  }

  /** The outputs: one, read as score and class, or several, each a number. None at all is fine. */
  public abstract List<Schema.Output> outputs();

  /** Whether a float does not hold every value. */
  public abstract boolean needsDouble();

  /** Rows of a call. */
  public abstract int rows(I input, O output);

  /** Whether a call has the features that this was made for; if not, only its outputs are read. */
  public abstract boolean fits(I input, O output);

  /** A numeric feature; NaN where it is missing. */
  public abstract double feature(I input, int row, int column);

  /** A categorical feature; null where it is missing. */
  public @Nullable String category(I input, int row, int column) {
    return null;
  }

  /** Numbers that a row of the answer consists of. */
  public abstract int outputColumns(I input, O output);

  /** One of them. */
  public abstract double output(I input, O output, int row, int column);

  /**
   * Number of the predicted class; -1 to take that of the greatest output, where there are more.
   */
  public int predicted(I input, O output, int row) {
    return -1;
  }
}
