package io.breakwater.collector.intake;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A 128-bit hash with a secret seed, so that nobody outside can make streams collide. The result of
 * the last call is in {@link #high} and {@link #low}; for use by one thread.
 */
final class StreamHash {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ODD = 0x9E3779B97F4A7C15L;
  private static final long OTHER_ODD = 0xD6E8FEB86659FD93L;

  private final long seed;
  private final long otherSeed;

  /** The result. */
  long high;

  /** The result. */
  long low;

  StreamHash(long seed, long otherSeed) {
    this.seed = seed;
    this.otherSeed = otherSeed;
  }

  /** Another one with the same seeds. */
  StreamHash copy() {
    return new StreamHash(seed, otherSeed);
  }

  void of(byte[] data, int from, int to) {
    long a = seed ^ ((to - from) * OTHER_ODD);
    long b = otherSeed;
    int at = from;
    for (; at + 2 * Long.BYTES <= to; at += 2 * Long.BYTES) {
      long x = (long) LONGS.get(data, at) ^ a;
      long y = (long) LONGS.get(data, at + Long.BYTES) ^ b;
      a = (x * y) ^ otherSeed;
      b = Math.multiplyHigh(x, y) + Long.rotateLeft(y, 17);
      a += Long.rotateLeft(x, 41);
    }
    long x = 0;
    long y = 0;
    if (at + Long.BYTES <= to) {
      x = (long) LONGS.get(data, at);
      at += Long.BYTES;
    }
    if (at < to && to - from >= Long.BYTES) {
      y = (long) LONGS.get(data, to - Long.BYTES);
    } else {
      for (; at < to; at++) {
        y = (y << 8) | (data[at] & 0xff);
      }
    }
    high = mix((a ^ x) + ((b ^ y) * ODD));
    low = mix((Long.rotateLeft(b, 23) ^ y) + ((a ^ Long.rotateLeft(x, 32)) * OTHER_ODD));
  }

  /** The hash of a pair of hashes. */
  void combine(long leftHigh, long leftLow, long rightHigh, long rightLow) {
    long a = mix(leftHigh ^ seed) + rightHigh;
    long b = mix(leftLow ^ otherSeed) + rightLow;
    high = mix(a + Long.rotateLeft(b, 21));
    low = mix(b ^ Long.rotateLeft(a, 43));
  }

  /** The finalizer of SplitMix64. */
  private static long mix(long value) {
    long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
