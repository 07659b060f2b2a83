package io.breakwater.engine.policy;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Checks at the door of the policy records. */
final class Checks {
  private Checks() {}

  static void openUnit(String name, double value) {
    if (!(value > 0 && value < 1)) { // also rejects NaN
      throw new IllegalArgumentException(name + ": " + value + " (expected: between 0 and 1)");
    }
  }

  static void share(String name, @Nullable Double value) {
    if (value != null && !(value > 0 && value <= 1)) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: above 0, at most 1)");
    }
  }

  static void positive(String name, Duration value) {
    if (value.isZero() || value.isNegative()) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: > 0)");
    }
  }
}
