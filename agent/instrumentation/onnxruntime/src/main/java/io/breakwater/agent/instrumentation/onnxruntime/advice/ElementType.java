package io.breakwater.agent.instrumentation.onnxruntime.advice;

import ai.onnxruntime.OnnxJavaType;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;
import org.jspecify.annotations.Nullable;

/** Kinds of tensor elements whose values are captured, and how one lies in a buffer. */
enum ElementType {
  FLOAT(Float.BYTES, false),
  DOUBLE(Double.BYTES, true),
  INT64(Long.BYTES, true),
  INT32(Integer.BYTES, true),
  INT16(Short.BYTES, false),
  INT8(Byte.BYTES, false),
  UINT8(Byte.BYTES, false);

  private final int bytes;
  private final boolean needsDouble;

  ElementType(int bytes, boolean needsDouble) {
    this.bytes = bytes;
    this.needsDouble = needsDouble;
  }

  /** Null for text, half floats and what later versions may add. */
  static @Nullable ElementType of(OnnxJavaType type) {
    switch (type) {
      case FLOAT:
        return FLOAT;
      case DOUBLE:
        return DOUBLE;
      case INT64:
        return INT64;
      case INT32:
        return INT32;
      case INT16:
        return INT16;
      case INT8:
        return INT8;
      case UINT8:
      case BOOL:
        return UINT8;
      default:
        return null;
    }
  }

  boolean isInteger() {
    return this != FLOAT && this != DOUBLE;
  }

  /** Whether a float does not hold every value. */
  boolean needsDouble() {
    return needsDouble;
  }

  /**
   * The element of an index, counted from the buffer's position.
   *
   * @param buffer of this type's elements, or of bytes in native order
   */
  double at(Buffer buffer, int index) {
    if (buffer instanceof FloatBuffer) {
      return ((FloatBuffer) buffer).get(buffer.position() + index);
    }
    if (buffer instanceof DoubleBuffer) {
      return ((DoubleBuffer) buffer).get(buffer.position() + index);
    }
    if (buffer instanceof LongBuffer) {
      return ((LongBuffer) buffer).get(buffer.position() + index);
    }
    if (buffer instanceof IntBuffer) {
      return ((IntBuffer) buffer).get(buffer.position() + index);
    }
    if (buffer instanceof ShortBuffer) {
      return ((ShortBuffer) buffer).get(buffer.position() + index);
    }
    return at((ByteBuffer) buffer, buffer.position() + index * bytes);
  }

  private double at(ByteBuffer buffer, int at) {
    boolean swap = buffer.order() != ByteOrder.nativeOrder(); // the library reads native order
    switch (this) {
      case FLOAT:
        int bits = buffer.getInt(at);
        return Float.intBitsToFloat(swap ? Integer.reverseBytes(bits) : bits);
      case DOUBLE:
        long wide = buffer.getLong(at);
        return Double.longBitsToDouble(swap ? Long.reverseBytes(wide) : wide);
      case INT64:
        return swap ? Long.reverseBytes(buffer.getLong(at)) : buffer.getLong(at);
      case INT32:
        return swap ? Integer.reverseBytes(buffer.getInt(at)) : buffer.getInt(at);
      case INT16:
        return swap ? Short.reverseBytes(buffer.getShort(at)) : buffer.getShort(at);
      case INT8:
        return buffer.get(at);
      case UINT8:
        return Byte.toUnsignedInt(buffer.get(at));
    }
    throw new AssertionError(this);
  }
}
