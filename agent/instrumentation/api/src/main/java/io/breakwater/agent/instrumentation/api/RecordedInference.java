package io.breakwater.agent.instrumentation.api;

import io.breakwater.agent.core.instrument.Enclosing;
import io.breakwater.agent.core.record.Drops;
import io.breakwater.agent.core.record.Limits;
import io.breakwater.agent.core.record.ModelSeries;
import io.breakwater.agent.core.record.Recorder;
import io.breakwater.agent.instrumentation.api.OwnModel.Layout;
import io.breakwater.api.Inference;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An inference of own code: collects what is said about it, and is one record when it ends. Its
 * caller is somebody's production code: where something goes wrong here, memory used up or a name
 * that is null, the inference is not recorded, and counted.
 */
final class RecordedInference implements Inference {
  private static final double[] NONE = {};

  /** In place of a value that nobody gave, as opposed to one that is missing. */
  private static final long ABSENT_BITS = 0x7ff8_b0a7_0000_0000L;

  private static final double ABSENT = Double.longBitsToDouble(ABSENT_BITS);

  private final Recorder recorder;
  private final OwnModel model;
  private final Predictions predictions;
  private final Enclosing enclosing;
  private final long startNanos;
  private final Layout layout;
  private double[] values = NONE;
  private @Nullable Map<String, Double> newFeatures;
  private @Nullable Map<String, @Nullable String> categorical;
  private double score = ABSENT;
  private @Nullable String label;
  private @Nullable String id;
  private boolean ended;

  RecordedInference(Recorder recorder, OwnModel model, Predictions predictions, long startNanos) {
    this.recorder = recorder;
    this.model = model;
    this.predictions = predictions;
    this.startNanos = startNanos;
    this.layout = model.layout();
    this.enclosing = Enclosing.open(model.description(), false);
  }

  @Override
  public Inference feature(String name, double value) {
    if (ended || !recorder.rules().features()) {
      return this;
    }
    try {
      put(name, value);
    } catch (RuntimeException | Error e) {
      giveUp();
    }
    return this;
  }

  private void put(String name, double value) {
    int place = layout.place(name);
    if (place < 0) {
      Map<String, Double> known = newFeatures == null ? new LinkedHashMap<>() : newFeatures;
      known.put(Limits.shortened(name), value);
      newFeatures = known;
    } else {
      if (values.length == 0) {
        values = new double[layout.size()];
        Arrays.fill(values, ABSENT);
      }
      values[place] = value;
    }
  }

  @Override
  public Inference feature(String name, @Nullable String value) {
    try {
      if (!ended && recorder.rules().features() && recorder.rules().categories().isCounted(name)) {
        Map<String, @Nullable String> known =
            categorical == null ? new LinkedHashMap<>() : categorical;
        known.put(Limits.shortened(name), value);
        categorical = known;
      }
    } catch (RuntimeException | Error e) {
      giveUp();
    }
    return this;
  }

  private void giveUp() {
    ended = true;
    try {
      enclosing.close();
      recorder.drops().add(Drops.Reason.AGENT_ERROR);
    } catch (RuntimeException | Error e) {
      ended = true; // no memory for that either
    }
  }

  @Override
  public Inference missing(String name) {
    return feature(name, Double.NaN);
  }

  @Override
  public Inference score(double score) {
    this.score = score;
    return this;
  }

  @Override
  public Inference label(String label) {
    try {
      this.label = Limits.shortened(label);
    } catch (RuntimeException | Error e) {
      giveUp();
    }
    return this;
  }

  @Override
  public Inference id(String predictionId) {
    this.id = predictionId;
    return this;
  }

  @Override
  public void end() {
    try {
      if (close() && layout.series() != null) { // else it was counted when it began
        record(isAllKnown() ? layout : extended());
        if (id != null && label != null) {
          predictions.add(id, new Predictions.Prediction(model, label));
        }
      }
    } catch (RuntimeException | Error e) {
      giveUp();
    }
  }

  private boolean isAllKnown() {
    if (newFeatures != null || (label != null && !layout.knows(label))) {
      return false;
    }
    for (String name : categoricalNames()) {
      if (!layout.knowsCategorical(name)) {
        return false;
      }
    }
    return true;
  }

  private Set<String> categoricalNames() {
    return categorical == null ? Set.of() : categorical.keySet();
  }

  /** Gives what was named for the first time its place. */
  private Layout extended() {
    Map<String, Double> added = newFeatures == null ? Map.of() : newFeatures;
    Layout larger = model.with(added.keySet(), categoricalNames(), label);
    double[] moved = Arrays.copyOf(values, larger.size());
    Arrays.fill(moved, values.length, moved.length, ABSENT);
    added.forEach((name, value) -> moved[larger.place(name)] = value);
    values = moved;
    return larger;
  }

  private void record(Layout used) {
    ModelSeries series = used.series();
    if (series == null) {
      return; // counted when the series was asked for
    }
    long nanos = durationNanos();
    long claim = recorder.claim(series, 1, true);
    if (claim == Recorder.DROPPED) {
      return;
    }
    int rows = 0;
    try {
      fill(recorder.words(claim), recorder.firstValue(claim), series, used);
      rows = 1;
    } finally {
      recorder.publish(claim, nanos, 1, rows, Recorder.NO_ERROR);
    }
  }

  private void fill(int[] words, int at, ModelSeries series, Layout used) {
    int next = at;
    int places = series.features() + (series.hasOtherFeatures() ? 1 : 0);
    for (int place = 0; place < places; place++) {
      next = put(words, next, place < values.length ? values[place] : ABSENT);
    }
    next = put(words, next, score);
    next = put(words, next, label == null ? ABSENT : used.number(label));
    for (int place = 0; place < used.categoricalSize(); place++) {
      put(words, next + 2 * place, ABSENT);
    }
    if (categorical != null) {
      fillCategorical(words, next, used, categorical);
    }
  }

  private static void fillCategorical(
      int[] words, int at, Layout used, Map<String, @Nullable String> given) {
    for (Map.Entry<String, @Nullable String> each : given.entrySet()) {
      int place = used.categoricalPlace(each.getKey());
      String value = each.getValue();
      if (place >= 0) {
        put(words, at + 2 * place, value == null ? Double.NaN : used.code(place, value));
      }
    }
  }

  private static int put(int[] words, int at, double value) {
    if (Double.doubleToRawLongBits(value) == ABSENT_BITS) {
      Recorder.putAbsent(words, at);
    } else {
      Recorder.putDouble(words, at, value);
    }
    return at + 2;
  }

  @Override
  public void fail(Throwable failure) {
    try {
      if (close()) {
        recordError(recorder.errorType(failure));
      }
    } catch (RuntimeException | Error e) {
      giveUp();
    }
  }

  @Override
  public void error(String type) {
    try {
      if (close()) {
        recordError(recorder.errorType(type));
      }
    } catch (RuntimeException | Error e) {
      giveUp();
    }
  }

  private void recordError(int errorType) {
    ModelSeries series = layout.series();
    if (series == null) {
      return;
    }
    long nanos = durationNanos();
    long claim = recorder.claim(series, 0, true);
    if (claim != Recorder.DROPPED) {
      recorder.publish(claim, nanos, 1, 0, errorType);
    }
  }

  private boolean close() {
    if (ended) {
      return false;
    }
    ended = true;
    enclosing.close();
    return true;
  }

  private long durationNanos() {
    return System.nanoTime() - startNanos;
  }
}
