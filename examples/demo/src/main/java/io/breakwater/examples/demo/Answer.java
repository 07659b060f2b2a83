package io.breakwater.examples.demo;

import java.time.Duration;
import java.time.Instant;

/**
 * What a client got for one prediction.
 *
 * @param sentAt when the request was due; it never waits for earlier answers
 * @param at when the answer was there
 * @param status of HTTP, or 0 when there was no answer
 * @param version the version that answered, or empty when unknown
 * @param score the probability of class 1, or NaN when there is none
 */
record Answer(Instant sentAt, Instant at, int status, String version, double score) {
  private static final String DATA = "\"data\":[";

  /** An answer without a score. */
  Answer(Instant sentAt, Instant at, int status, String version) {
    this(sentAt, at, status, version, Double.NaN);
  }

  /** The score in the answer to a request for one row, or NaN when it has none. */
  static double score(String body) {
    int data = body.indexOf(DATA);
    int comma = body.indexOf(',', data + DATA.length());
    int end = body.indexOf(']', comma + 1);
    try {
      return data < 0 || comma < 0 || end < 0
          ? Double.NaN
          : Double.parseDouble(body.substring(comma + 1, end));
    } catch (NumberFormatException e) {
      return Double.NaN; // of some other shape
    }
  }

  /** How long the client waited. */
  Duration latency() {
    return Duration.between(sentAt, at);
  }

  boolean good() {
    return status == 200;
  }

  /** An answer that the canary's bug explains: anything else that is not good is not. */
  boolean badByCanary() {
    return status == 500 && version.equals(Stack.CANARY);
  }
}
