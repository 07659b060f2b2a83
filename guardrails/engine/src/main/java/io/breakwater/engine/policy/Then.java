package io.breakwater.engine.policy;

/** What a guardrail's breach leads to. */
public enum Then {
  /** The breaker of the version trips, as the model's {@link Mode} allows. */
  TRIP,
  /** People are told; the breaker stays as it is. */
  ALERT
}
