package io.breakwater.api;

import org.jspecify.annotations.Nullable;

/**
 * One inference of own code, from {@link Breakwater#inference} to the first of {@link #end()},
 * {@link #fail} and {@link #error}; whatever is called after that has no effect.
 *
 * <p>For one thread at a time. One that is never ended is not recorded.
 */
public interface Inference {
  /**
   * A numeric input. Not a number counts as missing; named again, the last value counts.
   *
   * @param name value of {@code ml.feature.name}
   */
  Inference feature(String name, double value);

  /**
   * A categorical input: counted by value. Null counts as missing.
   *
   * <p>Category values leave the process hashed unless the agent's {@code
   * breakwater.capture.categories} says otherwise.
   *
   * @param name value of {@code ml.feature.name}
   */
  Inference feature(String name, @Nullable String value);

  /** An input that was not there. */
  Inference missing(String name);

  /** The score the model gave; the last one counts. */
  Inference score(double score);

  /**
   * The class the model chose; the last one counts.
   *
   * @param label value of {@code ml.output.class}; few different ones
   */
  Inference label(String label);

  /**
   * Names the prediction, so that {@link Breakwater#feedback} can refer to it; the last one counts.
   *
   * @param predictionId unique among recent predictions of this process, at most 256 characters
   */
  Inference id(String predictionId);

  /** It succeeded: records the call with what was said about it. */
  void end();

  /**
   * It failed: records an error, without inputs or outputs.
   *
   * @param failure its class becomes {@code error.type}
   */
  void fail(Throwable failure);

  /**
   * It failed without an exception: records an error, without inputs or outputs.
   *
   * @param type value of {@code error.type}: a short word, few different ones
   */
  void error(String type);
}
