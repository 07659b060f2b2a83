package io.breakwater.agent.core.record;

import io.breakwater.signals.Attributes;
import io.breakwater.signals.HistogramSnapshot;
import io.breakwater.signals.Metric;
import io.breakwater.signals.Metrics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All streams of one model version. Guarded by its store. */
final class ModelStreams {
  private static final int MOST_OUTCOMES = 1_000;

  private final Limits limits;
  private final Drops drops;
  private final CallStreams calls;
  private final CategoryCounts classes;
  private final CategoryCounts outcomes;
  private final Map<String, ScoreStream> scores = new LinkedHashMap<>();
  private final Map<String, NumericStream> features = new LinkedHashMap<>();
  private final Map<String, CategoryStream> categories = new LinkedHashMap<>();
  private final Map<Measure, MeasureStream> measures = new LinkedHashMap<>();

  ModelStreams(Limits limits, ErrorTypes errorTypes, Drops drops, long nowNanos) {
    this.limits = limits;
    this.drops = drops;
    this.calls = new CallStreams(errorTypes, nowNanos);
    this.classes =
        new CategoryCounts(
            Metrics.INFERENCE_PREDICTIONS,
            Labels.NONE,
            Attributes.OUTPUT_CLASS,
            limits.maxCategories(),
            drops,
            nowNanos);
    this.outcomes =
        new CategoryCounts(
            Metrics.INFERENCE_OUTCOME,
            Labels.NONE,
            Attributes.OUTCOME,
            MOST_OUTCOMES,
            drops,
            nowNanos);
  }

  CallStreams calls() {
    return calls;
  }

  CategoryCounts classes() {
    return classes;
  }

  void outcome(String outcome) {
    outcomes.add(outcomes.of(outcome));
  }

  ScoreStream score(String output, long nowNanos) {
    return scores.computeIfAbsent(
        output, name -> new ScoreStream(Labels.NONE.with(Attributes.OUTPUT_NAME, name), nowNanos));
  }

  /**
   * Makes series for features as far as there is room; returns how many, from the first, got one.
   */
  int admit(List<String> names, long nowNanos) {
    int own = 0;
    while (own < names.size() && own < limits.maxFeatures() && hasRoomFor(names.get(own))) {
      feature(names.get(own), nowNanos);
      own++;
    }
    return own;
  }

  private boolean hasRoomFor(String feature) {
    return features.containsKey(feature) || features.size() < limits.maxFeatures();
  }

  /** The series of a feature, {@code other} where there is no room for one. */
  NumericStream feature(String feature, long nowNanos) {
    return featureNamed(hasRoomFor(feature) ? feature : Attributes.OTHER, nowNanos);
  }

  /** The series of features beyond the limit. */
  NumericStream otherFeatures(long nowNanos) {
    return featureNamed(Attributes.OTHER, nowNanos);
  }

  private NumericStream featureNamed(String name, long nowNanos) {
    return features.computeIfAbsent(
        name,
        kept ->
            new NumericStream(
                Metrics.INFERENCE_FEATURE,
                Labels.NONE.with(Attributes.FEATURE_NAME, kept),
                Limits.LEAST_PANE,
                nowNanos));
  }

  /** The values of a categorical feature, {@code other} where there is no room for them. */
  CategoryStream category(String feature, long nowNanos) {
    boolean room = categories.containsKey(feature) || categories.size() < limits.maxFeatures();
    return categories.computeIfAbsent(
        room ? feature : Attributes.OTHER,
        kept -> new CategoryStream(kept, limits.maxCategories(), drops, nowNanos));
  }

  MeasureStream measure(Measure measure, long nowNanos) {
    return measures.computeIfAbsent(measure, kept -> new MeasureStream(kept, nowNanos));
  }

  void flushOutcomes(ModelIdentity identity, PointSink sink, long nowNanos) {
    PointSink labelled = new Labelled(identity, sink);
    calls.flush(labelled, nowNanos);
    scores.values().forEach(score -> score.flush(labelled, nowNanos));
    classes.flush(labelled, nowNanos);
  }

  void flushFeatures(ModelIdentity identity, PointSink sink, long nowNanos) {
    PointSink labelled = new Labelled(identity, sink);
    features.values().forEach(feature -> feature.flush(labelled, nowNanos));
    categories.values().forEach(category -> category.flush(labelled, nowNanos));
    outcomes.flush(labelled, nowNanos);
    measures.values().forEach(measure -> measure.flush(labelled, nowNanos));
  }

  /** Puts the model's labels before those of its streams. */
  private static final class Labelled implements PointSink {
    private final Labels model;
    private final PointSink sink;

    Labelled(ModelIdentity identity, PointSink sink) {
      Labels named =
          Labels.NONE
              .with(Attributes.MODEL_NAME, identity.name())
              .with(Attributes.MODEL_VERSION, identity.version());
      this.model =
          identity.framework().isEmpty()
              ? named
              : named.with(Attributes.FRAMEWORK, identity.framework());
      this.sink = sink;
    }

    @Override
    public void histogram(Metric metric, Labels labels, HistogramSnapshot values, long startNanos) {
      sink.histogram(metric, model.and(labels), values, startNanos);
    }

    @Override
    public void sum(Metric metric, Labels labels, long count, long startNanos) {
      sink.sum(metric, model.and(labels), count, startNanos);
    }
  }
}
