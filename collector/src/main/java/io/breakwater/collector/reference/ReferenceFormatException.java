package io.breakwater.collector.reference;

/** A reference file cannot be used; the message says which file, where in it, and what is right. */
public final class ReferenceFormatException extends Exception {
  private static final long serialVersionUID = 1L;

  /** A problem, in the form {@code file: place: what (expected: ...)}. */
  public ReferenceFormatException(String message) {
    super(message);
  }
}
