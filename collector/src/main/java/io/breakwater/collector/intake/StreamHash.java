package io.breakwater.collector.intake;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A 64-bit hash over bytes with a secret seed, so that nobody outside can make streams collide. Two
 * instances with different seeds make 128 bits.
 */
final class StreamHash {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ODD = 0x9E3779B97F4A7C15L;

  private final long seed;

  StreamHash(long seed) {
    this.seed = seed;
  }

  long of(byte[] data, int from, int to) {
    long hash = seed ^ (to - from);
    int at = from;
    for (; at + 8 <= to; at += 8) {
      hash = mix(hash ^ (long) LONGS.get(data, at));
    }
    long tail = 0;
    for (; at < to; at++) {
      tail = (tail << 8) | (data[at] & 0xff);
    }
    return mix(hash ^ tail);
  }

  long combine(long left, long right) {
    return mix(mix(left ^ seed) + right);
  }

  /** The finalizer of SplitMix64 over a multiplied state. */
  private static long mix(long value) {
    long z = value * ODD;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
