package io.breakwater.agent.instrumentation.onnxruntime.advice;

import ai.onnxruntime.OnnxTensor;
import java.nio.Buffer;
import java.nio.ByteBuffer;

/** Where the values of a tensor can be read. */
final class TensorBuffers {
  /** Whether {@link #firstFloat} works with this version of the library. */
  static final boolean CAN_READ_FIRST =
      LibraryMembers.FIRST_FLOAT != null
          && LibraryMembers.HANDLE != null
          && LibraryMembers.API != 0;

  private TensorBuffers() {}

  /**
   * The first element of a tensor of floats: one native call, no allocation. NaN if it cannot be
   * read.
   */
  static float firstFloat(OnnxTensor tensor) {
    if (LibraryMembers.FIRST_FLOAT == null || LibraryMembers.HANDLE == null) {
      return Float.NaN;
    }
    try {
      return (float)
          LibraryMembers.FIRST_FLOAT.invokeExact(
              tensor,
              LibraryMembers.API,
              (long) LibraryMembers.HANDLE.get(tensor),
              tensor.getInfo().onnxType.value);
    } catch (Throwable t) {
      return Float.NaN;
    }
  }

  /** An input's: the buffer it was made from if it has one, without a copy. */
  static Buffer ofInput(OnnxTensor tensor, ElementType type) {
    if (LibraryMembers.BUFFER != null) {
      Buffer own = (Buffer) LibraryMembers.BUFFER.get(tensor);
      return own != null ? own : ofOutput(tensor, type);
    }
    return copy(tensor, type);
  }

  /** An output's: native memory, which must not be touched once the result is closed. */
  static Buffer ofOutput(OnnxTensor tensor, ElementType type) {
    if (LibraryMembers.NATIVE_BUFFER == null) {
      return copy(tensor, type);
    }
    try {
      return (ByteBuffer) LibraryMembers.NATIVE_BUFFER.invokeExact(tensor);
    } catch (Throwable t) {
      return copy(tensor, type);
    }
  }

  /** The public way: a copy. */
  private static Buffer copy(OnnxTensor tensor, ElementType type) {
    Buffer copy;
    switch (type) {
      case FLOAT:
        copy = tensor.getFloatBuffer();
        break;
      case DOUBLE:
        copy = tensor.getDoubleBuffer();
        break;
      case INT64:
        copy = tensor.getLongBuffer();
        break;
      case INT32:
        copy = tensor.getIntBuffer();
        break;
      case INT16:
        copy = tensor.getShortBuffer();
        break;
      default:
        copy = tensor.getByteBuffer();
        break;
    }
    return copy;
  }
}
