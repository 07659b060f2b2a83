package io.breakwater.agent.instrumentation.onnxruntime.advice;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.TensorInfo;
import io.breakwater.agent.core.model.RowSample;
import io.breakwater.agent.core.model.Values;
import io.breakwater.agent.core.record.Recorder;
import java.nio.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads score and class of one output.
 *
 * <p>One column of real numbers is the score. Of two the score is the second, of more the greatest;
 * the class is the number of the greatest. One column of integers is the class.
 *
 * <p>A single row is read by one native call for the first element where that is enough: with one
 * column, and with two that always add up to 1. Safe for use by many threads.
 */
final class OutputReader {
  /*
   * Two columns are trusted to add up to 1 once they did in each of TRUST_AFTER calls, and looked at
   * again in one of LOOK_AGAIN. 1 - p loses digits when p is close to 1: below LEAST_COMPLEMENT more
   * than the width of the finest bucket, so there the second element itself is read. The fields that
   * change are plain: a lost update only moves a look.
   */
  private static final int TRUST_AFTER = 64;

  private static final int LOOK_AGAIN = 1024;
  private static final float LEAST_COMPLEMENT = 1e-4f;
  private static final double SUM_TOLERANCE = 1e-5;

  private final String name;
  private final ElementType type;
  private final int maxColumns;
  private final boolean givesClass;
  private int looks;
  private boolean addsUp = true;

  private OutputReader(String name, ElementType type, int maxColumns, boolean givesClass) {
    this.name = name;
    this.type = type;
    this.maxColumns = maxColumns;
    this.givesClass = givesClass;
  }

  /**
   * A reader for an output as the session declares it.
   *
   * @param maxColumns columns beyond which an output is no set of classes
   * @param givesClass whether classes are taken from this output
   * @return null if it is not captured: text, maps and sequences, three dimensions or more
   */
  static @Nullable OutputReader of(NodeInfo declared, int maxColumns, boolean givesClass) {
    if (!(declared.getInfo() instanceof TensorInfo)) {
      return null;
    }
    TensorInfo info = (TensorInfo) declared.getInfo();
    ElementType type = ElementType.of(info.type);
    long[] shape = info.getShape();
    if (type == null || shape.length > 2 || (shape.length == 2 && shape[1] > maxColumns)) {
      return null;
    }
    return new OutputReader(declared.getName(), type, maxColumns, givesClass);
  }

  /** Whether classes can be taken from an output as declared. */
  static boolean canGiveClass(NodeInfo declared) {
    if (!(declared.getInfo() instanceof TensorInfo)) {
      return false;
    }
    TensorInfo info = (TensorInfo) declared.getInfo();
    ElementType type = ElementType.of(info.type);
    long[] shape = info.getShape();
    return type != null && (type.isInteger() || (shape.length == 2 && shape[1] != 1));
  }

  String name() {
    return name;
  }

  boolean needsDouble() {
    return type == ElementType.DOUBLE;
  }

  /**
   * Reads the rows of a sample.
   *
   * @param at where the first row's score goes; its class goes right behind it
   * @param rowWords from one row's score to the next row's
   * @return false, with nothing written, if the tensor does not have a row of scores for each row
   */
  boolean read(
      OnnxTensor tensor,
      int rows,
      long sample,
      int[] words,
      int at,
      int rowWords,
      boolean doubles) {
    long[] shape = Shapes.of(tensor);
    int ownRows = shape.length == 0 ? 1 : (int) shape[0];
    int columns = shape.length == 2 ? (int) shape[1] : 1;
    if (shape.length > 2 || ownRows != rows || columns < 1 || columns > maxColumns) {
      return false;
    }
    if (rows == 1 && readFirst(tensor, columns, words, at, doubles)) {
      return true;
    }
    Buffer values = TensorBuffers.ofOutput(tensor, type);
    int size = RowSample.size(sample, rows);
    for (int i = 0; i < size; i++) {
      int row = RowSample.first(sample) + i * RowSample.step(sample);
      readRow(values, row * columns, columns, words, at + i * rowWords, doubles);
    }
    return true;
  }

  /** The short way; false, with nothing written, where it is not enough. */
  private boolean readFirst(OnnxTensor tensor, int columns, int[] words, int at, boolean doubles) {
    boolean enough = columns == 1 || (columns == 2 && isTrusted());
    if (type != ElementType.FLOAT || !enough || !TensorBuffers.CAN_READ_FIRST) {
      return false;
    }
    float first = TensorBuffers.firstFloat(tensor);
    if (columns == 1) {
      Values.put(words, at, doubles, first);
      Recorder.putAbsent(words, at + Values.width(doubles));
      return true;
    }
    float second = 1 - first;
    if (!(second >= LEAST_COMPLEMENT)) { // also if it is NaN
      return false;
    }
    Values.put(words, at, doubles, second);
    putClass(words, at, doubles, second > first ? 1 : 0);
    return true;
  }

  private boolean isTrusted() {
    int look = looks + 1;
    looks = look;
    return addsUp && (look < 0 || look > TRUST_AFTER) && look % LOOK_AGAIN != 0;
  }

  private void readRow(Buffer values, int from, int columns, int[] words, int at, boolean doubles) {
    double first = type.at(values, from);
    if (columns == 1 && type.isInteger()) {
      Recorder.putAbsent(words, at);
      putClass(words, at, doubles, first);
      return;
    }
    if (columns == 1) {
      Values.put(words, at, doubles, first);
      Recorder.putAbsent(words, at + Values.width(doubles));
      return;
    }
    int greatest = 0;
    double score = first;
    for (int column = 1; column < columns; column++) {
      double value = type.at(values, from + column);
      if (value > score || Double.isNaN(value)) { // a row with a NaN has no score
        greatest = column;
        score = value;
      }
    }
    if (columns == 2) {
      double second = type.at(values, from + 1);
      addsUp &= Math.abs(first + second - 1) <= SUM_TOLERANCE;
      Values.put(words, at, doubles, second);
    } else {
      Values.put(words, at, doubles, score);
    }
    putClass(words, at, doubles, Double.isNaN(score) ? -1 : greatest);
  }

  private void putClass(int[] words, int at, boolean doubles, double number) {
    int classAt = at + Values.width(doubles);
    if (givesClass && number >= 0) {
      Values.put(words, classAt, doubles, number);
    } else {
      Recorder.putAbsent(words, classAt);
    }
  }
}
