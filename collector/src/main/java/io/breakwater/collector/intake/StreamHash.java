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
    int length = to - from;
    long a = seed ^ (length * OTHER_ODD);
    long b = otherSeed;
    for (int at = from; at < to - 2 * Long.BYTES; at += 2 * Long.BYTES) {
      long x = (long) LONGS.get(data, at) ^ a;
      long y = (long) LONGS.get(data, at + Long.BYTES) ^ b;
      a = x * y + Long.rotateLeft(x, 41);
      b = Math.multiplyHigh(x, y) + Long.rotateLeft(y, 17);
    }
    long first;
    long last;
    if (length >= Long.BYTES) { // the last 16 bytes, or 8 from either end
      first = (long) LONGS.get(data, Math.max(from, to - 2 * Long.BYTES));
      last = (long) LONGS.get(data, to - Long.BYTES);
    } else {
      first = 0;
      last = 0;
      for (int at = from; at < to; at++) {
        last = (last << 8) | (data[at] & 0xff);
      }
    }
    long x = first ^ a;
    long y = last ^ b;
    a = x * y + Long.rotateLeft(x, 41);
    b = Math.multiplyHigh(x, y) + Long.rotateLeft(y, 17);
    long up = (a ^ (b >>> 32)) * ODD;
    long down = (b ^ (a >>> 32)) * OTHER_ODD;
    high = up ^ (down >>> 32);
    low = down ^ (up >>> 32);
  }

  /** The hash of a pair of hashes. */
  void combine(long leftHigh, long leftLow, long rightHigh, long rightLow) {
    long a = mix(leftHigh ^ seed) + rightHigh;
    long b = mix(leftLow ^ otherSeed) + rightLow;
    high = mix(a + Long.rotateLeft(b, 21));
    low = mix(b ^ Long.rotateLeft(a, 43));
  }

  /** The hash of a stream and an interval. */
  void interval(long streamHigh, long streamLow, long start, long end) {
    long from = start * (seed | 1);
    long to = end * (otherSeed | 1);
    high = mix(streamHigh + from + Long.rotateLeft(to, 32));
    low = mix(streamLow + to - Long.rotateLeft(from, 32));
  }

  /** The finalizer of SplitMix64. */
  private static long mix(long value) {
    long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
