package io.breakwater.collector.intake;

import com.google.protobuf.InvalidProtocolBufferException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Bucket counts as protobuf packs them: varints one behind the other. Eight bytes are taken at a
 * time where they are all zeros, eight counts of one byte, or four of two.
 */
public final class PackedCounts {
  /*
   * A varint's bytes but its last have the top bit. So a word without top bits holds eight counts,
   * and one whose every other byte has it holds four counts of two bytes.
   */
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long TOP_BITS = 0x8080808080808080L;
  private static final long TWO_BYTES = 0x0080008000800080L;
  private static final long EVEN_BYTES = 0x00ff00ff00ff00ffL;
  private static final long SHORT_ONES = 0x0001000100010001L;
  private static final long LOW_HALVES = 0x0000ffff0000ffffL;
  private static final long LOW_SEVEN = 0x007f007f007f007fL;

  private PackedCounts() {}

  /** How many counts there are: one for each byte without a top bit. */
  public static int size(byte[] data, int from, int to) {
    int size = 0;
    int at = from;
    for (; at + Long.BYTES <= to; at += Long.BYTES) {
      size += Long.BYTES - Long.bitCount((long) LONGS.get(data, at) & TOP_BITS);
    }
    for (; at < to; at++) {
      size += data[at] >= 0 ? 1 : 0;
    }
    return size;
  }

  /** Most that counts may be together. */
  static final long MAX_SUM = 1L << 40;

  /** Bits of {@link #sumAndSize} that hold the size. */
  static final int SIZE_BITS = 20;

  /**
   * The sum of the counts, and behind it in the lowest {@value #SIZE_BITS} bits how many there are.
   *
   * @return below 0 when a count is, the sum is above {@link #MAX_SUM}, or there are 2^20 or more
   * @throws InvalidProtocolBufferException when a count is cut off or too long
   */
  static long sumAndSize(byte[] data, int from, int to) throws InvalidProtocolBufferException {
    if (to - from >= 1 << SIZE_BITS) {
      return -1;
    }
    long sum = 0;
    int size = 0;
    boolean impossible = false;
    int at = from;
    while (at < to) {
      if (at + Long.BYTES <= to) {
        long word = (long) LONGS.get(data, at);
        long tops = word & TOP_BITS;
        if (tops == 0) {
          long pairs = (word & EVEN_BYTES) + ((word >>> 8) & EVEN_BYTES);
          sum += (pairs * SHORT_ONES) >>> 48;
          size += 8;
          at += Long.BYTES;
          continue;
        }
        if (tops == TWO_BYTES) {
          long four = (word & LOW_SEVEN) | ((word & (LOW_SEVEN << 8)) >>> 1);
          long two = (four & LOW_HALVES) + ((four >>> 16) & LOW_HALVES);
          sum += (two + (two >>> 32)) & 0xffff_ffffL;
          size += 4;
          at += Long.BYTES;
          continue;
        }
      }
      long count = data[at];
      if (count >= 0) {
        at++;
      } else {
        int length = length(data, at, to);
        count = value(data, at, length);
        at += length;
      }
      size++;
      impossible |= count < 0 || count > MAX_SUM;
      sum = Math.min(sum + count, 2 * MAX_SUM);
    }
    return impossible || sum > MAX_SUM ? -1 : (sum << SIZE_BITS) | size;
  }

  private static int length(byte[] data, int at, int to) throws InvalidProtocolBufferException {
    for (int i = at; i < to; i++) {
      if (data[i] >= 0) {
        return i - at + 1;
      }
      if (i - at >= 9) {
        throw new InvalidProtocolBufferException("a bucket count is too long");
      }
    }
    throw new InvalidProtocolBufferException("a bucket count is cut off");
  }

  private static long value(byte[] data, int at, int length) {
    long value = 0;
    for (int i = 0; i < length; i++) {
      value |= (long) (data[at + i] & 0x7f) << (7 * i);
    }
    return value;
  }

  /**
   * Adds the counts to those from {@code slot} on. They were summed before, so that none is cut
   * off, and no sum of those in {@code counts} with these exceeds an int.
   */
  public static void addTo(int[] counts, int slot, byte[] data, int from, int to) {
    int into = slot;
    int at = from;
    while (at < to) {
      if (at + Long.BYTES <= to) {
        long word = (long) LONGS.get(data, at);
        long tops = word & TOP_BITS;
        if (tops == 0) {
          if (word != 0) {
            counts[into] += (int) word & 0x7f;
            counts[into + 1] += (int) (word >>> 8) & 0x7f;
            counts[into + 2] += (int) (word >>> 16) & 0x7f;
            counts[into + 3] += (int) (word >>> 24) & 0x7f;
            counts[into + 4] += (int) (word >>> 32) & 0x7f;
            counts[into + 5] += (int) (word >>> 40) & 0x7f;
            counts[into + 6] += (int) (word >>> 48) & 0x7f;
            counts[into + 7] += (int) (word >>> 56);
          }
          into += 8;
          at += Long.BYTES;
          continue;
        }
        if (tops == TWO_BYTES) {
          long four = (word & LOW_SEVEN) | ((word & (LOW_SEVEN << 8)) >>> 1);
          counts[into] += (int) four & 0xffff;
          counts[into + 1] += (int) (four >>> 16) & 0xffff;
          counts[into + 2] += (int) (four >>> 32) & 0xffff;
          counts[into + 3] += (int) (four >>> 48);
          into += 4;
          at += Long.BYTES;
          continue;
        }
      }
      int value = data[at++];
      if (value < 0) {
        value &= 0x7f;
        int shift = 7;
        byte b;
        do {
          b = data[at++];
          value |= (b & 0x7f) << shift;
          shift += 7;
        } while (b < 0);
      }
      counts[into++] += value;
    }
  }

  /** The counts. */
  static long[] toArray(byte[] data, int from, int to) {
    long[] counts = new long[size(data, from, to)];
    int at = from;
    for (int i = 0; i < counts.length; i++) {
      int length = 1;
      while (data[at + length - 1] < 0) {
        length++;
      }
      counts[i] = value(data, at, length);
      at += length;
    }
    return counts;
  }
}
