package io.breakwater.examples.scoring;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How the columns of a request become the model's input tensor. */
enum RequestSchema {
  /** The median of the training rows stands in for an optional column that is left out. */
  V1 {
    @Override
    InputTensor toTensor(InferRequest request, List<String> features, Map<String, Float> medians) {
      return stack(
          request.rows(), features, (feature, row) -> value(request, feature, row, medians));
    }

    private float value(InferRequest request, String feature, int row, Map<String, Float> medians) {
      float[] column = request.column(feature);
      return column != null ? column[row] : requireNonNull(medians.get(feature));
    }
  },

  /**
   * Stacks the columns that came. This is the bug the demo is about: the rewrite for version 2 lost
   * version 1's medians, so without an optional column the tensor is too narrow for the model. No
   * test noticed, since every test request had all columns.
   */
  V2 {
    @Override
    InputTensor toTensor(InferRequest request, List<String> features, Map<String, Float> medians) {
      List<String> present = features.stream().filter(f -> request.column(f) != null).toList();
      return stack(
          request.rows(), present, (feature, row) -> requireNonNull(request.column(feature))[row]);
    }
  };

  /** The values of an input tensor, row after row, and its shape. */
  static final class InputTensor {
    private final float[] values;
    private final long[] shape;

    private InputTensor(float[] values, long[] shape) {
      this.values = values;
      this.shape = shape;
    }

    float[] values() {
      return values;
    }

    long[] shape() {
      return shape;
    }

    /** Multiplies columns by what the model's metadata says, where all columns are there. */
    void scale(List<String> features, Map<String, Float> scales) {
      if (scales.isEmpty() || shape[1] != features.size()) {
        return;
      }
      for (int i = 0; i < values.length; i++) {
        values[i] *= scales.getOrDefault(features.get(i % features.size()), 1f);
      }
    }
  }

  /** A cell of the tensor. */
  private interface Cell {
    float value(String feature, int row);
  }

  /** The schema called {@code v1} or {@code v2}. */
  static RequestSchema of(String name) {
    for (RequestSchema schema : values()) {
      if (schema.name().toLowerCase(Locale.ROOT).equals(name)) {
        return schema;
      }
    }
    throw new IllegalArgumentException("--schema: " + name + " (expected: v1 or v2)");
  }

  /**
   * The tensor for a request in which only columns that have a median are left out.
   *
   * @param features the model's columns
   * @param medians for each column that may be left out
   */
  abstract InputTensor toTensor(
      InferRequest request, List<String> features, Map<String, Float> medians);

  private static InputTensor stack(int rows, List<String> columns, Cell cell) {
    float[] values = new float[rows * columns.size()];
    for (int row = 0; row < rows; row++) {
      for (int c = 0; c < columns.size(); c++) {
        values[row * columns.size() + c] = cell.value(columns.get(c), row);
      }
    }
    return new InputTensor(values, new long[] {rows, columns.size()});
  }
}
