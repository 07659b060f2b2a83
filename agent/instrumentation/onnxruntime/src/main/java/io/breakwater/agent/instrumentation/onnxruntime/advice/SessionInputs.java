package io.breakwater.agent.instrumentation.onnxruntime.advice;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.breakwater.agent.core.model.ModelDescription;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The inputs of a session, their columns counted through. Immutable. */
final class SessionInputs {
  private final List<InputColumns> captured;
  private final @Nullable String first;
  private final boolean open;
  private final boolean complete;

  private SessionInputs(
      List<InputColumns> captured, @Nullable String first, boolean open, boolean complete) {
    this.captured = List.copyOf(captured);
    this.first = first;
    this.open = open;
    this.complete = complete;
  }

  /**
   * What the session declares.
   *
   * @param given inputs of a call that succeeded, for what the session leaves open; may be null
   */
  static SessionInputs of(OrtSession session, @Nullable Map<?, ?> given) throws OrtException {
    List<InputColumns> captured = new ArrayList<>();
    String first = null;
    boolean open = false;
    boolean complete = true;
    for (NodeInfo declared : session.getInputInfo().values()) {
      first = first == null ? declared.getName() : first;
      InputColumns columns = InputColumns.of(declared, given);
      if (columns == null) {
        complete = false;
      } else {
        captured.add(columns);
        open |= given == null && InputColumns.isOpen(declared);
      }
    }
    return new SessionInputs(captured, first, open, complete);
  }

  /** Nothing but rows. */
  SessionInputs withoutColumns() {
    return new SessionInputs(List.of(), first, false, true);
  }

  List<InputColumns> captured() {
    return captured;
  }

  /** Whether a call has to tell what the session leaves open. */
  boolean isOpen() {
    return open;
  }

  /** Whether all inputs are captured. */
  boolean isComplete() {
    return complete;
  }

  /** Columns of all captured inputs. */
  int columns() {
    long columns = 0;
    for (InputColumns input : captured) {
      columns += input.columns();
    }
    return (int) Math.min(columns, Integer.MAX_VALUE);
  }

  /** Whether a float does not hold every value. */
  boolean needDoubles() {
    for (InputColumns input : captured) {
      if (input.type().needsDouble()) {
        return true;
      }
    }
    return false;
  }

  /** Names of the first columns. */
  List<String> names(ModelDescription model, int most) {
    List<String> names = new ArrayList<>();
    for (InputColumns input : captured) {
      for (int column = 0; column < input.columns() && names.size() < most; column++) {
        String named = model.feature(names.size());
        names.add(named != null ? named : input.nameOf(column));
      }
    }
    return names;
  }

  /** Rows of a call. */
  int rows(@Nullable Map<?, ?> given) {
    Object value = given == null || first == null ? null : given.get(first);
    if (!(value instanceof OnnxTensor)) {
      return 1;
    }
    OnnxTensor tensor = (OnnxTensor) value;
    for (int i = 0; i < captured.size(); i++) {
      InputColumns input = captured.get(i);
      if (input.name().equals(first) && input.isOneRow(tensor)) {
        return 1;
      }
    }
    long[] shape = Shapes.of(tensor);
    return shape.length == 0 ? 1 : (int) Math.min(shape[0], Integer.MAX_VALUE);
  }
}
