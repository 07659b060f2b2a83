package io.breakwater.agent.core.record;

import static java.util.Objects.requireNonNull;

import io.breakwater.signals.Metric;
import java.util.Objects;

/** A number of each call that has a metric of its own, such as an LLM's tokens. Immutable. */
public final class Measure {
  private final Metric metric;
  private final Labels labels;

  private Measure(Metric metric, Labels labels) {
    this.metric = requireNonNull(metric, "metric");
    this.labels = requireNonNull(labels, "labels");
  }

  /**
   * A measure.
   *
   * @param labels its attributes, beside those of the model
   */
  public static Measure of(Metric metric, Labels labels) {
    return new Measure(metric, labels);
  }

  Metric metric() {
    return metric;
  }

  Labels labels() {
    return labels;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Measure
        && metric.equals(((Measure) other).metric)
        && labels.equals(((Measure) other).labels);
  }

  @Override
  public int hashCode() {
    return Objects.hash(metric, labels);
  }
}
