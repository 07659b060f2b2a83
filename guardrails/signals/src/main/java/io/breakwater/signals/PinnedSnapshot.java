package io.breakwater.signals;

/**
 * What a {@link PinnedHistogram} saw in one interval: the histogram of the values inside its window
 * and counts of those outside. Immutable.
 *
 * <p>The histogram knows no least and greatest value: single feature values stay in the process.
 */
public final class PinnedSnapshot {
  private final HistogramSnapshot histogram;
  private final boolean pinned;
  private final long low;
  private final double lowBound;
  private final long high;
  private final double highBound;
  private final long missing;

  PinnedSnapshot(
      HistogramSnapshot histogram,
      boolean pinned,
      long low,
      double lowBound,
      long high,
      double highBound,
      long missing) {
    this.histogram = histogram;
    this.pinned = pinned;
    this.low = low;
    this.lowBound = lowBound;
    this.high = high;
    this.highBound = highBound;
    this.missing = missing;
  }

  /** The values inside the window. */
  public HistogramSnapshot histogram() {
    return histogram;
  }

  /** Whether scale and window were fixed; if not, the histogram found its scale by itself. */
  public boolean isPinned() {
    return pinned;
  }

  /** Values below the window: at most {@link #lowBound()}. */
  public long low() {
    return low;
  }

  /** Lower end of the window; negative infinity while not pinned. */
  public double lowBound() {
    return lowBound;
  }

  /** Values above the window: greater than {@link #highBound()}. */
  public long high() {
    return high;
  }

  /** Upper end of the window; the greatest double while not pinned. */
  public double highBound() {
    return highBound;
  }

  /** Values that were NaN. */
  public long missing() {
    return missing;
  }

  /** Values inside and outside the window, without the missing. */
  public long count() {
    return low + histogram.count() + high;
  }

  /**
   * How many of {@link #count()} values are at most {@code edge}; as {@link
   * HistogramSnapshot#countAtOrBelow}, with the values outside the window added on their side.
   * Exact at both ends of the window; beyond them the values outside are in doubt.
   */
  public CountRange countAtOrBelow(double edge) {
    CountRange inside = histogram.countAtOrBelow(edge);
    long surelyLow = edge >= lowBound ? low : 0;
    long maybeHigh = edge > highBound ? high : 0;
    return new CountRange(inside.lower() + surelyLow, inside.upper() + low + maybeHigh);
  }

  @Override
  public String toString() {
    return "PinnedSnapshot{"
        + (pinned ? "pinned" : "learning")
        + ", "
        + low
        + " up to "
        + lowBound
        + ", "
        + high
        + " above "
        + highBound
        + ", missing="
        + missing
        + ", "
        + histogram
        + "}";
  }
}
