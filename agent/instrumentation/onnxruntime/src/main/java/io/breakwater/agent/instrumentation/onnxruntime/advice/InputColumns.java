package io.breakwater.agent.instrumentation.onnxruntime.advice;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.TensorInfo;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One input of a session, read as columns. Immutable. */
final class InputColumns {
  private final String name;
  private final int rank;
  private final int columns;
  private final ElementType type;

  private InputColumns(String name, int rank, int columns, ElementType type) {
    this.name = name;
    this.rank = rank;
    this.columns = columns;
    this.type = type;
  }

  /**
   * An input as the session declares it: {@code [rows, columns]}, {@code [rows]} where the size is
   * left open, {@code [columns]} where it is fixed, or a single number. Where the number of columns
   * is left open too, a call's tensor tells it.
   *
   * @return null if its values are not captured: text, half floats, three dimensions or more
   */
  static @Nullable InputColumns of(NodeInfo declared, @Nullable Map<?, ?> inputs) {
    if (!(declared.getInfo() instanceof TensorInfo)) {
      return null;
    }
    TensorInfo info = (TensorInfo) declared.getInfo();
    ElementType type = ElementType.of(info.type);
    long[] shape = info.getShape();
    if (type == null || shape.length > 2) {
      return null;
    }
    long columns = columns(shape);
    if (columns < 0) {
      Object given = inputs == null ? null : inputs.get(declared.getName());
      columns = given instanceof OnnxTensor ? Shapes.of((OnnxTensor) given)[1] : 0;
    }
    return new InputColumns(
        declared.getName(), shape.length, (int) Math.min(columns, Integer.MAX_VALUE), type);
  }

  private static long columns(long[] shape) {
    switch (shape.length) {
      case 2:
        return shape[1];
      case 1:
        return Math.max(1, shape[0]);
      default:
        return 1;
    }
  }

  /** Whether the number of columns is open and no call has told it. */
  static boolean isOpen(NodeInfo declared) {
    if (!(declared.getInfo() instanceof TensorInfo)) {
      return false;
    }
    long[] shape = ((TensorInfo) declared.getInfo()).getShape();
    return shape.length == 2 && shape[1] < 0;
  }

  String name() {
    return name;
  }

  int columns() {
    return columns;
  }

  ElementType type() {
    return type;
  }

  /** Name of a column for want of a better one. */
  String nameOf(int column) {
    return columns == 1 ? name : name + "[" + column + "]";
  }

  /** Whether the tensor is all columns of one row. */
  boolean isOneRow(OnnxTensor tensor) {
    return rank == 0 || (rank == 1 && columns > 1 && Shapes.of(tensor).length == 1);
  }

  /** Rows of a tensor; -1 if it has not the shape of this input. */
  int rows(OnnxTensor tensor) {
    long[] shape = Shapes.of(tensor);
    if (shape.length != rank) {
      return -1;
    }
    if (isOneRow(tensor)) {
      return rank == 0 || shape[0] == columns ? 1 : -1;
    }
    return rank == 1 || shape[1] == columns ? (int) shape[0] : -1;
  }
}
