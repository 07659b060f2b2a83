package io.breakwater.collector.intake;

import static java.util.Objects.requireNonNull;

import io.breakwater.signals.HistogramSnapshot;
import org.jspecify.annotations.Nullable;

/** One received data point, reduced to what lanes need. Immutable. */
public sealed interface Point {
  /** {@code service.instance.id} of the sender; empty when the sender gave none. */
  String instance();

  /** A sign of life. */
  record Beat(String instance) implements Point {
    public Beat {
      requireNonNull(instance, "instance");
    }
  }

  /** A point about one version of a model. */
  sealed interface OfModel extends Point {
    /** Name of the model. */
    String model();

    /** Version of the model. */
    String version();
  }

  /**
   * Calls that ended within one interval.
   *
   * @param errorType class of the failure; null when the calls succeeded
   * @param traffic kind of traffic, see {@link Traffic}
   * @param durations durations in seconds, or null when the sender gave no buckets
   */
  record Calls(
      String instance,
      String model,
      String version,
      @Nullable String errorType,
      Traffic traffic,
      long count,
      @Nullable HistogramSnapshot durations)
      implements OfModel {
    /** The same calls, whose durations are not known. */
    public Calls withoutDurations() {
      return new Calls(instance, model, version, errorType, traffic, count, null);
    }
  }

  /**
   * A point about live rows of one signal of a version. Signals are named as guardrails name them:
   * {@code score}, {@code score:OUTPUT}, {@code class}, {@code feature:NAME}, {@code
   * category:NAME}.
   */
  sealed interface OfSignal extends OfModel {
    /** The signal's name. */
    String signal();
  }

  /**
   * Numbers within one interval.
   *
   * @param complement whether they are one less each score, see {@code
   *     ml.inference.score.complement}
   */
  record Values(
      String instance,
      String model,
      String version,
      String signal,
      boolean complement,
      HistogramSnapshot values)
      implements OfSignal {}

  /**
   * Numbers outside the sender's window, within one interval.
   *
   * @param complement whether the window is that of the scores' complements
   * @param low true: at most {@code bound}; false: above it
   */
  record Outside(
      String instance,
      String model,
      String version,
      String signal,
      boolean complement,
      boolean low,
      double bound,
      long count)
      implements OfSignal {}

  /**
   * Rows without a value within one interval.
   *
   * @param signal {@code score...}, or {@code feature:NAME} for a categorical feature too: the
   *     sender does not say which it is
   */
  record Missing(String instance, String model, String version, String signal, long count)
      implements OfSignal {}

  /**
   * Rows of one class or category within one interval.
   *
   * @param name of the class or category
   */
  record Named(
      String instance, String model, String version, String signal, String name, long count)
      implements OfSignal {}

  /** Anything else the catalogue names: taken and counted, and not looked at. */
  record Other(String instance) implements Point {}

  /** Whose calls they are. */
  enum Traffic {
    /** Users' calls: the only ones that are judged. */
    LIVE,
    /** Copied calls, probes and calls a local breaker refused. */
    OTHER
  }
}
