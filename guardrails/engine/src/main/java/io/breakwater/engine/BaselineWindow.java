package io.breakwater.engine;

import static java.util.Objects.requireNonNull;

import io.breakwater.signals.BucketIndex;
import io.breakwater.signals.HistogramSnapshot;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Durations of the stable version's recent warm calls: what "slow" means where a guardrail says
 * {@code slower-than: p99}. A window is full with 2,000 calls, later ones also take 10 s at least;
 * of the last two full ones the faster counts, so that the threshold is known before each call it
 * judges and one disturbed window raises it for nobody. Another stable version starts anew.
 * Immutable.
 *
 * @param version whose calls they are, or null
 * @param before durations of the full window before the last in seconds, empty when there was none
 * @param full durations of the last full window in seconds, empty when there was none
 * @param filling durations of the next window so far
 * @param begun when the next window began; null before the first call
 */
public record BaselineWindow(
    @Nullable String version,
    HistogramSnapshot before,
    HistogramSnapshot full,
    HistogramSnapshot filling,
    @Nullable Instant begun) {
  /** How many calls a window has at least. */
  public static final long CALLS = 2_000;

  /** How long a window is at least, but for the first. */
  static final Duration LENGTH = Duration.ofSeconds(10);

  /**
   * Least threshold in seconds: a shorter call is slow for nobody, and its duration is decided by
   * what else the processor does.
   */
  static final double LEAST_SECONDS = 0.001;

  /** No calls yet. */
  public static final BaselineWindow NONE =
      new BaselineWindow(null, Latency.NONE, Latency.NONE, Latency.NONE, null);

  public BaselineWindow {
    requireNonNull(before, "before");
    requireNonNull(full, "full");
    requireNonNull(filling, "filling");
  }

  /** Whether there is a full window. */
  public boolean isKnown() {
    return !full.isEmpty();
  }

  /**
   * The lesser quantile of the last two full windows in seconds, moved up to the end of its bucket:
   * histograms that are at least as fine as these durations then tell exactly how many of their
   * values are above it.
   *
   * @param quantile in (0, 1)
   */
  public double boundAt(double quantile) {
    double last = boundAt(full, quantile);
    return before.isEmpty() ? last : Math.min(last, boundAt(before, quantile));
  }

  private static double boundAt(HistogramSnapshot window, double quantile) {
    BucketIndex buckets = BucketIndex.ofScale(window.scale());
    double value = Math.max(LEAST_SECONDS, window.quantile(quantile));
    return buckets.upperBound(buckets.indexOf(value));
  }

  /** With the warm calls of one more pane of the stable version. */
  BaselineWindow plus(String stable, HistogramSnapshot more, Pane pane) {
    if (!stable.equals(version)) {
      return new BaselineWindow(stable, Latency.NONE, Latency.NONE, Latency.NONE, pane.start())
          .plus(stable, more, pane);
    }
    HistogramSnapshot calls = filling.merge(more);
    boolean longEnough = !isKnown() || begun == null || !pane.end().isBefore(begun.plus(LENGTH));
    return calls.count() >= CALLS && longEnough
        ? new BaselineWindow(stable, full, calls, Latency.NONE, pane.end())
        : new BaselineWindow(stable, before, full, calls, begun);
  }
}
