package io.breakwater.agent.core.model;

import io.breakwater.agent.core.record.CaptureRules;
import io.breakwater.agent.core.record.CategoricalFeature;
import io.breakwater.agent.core.record.Drops;
import io.breakwater.agent.core.record.ModelSeries;
import io.breakwater.agent.core.record.Recorder;
import io.breakwater.agent.core.record.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Where the calls of one model go that are read value by value.
 *
 * <p>Of an output with one column the score is that number; of two columns it is the second, of
 * more the greatest, and the class is the number of the greatest unless the reader says which. Of a
 * call whose rows do not fit a record every k-th is recorded, and of the columns beyond the limit
 * of features one per row, at random. Safe for use by many threads; allocates nothing of its own.
 */
final class RowCalls<I, O> {
  private final Recorder recorder;
  private final ModelSeries series;
  private final RowReader<I, O> reader;
  private final CategoricalFeature[] categories;
  private final int[] categoryColumns;
  private final int outputs;
  private final boolean doubles;
  private final int width;
  private final int maxRows;

  private RowCalls(
      Recorder recorder,
      ModelSeries series,
      RowReader<I, O> reader,
      List<CategoricalFeature> categories,
      List<Integer> categoryColumns) {
    this.recorder = recorder;
    this.series = series;
    this.reader = reader;
    this.categories = categories.toArray(new CategoricalFeature[0]);
    this.categoryColumns = categoryColumns.stream().mapToInt(Integer::intValue).toArray();
    this.outputs = series.outputs();
    this.doubles = reader.needsDouble();
    this.width = Values.width(doubles);
    this.maxRows = Recorder.maxRows(series, doubles);
  }

  /**
   * A place for calls that are read as the reader does.
   *
   * @param nested whether they are part of another call, so that only features are recorded
   * @return null if the process has too many models; this has been counted
   */
  static <I, O> @Nullable RowCalls<I, O> of(
      Recorder recorder,
      ModelDescription identity,
      ModelDescription names,
      RowReader<I, O> reader,
      boolean nested) {
    CaptureRules rules = recorder.rules();
    int columns = rules.features() ? reader.columns() : 0;
    List<String> named = new ArrayList<>();
    for (int column = 0; column < columns && column < rules.limits().maxFeatures(); column++) {
      String given = names.feature(column);
      named.add(given != null ? given : reader.columnName(column));
    }
    List<CategoricalFeature> categories = new ArrayList<>();
    List<Integer> categoryColumns = new ArrayList<>();
    List<String> categorical = rules.features() ? reader.categorical() : List.of();
    for (int column = 0;
        column < categorical.size() && categories.size() < rules.limits().maxFeatures();
        column++) {
      if (rules.categories().isCounted(categorical.get(column))) {
        categories.add(CategoricalFeature.of(categorical.get(column), rules));
        categoryColumns.add(column);
      }
    }
    Schema schema =
        Schema.of(named, columns - named.size(), nested ? List.of() : reader.outputs())
            .withCategorical(categories);
    ModelSeries series =
        recorder.series(identity.name(), identity.version(), identity.framework(), schema);
    return series == null
        ? null
        : new RowCalls<>(recorder, series, reader, categories, categoryColumns);
  }

  /**
   * Records a call that succeeded.
   *
   * @param withFeatures whether its features are recorded, or have been elsewhere
   */
  void recordSuccess(long nanos, I input, O output, boolean withFeatures) {
    int rows = reader.rows(input, output);
    long sample = RowSample.of(rows, Math.max(1, maxRows));
    int sampled = maxRows == 0 || rows == 0 ? 0 : RowSample.size(sample, rows);
    boolean features = withFeatures && sampled > 0 && fits(input, output);
    long claim = recorder.claim(series, sampled, doubles);
    if (claim == Recorder.DROPPED) {
      return;
    }
    int filled = 0;
    try {
      fill(claim, input, output, sample, sampled, features);
      filled = sampled;
    } catch (RuntimeException e) {
      recorder.drops().add(Drops.Reason.UNREADABLE);
    } finally {
      recorder.publish(claim, nanos, rows, filled, Recorder.NO_ERROR);
    }
  }

