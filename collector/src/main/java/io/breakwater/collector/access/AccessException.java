package io.breakwater.collector.access;

import static java.util.Objects.requireNonNull;

/** A request is not allowed; says what is wrong and what would be right, and never a secret. */
public final class AccessException extends Exception {
  private static final long serialVersionUID = 1L;

  private final Kind kind;
  private final String expected;

  /** The two ways of not being allowed. */
  public enum Kind {
    /** Nobody knows who asks. */
    UNAUTHENTICATED,
    /** Whoever asks may not. */
    FORBIDDEN
  }

  AccessException(Kind kind, String error, String expected) {
    super(error);
    this.kind = requireNonNull(kind, "kind");
    this.expected = requireNonNull(expected, "expected");
  }

  /** Which way. */
  public Kind kind() {
    return kind;
  }

  /** What is wrong. */
  public String error() {
    return String.valueOf(getMessage());
  }

  /** What would be right. */
  public String expected() {
    return expected;
  }
}
