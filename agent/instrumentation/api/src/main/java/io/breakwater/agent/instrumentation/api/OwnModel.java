package io.breakwater.agent.instrumentation.api;

import io.breakwater.agent.core.model.ModelDescription;
import io.breakwater.agent.core.record.CategoricalFeature;
import io.breakwater.agent.core.record.Limits;
import io.breakwater.agent.core.record.ModelIdentity;
import io.breakwater.agent.core.record.ModelSeries;
import io.breakwater.agent.core.record.Recorder;
import io.breakwater.agent.core.record.Schema;
import io.breakwater.signals.Attributes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a model of own code: its features and classes in the order in which they were
 * first named. Safe for use by many threads.
 */
final class OwnModel {
  private static final String OUTPUT = "score";

  private final Recorder recorder;
  private final ModelIdentity identity;
  private final ModelDescription description;
  private volatile Layout layout;

  OwnModel(Recorder recorder, ModelIdentity identity) {
    this.recorder = recorder;
    this.identity = identity;
    this.description = ModelDescription.of(identity);
    this.layout = layout(List.of(), List.of(), List.of());
  }

  /** Whether there was room for its series. */
  boolean isRecorded() {
    return layout.series() != null;
  }

  ModelIdentity identity() {
    return identity;
  }

  ModelDescription description() {
    return description;
  }

  String name() {
    return identity.name();
  }

  String version() {
    return identity.version();
  }

  /** The latest one. */
  Layout layout() {
    return layout;
  }

  /** A layout that has all of these, as far as there is room. */
  synchronized Layout with(
      Collection<String> features, Collection<String> categorical, @Nullable String label) {
    List<String> allFeatures = new ArrayList<>(layout.features);
    for (String feature : features) {
      if (layout.place(feature) < 0 && allFeatures.size() <= limits().maxFeatures()) {
        allFeatures.add(feature);
      }
    }
    List<CategoricalFeature> allCategorical = new ArrayList<>(layout.categorical);
    for (String feature : categorical) {
      if (layout.categoricalPlace(feature) < 0 && allCategorical.size() < limits().maxFeatures()) {
        allCategorical.add(CategoricalFeature.of(feature, recorder.rules()));
      }
    }
    List<String> allClasses = new ArrayList<>(layout.classes);
    if (label != null
        && !allClasses.contains(label)
        && allClasses.size() < limits().maxCategories()) {
      allClasses.add(label);
    }
    if (allFeatures.size() > layout.features.size()
        || allCategorical.size() > layout.categorical.size()
        || allClasses.size() > layout.classes.size()) {
      layout = layout(allFeatures, allCategorical, allClasses);
    }
    return layout;
  }

  private Limits limits() {
    return recorder.rules().limits();
  }

  private Layout layout(
      List<String> features, List<CategoricalFeature> categorical, List<String> classes) {
    List<String> named = new ArrayList<>(classes);
    named.add(Attributes.OTHER);
    Schema schema =
        Schema.of(features, List.of(Schema.Output.of(OUTPUT, named))).withCategorical(categorical);
    return new Layout(features, categorical, classes, recorder.series(identity, schema), limits());
  }

  /** One order of features and classes, and the series for it. Immutable. */
  static final class Layout {
    private final List<String> features;
    private final List<CategoricalFeature> categorical;
    private final List<String> classes;
    private final Map<String, Integer> places = new HashMap<>();
    private final Map<String, Integer> categoricalPlaces = new HashMap<>();
    private final Map<String, Integer> labels = new HashMap<>();
    private final @Nullable ModelSeries series;
    private final boolean full;
    private final int mostFeatures;
    private final int mostClasses;

    private Layout(
        List<String> features,
        List<CategoricalFeature> categorical,
        List<String> classes,
        @Nullable ModelSeries series,
        Limits limits) {
      this.features = features;
      this.categorical = categorical;
      this.classes = classes;
      this.series = series;
      this.mostFeatures = limits.maxFeatures();
      this.mostClasses = limits.maxCategories();
      this.full = features.size() > limits.maxFeatures();
      for (String feature : features) {
        places.put(feature, places.size());
      }
      for (CategoricalFeature feature : categorical) {
        categoricalPlaces.put(feature.name(), categoricalPlaces.size());
      }
      for (String label : classes) {
        labels.put(label, labels.size());
      }
    }

    /** Null if the process has too many models. */
    @Nullable ModelSeries series() {
      return series;
    }

    /** How many values it has. */
    int size() {
      return features.size();
    }

    /** Where a feature's value goes; -1 if it has no place yet. */
    int place(String feature) {
      Integer place = places.get(feature);
      if (place != null) {
        return place;
      }
      return full ? mostFeatures : -1;
    }

    /** How many categorical values it has. */
    int categoricalSize() {
      return categorical.size();
    }

    /** Where a categorical feature's value goes; -1 if it has no place, or not yet. */
    int categoricalPlace(String feature) {
      return categoricalPlaces.getOrDefault(feature, -1);
    }

    /** The number of a categorical feature's value. */
    int code(int place, String value) {
      return categorical.get(place).code(value);
    }

    /** Number of a class; those without one share the last. */
    int number(String label) {
      return labels.getOrDefault(label, classes.size());
    }

    /** Whether a class has a number that will not change. */
    boolean knows(String label) {
      return labels.containsKey(label) || classes.size() >= mostClasses;
    }

    /** Whether a categorical feature has a place, or will never have one. */
    boolean knowsCategorical(String feature) {
      return categoricalPlaces.containsKey(feature) || categorical.size() >= mostFeatures;
    }
  }
}
