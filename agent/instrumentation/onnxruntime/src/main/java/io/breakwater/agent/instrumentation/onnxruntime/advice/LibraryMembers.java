package io.breakwater.agent.instrumentation.onnxruntime.advice;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxTensorLike;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The library's private members that save copies and allocations. Constants, so that using one
 * costs no more than the access itself; null where this version of the library does not have it.
 */
final class LibraryMembers {
  /** {@code Buffer OnnxTensor.buffer}: where a tensor made in Java has its values. */
  static final @Nullable VarHandle BUFFER = field(OnnxTensor.class, "buffer", Buffer.class);

  /** {@code long[] TensorInfo.shape}: the public getter copies. */
  static final @Nullable VarHandle SHAPE = field(TensorInfo.class, "shape", long[].class);

  /** {@code Map OrtSession.Result.map}: values by output. */
  static final @Nullable VarHandle RESULT_MAP = field(OrtSession.Result.class, "map", Map.class);

  /** {@code float OnnxTensor.getFloat(api, handle, type)}: the first element. */
  static final @Nullable MethodHandle FIRST_FLOAT =
      method("getFloat", MethodType.methodType(float.class, long.class, long.class, int.class));

  /** {@code ByteBuffer OnnxTensor.getBuffer()}: the native memory in native order, not a copy. */
  static final @Nullable MethodHandle NATIVE_BUFFER =
      method("getBuffer", MethodType.methodType(ByteBuffer.class));

  /** {@code long OnnxTensorLike.nativeHandle}. */
  static final @Nullable VarHandle HANDLE = field(OnnxTensorLike.class, "nativeHandle", long.class);

  /** {@code long OnnxRuntime.ortApiHandle}, a constant of the process; 0 if not found. */
  static final long API = api();

  private LibraryMembers() {}

  private static @Nullable VarHandle field(Class<?> owner, String name, Class<?> type) {
    try {
      return MethodHandles.privateLookupIn(owner, MethodHandles.lookup())
          .findVarHandle(owner, name, type);
    } catch (ReflectiveOperationException | RuntimeException e) {
      return null; // another version, or a module that is not open: the public way is taken
    }
  }

  private static @Nullable MethodHandle method(String name, MethodType type) {
    try {
      return MethodHandles.privateLookupIn(OnnxTensor.class, MethodHandles.lookup())
          .findVirtual(OnnxTensor.class, name, type);
    } catch (ReflectiveOperationException | RuntimeException e) {
      return null; // as above
    }
  }

  private static long api() {
    try {
      Class<?> runtime =
          Class.forName("ai.onnxruntime.OnnxRuntime", true, OnnxTensor.class.getClassLoader());
      return (long)
          MethodHandles.privateLookupIn(runtime, MethodHandles.lookup())
              .findStaticVarHandle(runtime, "ortApiHandle", long.class)
              .get();
    } catch (ReflectiveOperationException | RuntimeException e) {
      return 0; // as above
    }
  }
}
