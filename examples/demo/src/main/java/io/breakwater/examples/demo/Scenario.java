package io.breakwater.examples.demo;

import java.util.Locale;

/** What goes wrong with the canary. */
enum Scenario {
  /** The canary fails requests that lack an optional column: must trip. */
  ERRORS("trip", "errors", "bad", ""),
  /** A far heavier build of the canary's model is loaded, as good but slow: must trip. */
  LATENCY("trip", "duration", "slow", "-ensemble"),
  /** A build is loaded whose feature code scales a feature wrongly: must trip. */
  DRIFT("trip", "score", "skewed", ""),
  /** The canary is as good as the stable version: must not trip. */
  GOOD("no trip", "", "bad", "");

  private final String expected;
  private final String signal;
  private final String adjective;
  private final String kind;

  Scenario(String expected, String signal, String adjective, String kind) {
    this.expected = expected;
    this.signal = signal;
    this.adjective = adjective;
    this.kind = kind;
  }

  /** The outcome that makes the scenario a success. */
  String expected() {
    return expected;
  }

  /** Whether the canary must be taken out of traffic. */
  boolean mustTrip() {
    return this != GOOD;
  }

  /** The signal that must show it. */
  String signal() {
    return signal;
  }

  /** What to call an answer that the canary should not have given. */
  String adjective() {
    return adjective;
  }

  /** Whether the canary goes bad by a build that is loaded; else by the requests it gets. */
  boolean loadsBadBuild() {
    return this == LATENCY || this == DRIFT;
  }

  /** Which of the scoring server's models a version starts with. */
  String model(String version) {
    return version + kind;
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
