package io.breakwater.collector.http;

import com.linecorp.armeria.common.HttpStatus;
import org.jspecify.annotations.Nullable;

/** A request that is answered with an error. */
final class ApiException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient HttpStatus status;
  private final String expected;

  /**
   * Creates one.
   *
   * @param error what is wrong
   * @param expected what would be right
   */
  ApiException(HttpStatus status, String error, String expected) {
    this(status, error, expected, null);
  }

  ApiException(HttpStatus status, String error, String expected, @Nullable Throwable cause) {
    super(error, cause);
    this.status = status;
    this.expected = expected;
  }

  HttpStatus status() {
    return status;
  }

  String error() {
    return String.valueOf(getMessage());
  }

  String expected() {
    return expected;
  }
}
