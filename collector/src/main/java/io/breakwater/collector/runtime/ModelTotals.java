package io.breakwater.collector.runtime;

import io.breakwater.collector.intake.Point;
import io.breakwater.engine.Distribution;
import io.breakwater.engine.Pane;
import io.breakwater.signals.ExponentialHistogram;
import io.breakwater.signals.HistogramSnapshot;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/**
 * What was received of one model since the collector started, by version: for the metrics page.
 *
 * <p>Versions are limited: when there are more, the one that has been silent longest makes room if
 * that is ten minutes or more, else the newcomer is refused. At most {@value #MAX_OUTPUTS} outputs
 * and {@value #MAX_ERROR_TYPES} error types each, further ones as {@code other}: 25 kB a version at
 * most. Safe for use by many threads.
 */
public final class ModelTotals {
  private static final int MAX_ERROR_TYPES = 32;
  private static final int MAX_OUTPUTS = 8;
  private static final int SCORE_SCALE = 5;
  private static final long SILENCE_NANOS = 600_000_000_000L;
  private static final String OTHER = "other";
  private static final String SCORE = "score";

  private final String model;
  private final IntSupplier mostVersions;
  private final LongSupplier nanoTime;
  private final Map<String, VersionTotals> versions = new LinkedHashMap<>();

  ModelTotals(String model, IntSupplier mostVersions, LongSupplier nanoTime) {
    this.model = model;
    this.mostVersions = mostVersions;
    this.nanoTime = nanoTime;
  }

  /** Name of the model. */
  public String model() {
    return model;
  }

  /** The totals of every version, as they are now. */
  public synchronized List<Totals> read() {
    return versions.entrySet().stream().map(e -> e.getValue().read(e.getKey())).toList();
  }

  /**
   * Totals of one version, live calls only.
   *
   * @param calls calls that ended, failures included
   * @param errorTypes failures by {@code error.type}
   * @param durations durations in seconds of all calls that came with exponential buckets
   * @param scores scores by output
   */
  public record Totals(
      String version,
      long calls,
      Map<String, Long> errorTypes,
      HistogramSnapshot durations,
      Map<String, HistogramSnapshot> scores) {}

  /** Adds a point; false when there is no room for its version. */
  synchronized boolean add(Point.OfModel point) {
    VersionTotals totals = versions.get(point.version());
    if (totals == null) {
      if (versions.size() >= mostVersions.getAsInt() && !makeRoom()) {
        return false;
      }
      totals = new VersionTotals();
      versions.put(point.version(), totals);
    }
    totals.lastNanos = nanoTime.getAsLong();
    if (point instanceof Point.Calls calls && calls.traffic() == Point.Traffic.LIVE) {
      totals.add(calls);
    }
    return true;
  }

  /** Adds the scores of a look; those of a version without room are left out. */
  synchronized void add(Pane.Reading reading) {
    if (!reading.signal().startsWith(SCORE)
        || !(reading.values() instanceof Distribution.Numbers numbers)) {
      return;
    }
    VersionTotals totals = versions.get(reading.version());
    if (totals == null && (versions.size() < mostVersions.getAsInt() || makeRoom())) {
      totals = new VersionTotals();
      versions.put(reading.version(), totals);
    }
    if (totals != null) {
      totals.lastNanos = nanoTime.getAsLong();
      for (HistogramSnapshot part : numbers.values().parts()) {
        totals.add(reading.signal(), part);
      }
    }
  }

  private boolean makeRoom() {
    String silent = null;
    long longest = SILENCE_NANOS;
    for (Map.Entry<String, VersionTotals> entry : versions.entrySet()) {
      long silence = nanoTime.getAsLong() - entry.getValue().lastNanos;
      if (silence >= longest) {
        longest = silence;
        silent = entry.getKey();
      }
    }
    return silent != null && versions.remove(silent) != null;
  }

  private static final class VersionTotals {
    private final Map<String, Long> errorTypes = new TreeMap<>();
    private final Map<String, ExponentialHistogram> scores = new TreeMap<>();
    private final ExponentialHistogram durations =
        ExponentialHistogram.ofScale(ExponentialHistogram.DURATION_SCALE);
    private long lastNanos;
    private long calls;

    void add(Point.Calls added) {
      calls += added.count();
      String type = added.errorType();
      if (type != null) {
        errorTypes.merge(bounded(type, errorTypes, MAX_ERROR_TYPES), added.count(), Long::sum);
      }
      HistogramSnapshot histogram = added.durations();
      if (histogram != null) {
        durations.merge(histogram);
      }
    }

    void add(String signal, HistogramSnapshot added) {
      String output = signal.equals(SCORE) ? "" : signal.substring(SCORE.length() + 1);
      scores
          .computeIfAbsent(
              bounded(output, scores, MAX_OUTPUTS),
              absent -> ExponentialHistogram.ofScale(SCORE_SCALE))
          .merge(added);
    }

    Totals read(String version) {
      Map<String, HistogramSnapshot> read = new TreeMap<>();
      scores.forEach((output, histogram) -> read.put(output, histogram.snapshot()));
      return new Totals(version, calls, Map.copyOf(errorTypes), durations.snapshot(), read);
    }

    private static String bounded(String key, Map<String, ?> map, int most) {
      return map.containsKey(key) || map.size() < most ? key : OTHER;
    }
  }
}
