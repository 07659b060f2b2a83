package io.breakwater.agent.core.record;

/**
 * Handle of one model's series, resolved once and kept by whoever records its calls. Immutable and
 * safe for use by many threads.
 *
 * <p>A row of a record has {@link #features()} values, then one more drawn from the features beyond
 * the limit if there {@linkplain #hasOtherFeatures() are any}, then score and class of each output,
 * then the number of each categorical feature's value, then each measure.
 */
public final class ModelSeries {
  private final int index;
  private final int features;
  private final int otherFeatures;
  private final int outputs;
  private final int categoricalFeatures;
  private final int measures;

  ModelSeries(
      int index,
      int features,
      int otherFeatures,
      int outputs,
      int categoricalFeatures,
      int measures) {
    this.index = index;
    this.features = features;
    this.otherFeatures = otherFeatures;
    this.outputs = outputs;
    this.categoricalFeatures = categoricalFeatures;
    this.measures = measures;
  }

  int index() {
    return index;
  }

  /** Features with a series of their own: the first of the schema. */
  public int features() {
    return features;
  }

  /** Features beyond the limit, which share the series {@code other}. */
  public int otherFeatures() {
    return otherFeatures;
  }

  /** Whether a row has a value for the series {@code other}. */
  public boolean hasOtherFeatures() {
    return otherFeatures > 0;
  }

  /** Outputs; each has two values a row. */
  public int outputs() {
    return outputs;
  }

  /** Categorical features; each has one value a row. */
  public int categoricalFeatures() {
    return categoricalFeatures;
  }

  /** Values of a row. */
  public int rowValues() {
    return features + (otherFeatures > 0 ? 1 : 0) + 2 * outputs + categoricalFeatures + measures;
  }
}
