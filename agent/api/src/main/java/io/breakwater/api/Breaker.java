package io.breakwater.api;

/** The circuit breaker of one model's version, as last heard of. Safe for use by many threads. */
public interface Breaker {
  /**
   * Whether the version may take calls. True as long as nothing is known to the contrary: without
   * the agent, without its collector, and unless local enforcement was asked for.
   */
  boolean allows();
}
