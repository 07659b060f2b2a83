package io.breakwater.agent.instrumentation.api;

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
  private volatile Layout layout;

  OwnModel(Recorder recorder, ModelIdentity identity) {
    this.recorder = recorder;
    this.identity = identity;
    this.layout = layout(List.of(), List.of());
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
  synchronized Layout with(Collection<String> features, @Nullable String label) {
    List<String> allFeatures = new ArrayList<>(layout.features);
    for (String feature : features) {
      if (layout.place(feature) < 0 && allFeatures.size() <= mostFeatures()) {
        allFeatures.add(feature);
      }
    }
    List<String> allClasses = new ArrayList<>(layout.classes);
    if (label != null && !allClasses.contains(label) && allClasses.size() < mostClasses()) {
      allClasses.add(label);
    }
    if (allFeatures.size() > layout.features.size() || allClasses.size() > layout.classes.size()) {
      layout = layout(allFeatures, allClasses);
    }
    return layout;
  }

  /** Features with a series of their own; one more stands for all others. */
  private int mostFeatures() {
    return recorder.rules().limits().maxFeatures();
  }

  private int mostClasses() {
    return recorder.rules().limits().maxCategories();
  }

  private Layout layout(List<String> features, List<String> classes) {
    List<String> named = new ArrayList<>(classes);
    named.add(Attributes.OTHER);
    Schema schema = Schema.of(features, List.of(Schema.Output.of(OUTPUT, named)));
    return new Layout(features, classes, recorder.series(identity, schema), mostFeatures());
  }

  /** One order of features and classes, and the series for it. Immutable. */
  static final class Layout {
    private final List<String> features;
    private final List<String> classes;
    private final Map<String, Integer> places = new HashMap<>();
    private final Map<String, Integer> labels = new HashMap<>();
    private final @Nullable ModelSeries series;
    private final boolean full;
    private final int mostFeatures;

    private Layout(
        List<String> features,
        List<String> classes,
        @Nullable ModelSeries series,
        int mostFeatures) {
      this.features = features;
      this.classes = classes;
      this.series = series;
      this.mostFeatures = mostFeatures;
      this.full = features.size() > mostFeatures;
      for (String feature : features) {
        places.put(feature, places.size());
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

    /** Number of a class; those without one share the last. */
    int number(String label) {
      return labels.getOrDefault(label, classes.size());
    }

    boolean knows(String label) {
      return labels.containsKey(label);
    }
  }
}
