package io.breakwater.agent.instrumentation.onnxruntime.advice;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.breakwater.agent.core.model.ModelDescription;
import io.breakwater.agent.core.model.RowSample;
import io.breakwater.agent.core.model.Values;
import io.breakwater.agent.core.record.CaptureRules;
import io.breakwater.agent.core.record.Drops;
import io.breakwater.agent.core.record.ModelSeries;
import io.breakwater.agent.core.record.Recorder;
import io.breakwater.agent.core.record.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How the calls of one session are read, and where they are recorded. Safe for use by many threads;
 * recording a call allocates nothing where outputs are read the short way.
 */
final class CallPlan {
  private static final int MOST_OUTPUTS = 8;
  private static final OutputReader[] NO_OUTPUTS = {};

  private final Recorder recorder;
  private final ModelSeries series;
  private final SessionInputs inputs;
  private final FeatureReader features;
  private final OutputReader[] outputs;
  private final boolean doubles;
  private final int maxRows;
  private final boolean complete;

  private CallPlan(
      Recorder recorder,
      ModelSeries series,
      SessionInputs inputs,
      OutputReader[] outputs,
      boolean complete) {
    this.recorder = recorder;
    this.series = series;
    this.inputs = inputs;
    this.outputs = outputs;
    this.doubles = needDoubles(inputs, outputs);
    this.features = new FeatureReader(inputs.captured(), series, doubles, recorder.drops());
    this.maxRows = Recorder.maxRows(series, doubles);
    this.complete = complete;
  }

  private static boolean needDoubles(SessionInputs inputs, OutputReader[] outputs) {
    for (OutputReader output : outputs) {
      if (output.needsDouble()) {
        return true;
      }
    }
    return inputs.needDoubles();
  }

  /**
   * A plan for a session's calls.
   *
   * @param given inputs of a call that succeeded, null if there was none yet
   * @return null if the process has too many models; this has been counted
   */
  static @Nullable CallPlan of(
      OrtSession session, ModelDescription model, Recorder recorder, @Nullable Map<?, ?> given)
      throws OrtException {
    CaptureRules rules = recorder.rules();
    SessionInputs declared = SessionInputs.of(session, given);
    SessionInputs inputs = rules.features() ? declared : declared.withoutColumns();
    List<OutputReader> outputs = new ArrayList<>();
    List<Schema.Output> outputSchemas = new ArrayList<>();
    boolean complete = inputs.isComplete();
    boolean givesClass = true;
    for (NodeInfo output : session.getOutputInfo().values()) {
      OutputReader reader = OutputReader.of(output, rules.limits().maxCategories(), givesClass);
      if (reader == null || outputs.size() == MOST_OUTPUTS) {
        complete = false;
      } else {
        givesClass &= !OutputReader.canGiveClass(output);
        outputs.add(reader);
        outputSchemas.add(Schema.Output.of(reader.name(), model.classes()));
      }
    }
    Schema schema = schema(inputs, model, rules, outputSchemas);
    ModelSeries series = recorder.series(model.name(), model.version(), model.framework(), schema);
    return series == null
        ? null
        : new CallPlan(recorder, series, inputs, outputs.toArray(NO_OUTPUTS), complete);
  }

  private static Schema schema(
      SessionInputs inputs,
      ModelDescription model,
      CaptureRules rules,
      List<Schema.Output> outputs) {
    List<String> names = inputs.names(model, rules.limits().maxFeatures());
    return Schema.of(names, inputs.columns() - names.size(), outputs);
  }

  /** A plan for calls within those of another model: features only, under that model's name. */
  static @Nullable CallPlan within(
      ModelDescription outer,
      OrtSession session,
      ModelDescription model,
      Recorder recorder,
      @Nullable Map<?, ?> given)
      throws OrtException {
    CaptureRules rules = recorder.rules();
    SessionInputs inputs = SessionInputs.of(session, given);
    ModelSeries series =
        rules.features()
            ? recorder.series(
                outer.name(),
                outer.version(),
                outer.framework(),
                schema(inputs, model, rules, List.of()))
            : null;
    return series == null
        ? null
        : new CallPlan(recorder, series, inputs, NO_OUTPUTS, inputs.isComplete());
  }

