package io.breakwater.examples.demo;

import java.util.Locale;

/** What goes wrong with the canary. */
enum Scenario {
  /** The canary fails requests that lack an optional column: must trip. */
  ERRORS("trip"),
  /** The canary is as good as the stable version: must not trip. */
  GOOD("no trip");

  private final String expected;

  Scenario(String expected) {
    this.expected = expected;
  }

  /** The outcome that makes the scenario a success. */
  String expected() {
    return expected;
  }

  /** The request schema the canary is started with. */
  String canarySchema() {
    return this == ERRORS ? "v2" : "v1";
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
