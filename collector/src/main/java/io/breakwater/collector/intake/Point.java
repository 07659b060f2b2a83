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
   * @param durations durations in seconds, or null when the sender's buckets are not exponential
   */
  record Calls(
      String instance,
      String model,
      String version,
      @Nullable String errorType,
      Traffic traffic,
      long count,
      @Nullable HistogramSnapshot durations)
      implements OfModel {}

  /** Scores of one output within one interval. */
  record Scores(
      String instance, String model, String version, String output, HistogramSnapshot values)
      implements OfModel {}

  /** Anything else the catalogue names: taken and counted, not looked at by this version. */
  record Other(String instance) implements Point {}

  /** Whose calls they are. */
  enum Traffic {
    /** Users' calls: the only ones that are judged. */
    LIVE,
    /** Copied calls, probes and calls a local breaker refused. */
    OTHER
  }
}
