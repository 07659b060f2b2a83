package io.breakwater.collector.intake;

import org.jspecify.annotations.Nullable;

/**
 * What points of one metric with the same attributes are about, whoever sends them: read once, and
 * known again by a hash. What is fixed here never changes; the two attachments belong to whoever
 * takes the points.
 */
public final class Series {
  // what every point needs comes first
  final long high;
  final long low;

  /** Whether exponential points can be taken as they are. */
  final boolean direct;

  private final boolean feature;
  private final boolean complement;

  /** Where the values go; for the lane's own thread. */
  private @Nullable Object home;

  /** The model's lane; set by any thread, always to the same. */
  private volatile @Nullable Object lane;

  /** Why points cannot be used, or null. */
  final @Nullable Drop objection;

  private final Identity who;
  private final String metric;
  private final String signal;

  private Series(
      long high,
      long low,
      String metric,
      Identity who,
      @Nullable Drop objection,
      boolean direct,
      String signal) {
    this.high = high;
    this.low = low;
    this.metric = metric;
    this.who = who;
    this.objection = objection;
    this.direct = direct;
    this.signal = signal;
    this.feature = signal.startsWith("feature:");
    this.complement = PointReader.isComplement(metric);
  }

  static Series of(long high, long low, String metric, Identity who, @Nullable Drop objection) {
    String signal = objection == null ? PointReader.directSignal(metric, who) : "";
    return new Series(high, low, metric, who, objection, !signal.isEmpty(), signal);
  }

  String metric() {
    return metric;
  }

  Identity who() {
    return who;
  }

  /** Name of the model. */
  public String model() {
    return who.model;
  }

  /** Version of the model. */
  public String version() {
    return who.version;
  }

  /** The signal, for series of values; see {@link Point.OfSignal#signal()}. */
  public String signal() {
    return signal;
  }

  /** Whether the values are those of an input: its sender reports scores or calls as well. */
  public boolean isFeature() {
    return feature;
  }

  /** Whether the values are one less each score. */
  public boolean complement() {
    return complement;
  }

  /** The lane that was attached, or null. */
  public @Nullable Object lane() {
    return lane;
  }

  /** Attaches the model's lane. */
  public void attachLane(Object attached) {
    lane = attached;
  }

  /** Where the values go, or null; for the lane's own thread. */
  public @Nullable Object home() {
    return home;
  }

  /** Attaches where the values go; for the lane's own thread. */
  public void attachHome(Object attached) {
    home = attached;
  }

  /** Reads what points need of it, the first and the last field; of no use. */
  long touch() {
    return low + (objection == null ? 0 : 1);
  }

  /** Memory in use, about, in bytes. */
  int bytes() {
    return 200 + 2 * (metric.length() + signal.length() + who.chars());
  }
}
