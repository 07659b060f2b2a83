package io.breakwater.agent.core.record;

import org.jspecify.annotations.Nullable;

/** Where the values of one handle's records go. Guarded by its store. */
final class Binding {
  private final ModelStreams model;
  private final Schema schema;
  private final NumericStream[] features;
  private final @Nullable NumericStream otherFeatures;
  private final ScoreStream[] scores;
  private final CategoryCounts.@Nullable Count[] classes;
  private final CategoryStream[] categories;
  private final MeasureStream[] measures;
  private final int maxClasses;

  Binding(ModelStreams model, Schema schema, ModelSeries handle, int maxClasses, long nowNanos) {
    this.model = model;
    this.schema = schema;
    this.maxClasses = maxClasses;
    this.features = new NumericStream[handle.features()];
    for (int i = 0; i < features.length; i++) {
      features[i] = model.feature(schema.features().get(i), nowNanos);
    }
    this.otherFeatures = handle.hasOtherFeatures() ? model.otherFeatures(nowNanos) : null;
    this.scores = new ScoreStream[handle.outputs()];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = model.score(schema.outputs().get(i).name(), nowNanos);
    }
    this.categories = new CategoryStream[schema.categoricalFeatures().size()];
    for (int i = 0; i < categories.length; i++) {
      categories[i] = model.category(schema.categoricalFeatures().get(i).name(), nowNanos);
    }
    this.measures = new MeasureStream[schema.measures().size()];
    for (int i = 0; i < measures.length; i++) {
      measures[i] = model.measure(schema.measures().get(i), nowNanos);
    }
    this.classes = new CategoryCounts.@Nullable Count[scores.length * maxClasses];
  }

  /** Files a record that begins at {@code at}. */
  void file(int[] words, int at) {
    int kind = words[at] & ~Ring.LENGTH_MASK;
    if ((kind & RecordWords.VALUES_ONLY) == 0) {
      model
          .calls()
          .record(
              RecordWords.duration(words, at),
              words[at + RecordWords.ROWS],
              words[at + RecordWords.ERROR]);
    }
    int rows = words[at + RecordWords.SAMPLED];
    boolean doubles = (kind & RecordWords.DOUBLES) != 0;
    int width = doubles ? 2 : 1;
    int values =
        features.length
            + (otherFeatures == null ? 0 : 1)
            + 2 * scores.length
            + categories.length
            + measures.length;
    int from = at + RecordWords.HEADER;
    for (int column = 0; column < features.length; column++) {
      file(features[column], words, from + column * width, rows, values * width, doubles);
    }
    int next = from + features.length * width;
    if (otherFeatures != null) {
      file(otherFeatures, words, next, rows, values * width, doubles);
      next += width;
    }
    for (int output = 0; output < scores.length; output++) {
      for (int row = 0; row < rows; row++) {
        fileOutput(output, words, next + row * values * width, doubles);
      }
      next += 2 * width;
    }
    for (int category = 0; category < categories.length; category++) {
      for (int row = 0; row < rows; row++) {
        fileCategory(category, words, next + row * values * width, doubles);
      }
      next += width;
    }
    for (MeasureStream measure : measures) {
      for (int row = 0; row < rows; row++) {
        int word = next + row * values * width;
        if (words[word] != RecordWords.ABSENT) {
          measure.record(value(words, word, doubles));
        }
      }
      next += width;
    }
  }

  private static void file(
      NumericStream stream, int[] words, int at, int rows, int step, boolean doubles) {
    for (int row = 0; row < rows; row++) {
      int word = at + row * step;
      if (words[word] != RecordWords.ABSENT) {
        stream.record(value(words, word, doubles));
      }
    }
  }

  private void fileOutput(int output, int[] words, int at, boolean doubles) {
    if (words[at] != RecordWords.ABSENT) {
      scores[output].record(value(words, at, doubles));
    }
    int classAt = at + (doubles ? 2 : 1);
    if (words[classAt] != RecordWords.ABSENT) {
      predicted(output, (int) value(words, classAt, doubles));
    }
  }

  private void fileCategory(int category, int[] words, int at, boolean doubles) {
    if (words[at] == RecordWords.ABSENT) {
      return;
    }
    double code = value(words, at, doubles);
    if (Double.isNaN(code)) {
      categories[category].recordMissing();
    } else {
      CategoricalFeature feature = schema.categoricalFeatures().get(category);
      categories[category].record(feature.category((int) code));
    }
  }

  private void predicted(int output, int index) {
    if (index < 0 || index >= maxClasses) {
      model.classes().add(count(output, index));
      return;
    }
    int slot = output * maxClasses + index;
    CategoryCounts.Count count = classes[slot];
    if (count == null) {
      count = count(output, index);
      classes[slot] = count;
    }
    model.classes().add(count);
  }

  private CategoryCounts.Count count(int output, int index) {
    return model.classes().of(schema.outputs().get(output).className(index));
  }

  private static double value(int[] words, int at, boolean doubles) {
    return doubles ? RecordWords.doubleAt(words, at) : Float.intBitsToFloat(words[at]);
  }
}
