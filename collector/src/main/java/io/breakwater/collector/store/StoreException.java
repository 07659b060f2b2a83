package io.breakwater.collector.store;

/** The store cannot be used; the message says which file, why and what would be right. */
public class StoreException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Creates one with a message for people. */
  public StoreException(String message) {
    super(message);
  }

  /** Creates one with a message for people and its cause. */
  public StoreException(String message, Throwable cause) {
    super(message, cause);
  }
}
