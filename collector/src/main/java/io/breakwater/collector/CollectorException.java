package io.breakwater.collector;

/** The collector cannot start; the message says why and what would be right. */
public class CollectorException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Creates one with a message for people. */
  public CollectorException(String message) {
    super(message);
  }

  /** Creates one with a message for people and its cause. */
  public CollectorException(String message, Throwable cause) {
    super(message, cause);
  }
}
