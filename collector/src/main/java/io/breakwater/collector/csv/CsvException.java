package io.breakwater.collector.csv;

/** A CSV file, or what was asked of it, is wrong; the message is for people and complete. */
public final class CsvException extends Exception {
  private static final long serialVersionUID = 1L;

  /** A problem: {@code file:line:column: what (expected: ...)}. */
  public CsvException(String message) {
    super(message);
  }
}
