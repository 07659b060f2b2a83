package io.breakwater.collector.access;

import static java.util.Objects.requireNonNull;

/** A request is not allowed; says what is wrong and what would be right, and never a secret. */
public final class AccessException extends Exception {
  private static final long serialVersionUID = 1L;

  private final Kind kind;
  private final String expected;
  private final long retrySeconds;

  /** The ways of not being allowed. */
  public enum Kind {
    /** Nobody knows who asks. */
    UNAUTHENTICATED,
    /** Whoever asks may not. */
    FORBIDDEN,
    /** Nobody knows who asks, and too many such requests came from there. */
    TOO_MANY
  }

  AccessException(Kind kind, String error, String expected) {
    this(kind, error, expected, 0);
  }

  AccessException(Kind kind, String error, String expected, long retrySeconds) {
    super(error);
    this.retrySeconds = retrySeconds;
    this.kind = requireNonNull(kind, "kind");
    this.expected = requireNonNull(expected, "expected");
  }

  /** In how many seconds to come back; 0 where that does not help. */
  public long retrySeconds() {
    return retrySeconds;
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
