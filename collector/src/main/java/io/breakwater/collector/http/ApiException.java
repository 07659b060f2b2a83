package io.breakwater.collector.http;

import com.linecorp.armeria.common.HttpStatus;
import org.jspecify.annotations.Nullable;

/** A request that is answered with an error. */
final class ApiException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient HttpStatus status;
  private final String expected;
  private final long retrySeconds;

  /**
   * Creates one.
   *
   * @param error what is wrong
   * @param expected what would be right
   */
  ApiException(HttpStatus status, String error, String expected) {
    this(status, error, expected, null, 0);
  }

  ApiException(HttpStatus status, String error, String expected, @Nullable Throwable cause) {
    this(status, error, expected, cause, 0);
  }

  /**
   * Creates one.
   *
   * @param retrySeconds in how many seconds to come back; 0 where that does not help
   */
  ApiException(
      HttpStatus status,
      String error,
      String expected,
      @Nullable Throwable cause,
      long retrySeconds) {
    super(error, cause);
    this.retrySeconds = retrySeconds;
    this.status = status;
    this.expected = expected;
  }

  HttpStatus status() {
    return status;
  }

  String error() {
    return String.valueOf(getMessage());
  }

  long retrySeconds() {
    return retrySeconds;
  }

  String expected() {
    return expected;
  }
}
