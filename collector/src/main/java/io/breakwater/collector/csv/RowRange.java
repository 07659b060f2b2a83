package io.breakwater.collector.csv;

/**
 * Some of the rows, counted from 0: {@code first} to {@code end}, which is not in it.
 *
 * @param end {@link Long#MAX_VALUE} for all to the last
 */
public record RowRange(long first, long end) {
  /** Every row. */
  public static final RowRange ALL = new RowRange(0, Long.MAX_VALUE);

  public RowRange {
    if (first < 0 || end <= first) {
      throw new IllegalArgumentException(
          "rows: " + first + ":" + end + " (expected: A:B with 0 <= A < B)");
    }
  }

  /**
   * A range {@code A:B} without B, as in {@code 0:10000}; either may be left out.
   *
   * @throws IllegalArgumentException when it is none
   */
  public static RowRange parse(String text) {
    int colon = text.indexOf(':');
    try {
      String first = text.substring(0, colon);
      String end = text.substring(colon + 1);
      return new RowRange(
          first.isEmpty() ? 0 : Long.parseLong(first),
          end.isEmpty() ? Long.MAX_VALUE : Long.parseLong(end));
    } catch (NumberFormatException | StringIndexOutOfBoundsException e) {
      throw new IllegalArgumentException(
          text + " (expected: A:B, for example 0:10000 for the first 10,000 rows)", e);
    }
  }

  /** Whether a row is in it. */
  public boolean contains(long row) {
    return row >= first && row < end;
  }

  /** How many rows there are in it, of {@code rows} in all. */
  public long count(long rows) {
    return Math.max(0, Math.min(end, rows) - first);
  }

  @Override
  public String toString() {
    return first + ":" + (end == Long.MAX_VALUE ? "" : end);
  }
}
