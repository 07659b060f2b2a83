package io.breakwater.collector.intake;

import com.google.protobuf.InvalidProtocolBufferException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Repeated numbers of 8 bytes, while they are read. For use by one thread. */
final class FixedList {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private long[] numbers = new long[0];
  private int size;

  void addAll(byte[] data, int from, int to) throws InvalidProtocolBufferException {
    if ((to - from) % Long.BYTES != 0) {
      throw new InvalidProtocolBufferException("a list of numbers is cut off");
    }
    for (int at = from; at < to; at += Long.BYTES) {
      add((long) LONGS.get(data, at));
    }
  }

  void add(long number) throws InvalidProtocolBufferException {
    if (size > ExponentialPoint.MAX_BUCKETS) {
      throw new InvalidProtocolBufferException(
          "a histogram has more than " + ExponentialPoint.MAX_BUCKETS + " buckets");
    }
    if (size == numbers.length) {
      numbers = Arrays.copyOf(numbers, Math.max(16, 2 * size));
    }
    numbers[size++] = number;
  }

  int size() {
    return size;
  }

  long[] longs() {
    return Arrays.copyOf(numbers, size);
  }

  double[] doubles() {
    double[] doubles = new double[size];
    Arrays.setAll(doubles, i -> Double.longBitsToDouble(numbers[i]));
    return doubles;
  }
}
