package io.breakwater.agent.instrumentation.onnxruntime.advice;

import ai.onnxruntime.OnnxTensor;
import io.breakwater.agent.core.model.RowSample;
import io.breakwater.agent.core.model.Values;
import io.breakwater.agent.core.record.Drops;
import io.breakwater.agent.core.record.ModelSeries;
import io.breakwater.agent.core.record.Recorder;
import java.nio.Buffer;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Reads the features of a call out of its input tensors, input by input. Of the columns beyond the
 * limit of features one, drawn at random, is read per row. Safe for use by many threads.
 */
final class FeatureReader {
  private final InputColumns[] inputs;
  private final int[] firstColumns;
  private final int own;
  private final int others;
  private final boolean doubles;
  private final Drops drops;

  FeatureReader(List<InputColumns> inputs, ModelSeries series, boolean doubles, Drops drops) {
    this.inputs = inputs.toArray(new InputColumns[0]);
    this.firstColumns = new int[this.inputs.length];
    int column = 0;
    for (int i = 0; i < firstColumns.length; i++) {
      firstColumns[i] = column;
      column += this.inputs[i].columns();
    }
    this.own = series.features();
    this.others = series.otherFeatures();
    this.doubles = doubles;
    this.drops = drops;
  }

  /**
   * Reads the rows of a sample; what cannot be read is written as absent, and counted.
   *
   * @param at where the first row's first feature goes
   * @param rowWords from one row to the next
   */
  void read(@Nullable Map<?, ?> given, int rows, long sample, int[] words, int at, int rowWords) {
    int width = Values.width(doubles);
    int next = at;
    for (int i = 0; i < inputs.length; i++) {
      int count = Math.min(inputs[i].columns(), own - firstColumns[i]);
      if (count > 0) {
        read(i, count, given, rows, sample, words, next, rowWords);
        next += count * width;
      }
    }
    if (others > 0) {
      readOthers(given, rows, sample, words, next, rowWords);
    }
  }

  private void read(
      int input,
      int count,
      @Nullable Map<?, ?> given,
      int rows,
      long sample,
      int[] words,
      int at,
      int rowWords) {
    OnnxTensor tensor = tensor(input, given, rows);
    int size = RowSample.size(sample, rows);
    if (tensor == null) {
      absent(count, size, words, at, rowWords);
      drops.add(Drops.Reason.SHAPE);
      return;
    }
    try {
      Buffer values = TensorBuffers.ofInput(tensor, inputs[input].type());
      for (int i = 0; i < size; i++) {
        int row = RowSample.first(sample) + i * RowSample.step(sample);
        int from = row * inputs[input].columns();
        copy(values, inputs[input].type(), from, count, words, at + i * rowWords);
      }
    } catch (RuntimeException e) { // a buffer that was changed under the tensor, say
      absent(count, size, words, at, rowWords);
      drops.add(Drops.Reason.UNREADABLE);
    }
  }

  /** The tensor of an input, null if it does not have a row for each row of the call. */
  private @Nullable OnnxTensor tensor(int input, @Nullable Map<?, ?> given, int rows) {
    Object value = given == null ? null : given.get(inputs[input].name());
    if (!(value instanceof OnnxTensor)) {
      return null;
    }
    OnnxTensor tensor = (OnnxTensor) value;
    return inputs[input].rows(tensor) == rows ? tensor : null;
  }

  private void copy(Buffer values, ElementType type, int from, int count, int[] words, int at) {
    if (!doubles && values instanceof FloatBuffer) {
      FloatBuffer floats = (FloatBuffer) values;
      int position = floats.position() + from;
      for (int column = 0; column < count; column++) {
        words[at + column] = Float.floatToRawIntBits(floats.get(position + column));
      }
      return;
    }
    int width = Values.width(doubles);
    for (int column = 0; column < count; column++) {
      Values.put(words, at + column * width, doubles, type.at(values, from + column));
    }
  }

  private void absent(int count, int rows, int[] words, int at, int rowWords) {
    int width = Values.width(doubles);
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < count; column++) {
        Recorder.putAbsent(words, at + row * rowWords + column * width);
      }
    }
  }

  private void readOthers(
      @Nullable Map<?, ?> given, int rows, long sample, int[] words, int at, int rowWords) {
    int size = RowSample.size(sample, rows);
    absent(1, size, words, at, rowWords);
    for (int i = 0; i < size; i++) {
      int column = own + ThreadLocalRandom.current().nextInt(others);
      int input = inputOf(column);
      OnnxTensor tensor = tensor(input, given, rows);
      if (tensor != null) {
        ElementType type = inputs[input].type();
        int row = RowSample.first(sample) + i * RowSample.step(sample);
        int from = row * inputs[input].columns() + column - firstColumns[input];
        Buffer values = TensorBuffers.ofInput(tensor, type);
        Values.put(words, at + i * rowWords, doubles, type.at(values, from));
      }
    }
    drops.add(Drops.Reason.FEATURES_OVER_LIMIT, (long) (others - 1) * size);
  }

  private int inputOf(int column) {
    int input = inputs.length - 1;
    while (firstColumns[input] > column) {
      input--;
    }
    return input;
  }
}