  /** Records the features of a call that is part of another. */
  void recordFeatures(I input, O output) {
    int rows = reader.rows(input, output);
    long sample = RowSample.of(rows, Math.max(1, maxRows));
    int sampled = maxRows == 0 || rows == 0 ? 0 : RowSample.size(sample, rows);
    if (sampled == 0 || !fits(input, output)) {
      return;
    }
    long claim = recorder.claim(series, sampled, doubles);
    if (claim == Recorder.DROPPED) {
      return;
    }
    int filled = 0;
    try {
      fill(claim, input, output, sample, sampled, true);
      filled = sampled;
    } catch (RuntimeException e) {
      recorder.drops().add(Drops.Reason.UNREADABLE);
    } finally {
      recorder.publishValues(claim, filled);
    }
  }

  private boolean fits(I input, O output) {
    if (series.rowValues() == 2 * outputs || reader.fits(input, output)) {
      return true;
    }
    recorder.drops().add(Drops.Reason.SHAPE);
    return false;
  }

  private void fill(long claim, I input, O output, long sample, int sampled, boolean withFeatures) {
    int[] words = recorder.words(claim);
    int at = recorder.firstValue(claim);
    int rowWords = series.rowValues() * width;
    for (int i = 0; i < sampled; i++) {
      int row = RowSample.first(sample) + i * RowSample.step(sample);
      int next = fillFeatures(words, at + i * rowWords, input, row, withFeatures);
      next = fillOutputs(words, next, input, output, row);
      fillCategories(words, next, input, row, withFeatures);
    }
    if (withFeatures && series.hasOtherFeatures()) {
      long unread = (long) (series.otherFeatures() - 1) * sampled;
      recorder.drops().add(Drops.Reason.FEATURES_OVER_LIMIT, unread);
    }
  }

  private int fillFeatures(int[] words, int at, I input, int row, boolean withFeatures) {
    int next = at;
    for (int column = 0; column < series.features(); column++) {
      next = putOrNot(words, next, withFeatures, input, row, column);
    }
    if (series.hasOtherFeatures()) {
      int drawn = ThreadLocalRandom.current().nextInt(series.otherFeatures());
      next = putOrNot(words, next, withFeatures, input, row, series.features() + drawn);
    }
    return next;
  }

  private int putOrNot(int[] words, int at, boolean read, I input, int row, int column) {
    if (read) {
      Values.put(words, at, doubles, reader.feature(input, row, column));
    } else {
      Recorder.putAbsent(words, at);
    }
    return at + width;
  }

  private int fillOutputs(int[] words, int at, I input, O output, int row) {
    if (outputs == 1) {
      fillScoreAndClass(words, at, input, output, row, reader.outputColumns(input, output));
      return at + 2 * width;
    }
    int next = at;
    int columns = outputs == 0 ? 0 : reader.outputColumns(input, output);
    for (int column = 0; column < outputs; column++) {
      if (column < columns) {
        Values.put(words, next, doubles, reader.output(input, output, row, column));
      } else {
        Recorder.putAbsent(words, next);
      }
      Recorder.putAbsent(words, next + width);
      next += 2 * width;
    }
    return next;
  }

  private void fillScoreAndClass(int[] words, int at, I input, O output, int row, int columns) {
    int greatest = -1;
    double score = Double.NEGATIVE_INFINITY;
    for (int column = 0; column < columns; column++) {
      double value = reader.output(input, output, row, column);
      if (greatest < 0 || value > score || Double.isNaN(value)) { // a row with a NaN has no score
        greatest = column;
        score = value;
      }
    }
    if (columns == 2) {
      Values.put(words, at, doubles, reader.output(input, output, row, 1));
    } else if (columns > 0) {
      Values.put(words, at, doubles, score);
    } else {
      Recorder.putAbsent(words, at);
    }
    int said = reader.predicted(input, output, row);
    int predicted = said >= 0 || columns < 2 || Double.isNaN(score) ? said : greatest;
    if (predicted >= 0) {
      Values.put(words, at + width, doubles, predicted);
    } else {
      Recorder.putAbsent(words, at + width);
    }
  }

  private void fillCategories(int[] words, int at, I input, int row, boolean withFeatures) {
    for (int i = 0; i < categories.length; i++) {
      if (withFeatures) {
        String value = reader.category(input, row, categoryColumns[i]);
        double code = value == null ? Double.NaN : categories[i].code(value);
        Values.put(words, at + i * width, doubles, code);
      } else {
        Recorder.putAbsent(words, at + i * width);
      }
    }
  }
}
