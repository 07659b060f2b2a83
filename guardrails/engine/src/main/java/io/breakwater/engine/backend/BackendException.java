package io.breakwater.engine.backend;

/** A target could not be read or changed; the message says which, why, and what to look at. */
public class BackendException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Creates one with a message for people. */
  public BackendException(String message) {
    super(message);
  }

  /** Creates one with a message for people and its cause. */
  public BackendException(String message, Throwable cause) {
    super(message, cause);
  }
}
