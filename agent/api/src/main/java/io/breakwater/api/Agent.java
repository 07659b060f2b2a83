package io.breakwater.api;

/**
 * What the agent puts behind {@link Breakwater}; not for other use. Safe for use by many threads.
 */
public interface Agent {
  /** See {@link Breakwater#inference}. */
  Inference inference(String model, String version);

  /** See {@link Breakwater#breaker}. */
  Breaker breaker(String model, String version);

  /** See {@link Breakwater#feedback}. */
  void feedback(String predictionId, String label);
}
