package io.breakwater.examples.router;

/** A request that is answered with an error status and a reason for the person who sent it. */
final class HttpException extends Exception {
  private static final long serialVersionUID = 1L;
  private final int status;

  HttpException(int status, String reason) {
    super(reason);
    this.status = status;
  }

  int status() {
    return status;
  }
}
