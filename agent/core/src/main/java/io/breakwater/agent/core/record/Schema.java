package io.breakwater.agent.core.record;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

/** What a row of a model's calls consists of: features and outputs, by name. Immutable. */
public final class Schema {
  /** No values: only calls are recorded. */
  public static final Schema CALLS_ONLY = new Schema(List.of(), 0, List.of(), List.of(), List.of());

  private final List<String> features;
  private final int furtherFeatures;
  private final List<Output> outputs;
  private final List<CategoricalFeature> categoricalFeatures;
  private final List<Measure> measures;

  private Schema(
      List<String> features,
      int furtherFeatures,
      List<Output> outputs,
      List<CategoricalFeature> categoricalFeatures,
      List<Measure> measures) {
    this.features = shortened(features);
    this.furtherFeatures = furtherFeatures;
    this.outputs = List.copyOf(outputs);
    this.categoricalFeatures = List.copyOf(categoricalFeatures);
    this.measures = List.copyOf(measures);
  }

  private static List<String> shortened(List<String> names) {
    List<String> all = new ArrayList<>(names.size());
    for (String name : names) {
      all.add(Limits.shortened(name));
    }
    return Collections.unmodifiableList(all);
  }

  /** A schema; the order of names is the order of a record's values. */
  public static Schema of(List<String> features, List<Output> outputs) {
    return new Schema(features, 0, outputs, List.of(), List.of());
  }

  /**
   * A schema with features that need no name, since they are beyond the limit of features.
   *
   * @param furtherFeatures how many there are behind those with a name
   */
  public static Schema of(List<String> features, int furtherFeatures, List<Output> outputs) {
    return new Schema(features, furtherFeatures, outputs, List.of(), List.of());
  }

  /** This schema with categorical features; their values come after those of the outputs. */
  public Schema withCategorical(List<CategoricalFeature> added) {
    return new Schema(features, furtherFeatures, outputs, added, measures);
  }

  /** This schema with measures; their values come last in a row. */
  public Schema withMeasures(List<Measure> added) {
    return new Schema(features, furtherFeatures, outputs, categoricalFeatures, added);
  }

  /** Names of the features. */
  public List<String> features() {
    return features;
  }

  /** How many features there are in all. */
  int featureCount() {
    return features.size() + furtherFeatures;
  }

  /** The categorical features. */
  List<CategoricalFeature> categoricalFeatures() {
    return categoricalFeatures;
  }

  /** The measures. */
  List<Measure> measures() {
    return measures;
  }

  /** The outputs. */
  public List<Output> outputs() {
    return outputs;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Schema
        && features.equals(((Schema) other).features)
        && furtherFeatures == ((Schema) other).furtherFeatures
        && outputs.equals(((Schema) other).outputs)
        && categoricalFeatures.equals(((Schema) other).categoricalFeatures)
        && measures.equals(((Schema) other).measures);
  }

  @Override
  public int hashCode() {
    return Objects.hash(features, furtherFeatures, outputs, categoricalFeatures, measures);
  }

  /** One output: a score per row, and a class where it classifies. Immutable. */
  public static final class Output {
    private final String name;
    private final List<String> classes;

    private Output(String name, List<String> classes) {
      this.name = Limits.shortened(requireNonNull(name, "name"));
      this.classes = shortened(classes);
    }

    /**
     * An output.
     *
     * @param classes names of the classes by index; a class beyond the list goes by its index
     */
    public static Output of(String name, List<String> classes) {
      return new Output(name, classes);
    }

    /** Value of {@code ml.output.name}. */
    public String name() {
      return name;
    }

    /** Name of the class of an index. */
    public String className(int index) {
      return index >= 0 && index < classes.size() ? classes.get(index) : Integer.toString(index);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Output
          && name.equals(((Output) other).name)
          && classes.equals(((Output) other).classes);
    }

    @Override
    public int hashCode() {
      return Objects.hash(name, classes);
    }
  }
}
