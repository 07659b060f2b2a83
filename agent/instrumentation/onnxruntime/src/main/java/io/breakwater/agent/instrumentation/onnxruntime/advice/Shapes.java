package io.breakwater.agent.instrumentation.onnxruntime.advice;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.TensorInfo;

/** Shapes of tensors, without the copy that the public getter makes. */
final class Shapes {
  private Shapes() {}

  /** Not to be changed. */
  static long[] of(OnnxTensor tensor) {
    TensorInfo info = tensor.getInfo();
    return LibraryMembers.SHAPE != null ? (long[]) LibraryMembers.SHAPE.get(info) : info.getShape();
  }
}
