package io.breakwater.examples.demo;

import java.time.Instant;

/**
 * What a client got for one prediction.
 *
 * @param sentAt when the request was due; it never waits for earlier answers
 * @param at when the answer was there
 * @param status of HTTP, or 0 when there was no answer
 * @param version the version that answered, or empty when unknown
 */
record Answer(Instant sentAt, Instant at, int status, String version) {
  boolean good() {
    return status == 200;
  }

  /** An answer that the canary's bug explains: anything else that is not good is not. */
  boolean badByCanary() {
    return status == 500 && version.equals(Stack.CANARY);
  }
}
