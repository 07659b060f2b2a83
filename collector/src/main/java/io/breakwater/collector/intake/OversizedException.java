package io.breakwater.collector.intake;

import java.io.IOException;

/** A request is larger than allowed, by bytes or by points; the message says by which. */
final class OversizedException extends IOException {
  private static final long serialVersionUID = 1L;

  private OversizedException(String message) {
    super(message);
  }

  static OversizedException bytes(int most) {
    return new OversizedException("the body is larger than " + most + " bytes when unpacked");
  }

  static OversizedException points(int most) {
    return new OversizedException(
        "more than " + most + " data points in one request (send them in several)");
  }
}
