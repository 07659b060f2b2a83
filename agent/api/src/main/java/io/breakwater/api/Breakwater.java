package io.breakwater.api;

import static java.util.Objects.requireNonNull;

/**
 * The way from own code to the Breakwater agent of this JVM.
 *
 * <pre>{@code
 * Inference inference = Breakwater.inference("credit", "3");
 * try {
 *   double score = score(application);
 *   inference.feature("age", application.age()).score(score).end();
 * } catch (RuntimeException e) {
 *   inference.fail(e);
 *   throw e;
 * }
 * }</pre>
 *
 * <p>Without the agent nothing is recorded, nothing is allocated and every breaker is closed. With
 * or without it, nothing here throws but for a null argument. Safe for use by many threads.
 */
public final class Breakwater {
  private static final Agent AGENT = findAgent();

  private Breakwater() {}

  /**
   * Begins an inference: its duration counts from now until it is ended on any thread.
   *
   * <p>Calls that the agent sees by itself on this thread before then, for example of ONNX Runtime,
   * are part of it: they supply the features of their tensors, while model, duration, errors, score
   * and label are those of this inference.
   *
   * @param model the model's name, value of {@code ml.model.name}
   * @param version the model's version, value of {@code ml.model.version}
   */
  public static Inference inference(String model, String version) {
    return AGENT.inference(requireNonNull(model, "model"), requireNonNull(version, "version"));
  }

  /** The circuit breaker of a model's version. */
  public static Breaker breaker(String model, String version) {
    return AGENT.breaker(requireNonNull(model, "model"), requireNonNull(version, "version"));
  }

  /**
   * Tells what turned out to be true of a prediction, so that right and wrong ones are counted
   * ({@code ml.inference.outcome}). Once per prediction; for one that was named by {@link
   * Inference#id} in this process and had a {@linkplain Inference#label label}. The latest 10,000
   * such predictions are remembered; feedback on others is counted as dropped.
   *
   * @param predictionId as given to {@link Inference#id}
   * @param label the true label, in the words of {@link Inference#label}
   */
  public static void feedback(String predictionId, String label) {
    AGENT.feedback(requireNonNull(predictionId, "predictionId"), requireNonNull(label, "label"));
  }

  private static Agent findAgent() {
    Agent[] found = {NoAgent.INSTANCE};
    connect(found);
    return found[0];
  }

  /** The agent, if there is one, sees this call and puts itself into the array. */
  @SuppressWarnings("UnusedVariable")
  private static void connect(Agent[] found) {}
}