  /** Whether a call has to tell what the session leaves open. */
  boolean isOpen() {
    return inputs.isOpen();
  }

  /** Records a call that succeeded. */
  void recordSuccess(long nanos, @Nullable Map<?, ?> given, OrtSession.Result result) {
    int rows = inputs.rows(given);
    long sample = RowSample.of(rows, Math.max(1, maxRows));
    int sampled = maxRows == 0 ? 0 : RowSample.size(sample, rows);
    long claim = recorder.claim(series, sampled, doubles);
    if (claim == Recorder.DROPPED) {
      return;
    }
    int filled = 0;
    try {
      if (sampled > 0) {
        fill(recorder.words(claim), recorder.firstValue(claim), given, result, rows, sample);
      }
      filled = sampled;
    } finally {
      recorder.publish(claim, nanos, rows, filled, Recorder.NO_ERROR);
    }
    if (!complete) {
      recorder.drops().add(Drops.Reason.UNSUPPORTED);
    }
  }

  private void fill(
      int[] words,
      int at,
      @Nullable Map<?, ?> given,
      OrtSession.Result result,
      int rows,
      long sample) {
    int width = Values.width(doubles);
    int rowWords = series.rowValues() * width;
    features.read(given, rows, sample, words, at, rowWords);
    int next = at + (series.rowValues() - 2 * outputs.length) * width;
    for (OutputReader output : outputs) {
      read(output, result, rows, sample, words, next, rowWords);
      next += 2 * width;
    }
  }

  private void read(
      OutputReader output,
      OrtSession.Result result,
      int rows,
      long sample,
      int[] words,
      int at,
      int rowWords) {
    try {
      Object value = Results.get(result, output.name());
      if (value == null) { // the caller did not ask for it
        absent(words, at, RowSample.size(sample, rows), rowWords);
        return;
      }
      if (value instanceof OnnxTensor
          && output.read((OnnxTensor) value, rows, sample, words, at, rowWords, doubles)) {
        return;
      }
      recorder.drops().add(Drops.Reason.SHAPE);
    } catch (RuntimeException e) {
      recorder.drops().add(Drops.Reason.UNREADABLE);
    }
    absent(words, at, RowSample.size(sample, rows), rowWords);
  }

  private void absent(int[] words, int at, int rows, int rowWords) {
    for (int row = 0; row < rows; row++) {
      Recorder.putAbsent(words, at + row * rowWords);
      Recorder.putAbsent(words, at + row * rowWords + Values.width(doubles));
    }
  }

  /** Records a call that threw. */
  void recordFailure(long nanos, Throwable failure) {
    long claim = recorder.claim(series, 0, doubles);
    if (claim != Recorder.DROPPED) {
      recorder.publish(claim, nanos, 0, 0, recorder.errorType(failure));
    }
  }

  /** Records the features of a call that is part of another. */
  void recordFeatures(@Nullable Map<?, ?> given) {
    int rows = inputs.rows(given);
    long sample = RowSample.of(rows, Math.max(1, maxRows));
    int sampled = maxRows == 0 ? 0 : RowSample.size(sample, rows);
    long claim = recorder.claim(series, sampled, doubles);
    if (claim == Recorder.DROPPED) {
      return;
    }
    int filled = 0;
    try {
      if (sampled > 0) {
        int rowWords = series.rowValues() * Values.width(doubles);
        features.read(
            given, rows, sample, recorder.words(claim), recorder.firstValue(claim), rowWords);
      }
      filled = sampled;
    } finally {
      recorder.publishValues(claim, filled);
    }
  }
}
