package io.breakwater.examples.scoring;

/** A request that gets an error as its answer. */
final class HttpProblem extends Exception {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String reason;

  HttpProblem(int status, String message) {
    super(message, null, false, false);
    this.status = status;
    this.reason = message;
  }

  static HttpProblem badRequest(String message) {
    return new HttpProblem(400, message);
  }

  String reason() {
    return reason;
  }

  int status() {
    return status;
  }
}
