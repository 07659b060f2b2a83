package io.breakwater.collector.intake;

import java.io.IOException;

/** A request holds more data points than are taken at once. */
final class TooManyPointsException extends IOException {
  private static final long serialVersionUID = 1L;

  TooManyPointsException(int most) {
    super("more than " + most + " data points in one request (send them in several)");
  }
}
