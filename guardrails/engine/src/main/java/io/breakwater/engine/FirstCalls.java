package io.breakwater.engine;

import static java.util.Objects.requireNonNull;

import io.breakwater.signals.BucketIndex;
import io.breakwater.signals.HistogramSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * Durations of the stable version's first warm calls: what "slow" means where a guardrail says
 * {@code slower-than: p99}. They do not change once there are enough, so that a version that slowly
 * gets worse does not move its own yardstick; another stable version starts anew. Immutable.
 *
 * @param version whose calls they are, or null
 * @param durations in seconds
 */
public record FirstCalls(@Nullable String version, HistogramSnapshot durations) {
  /** How many calls it takes. */
  public static final long NEEDED = 2_000;

  /** No calls yet. */
  public static final FirstCalls NONE = new FirstCalls(null, Latency.NONE);

  public FirstCalls {
    requireNonNull(durations, "durations");
  }

  /**
   * Least threshold in seconds: a shorter call is slow for nobody, and its duration is decided by
   * what else the processor does.
   */
  static final double LEAST_SECONDS = 0.001;

  /** Whether there are enough calls. */
  public boolean isComplete() {
    return durations.count() >= NEEDED;
  }

  /**
   * A quantile in seconds, moved up to the end of its bucket: histograms that are at least as fine
   * as these durations then tell exactly how many of their values are above it.
   *
   * @param quantile in (0, 1)
   */
  public double boundAt(double quantile) {
    double value = Math.max(LEAST_SECONDS, durations.quantile(quantile));
    return BucketIndex.ofScale(durations.scale()).upperBound(indexOf(value));
  }

  private int indexOf(double value) {
    return BucketIndex.ofScale(durations.scale()).indexOf(value);
  }

  /** With the warm calls of one more pane, as far as they are wanted. */
  FirstCalls plus(String stable, HistogramSnapshot more) {
    FirstCalls own = stable.equals(version) ? this : new FirstCalls(stable, Latency.NONE);
    return own.isComplete() ? own : new FirstCalls(stable, own.durations.merge(more));
  }
}
