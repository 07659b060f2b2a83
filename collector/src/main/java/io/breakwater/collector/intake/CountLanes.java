package io.breakwater.collector.intake;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Bucket counts as numbers of 16 bits, one behind the other: unpacked once when they are checked,
 * and added four at a time. For use by one thread.
 *
 * <p>Implementation notes. A count in a varint of one byte is spread to 16 bits, one of two bytes
 * has its 14 bits closed up, eight bytes at a time while all have the same length; what follows in
 * other lengths is taken run by run. Whoever adds counts keeps account of {@link #most}, so that no
 * lane overflows into the next.
 */
public final class CountLanes {
  /** Bytes of a count. */
  public static final int BYTES = Short.BYTES;

  /** Bytes that have to be there behind the last count, where adding may write what was there. */
  public static final int SLACK = Long.BYTES;

  /** Most that a lane holds. */
  public static final int MAX_LANE = 0xffff;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle SHORTS =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

  private static final long TOP_BITS = 0x8080808080808080L;
  private static final long FIRSTS_OF_TWO = 0x0080008000800080L;
  private static final long LOW_BYTES = 0x00ff00ff00ff00ffL;
  private static final long LOW_SEVEN = 0x007f007f007f007fL;
  private static final long LOW_HALVES = 0x0000ffff0000ffffL;

  /** Most bytes that are unpacked; whose sums the lanes of a word hold. */
  private static final int MAX_BYTES = 1_024;

  /** The counts' sum. */
  int sum;

  /** How many counts there are. */
  int size;

  /** A number that no count exceeds, less than twice the highest. */
  int most;

  /** Where what comes behind {@code size} counts begins. */
  static int next(int at, int size) {
    return at + BYTES * ((size + 3) & ~3);
  }

  /** Bytes that may be written by unpacking so many. */
  static int room(int bytes) {
    return BYTES * bytes + 4 * Long.BYTES;
  }

  /**
   * Unpacks counts from {@code at} on, and makes what is up to a word behind them zero.
   *
   * @return false when they are to be read in another way: more than these lanes hold, or not well
   *     formed
   */
  boolean unpack(byte[] data, int from, int to, byte[] into, int at) {
    if (to - from > MAX_BYTES) {
      return false;
    }
    long ones = 0;
    long others = 0;
    long any = 0;
    int out = at;
    int next = from;
    while (next < to) {
      int left = Math.min(Long.BYTES, to - next);
      long word = left == Long.BYTES ? (long) LONGS.get(data, next) : rest(data, next, to);
      long tops = word & TOP_BITS;
      if (tops == FIRSTS_OF_TWO && left == Long.BYTES) {
        long four = closed(word);
        others += (four & LOW_HALVES) + ((four >>> 16) & LOW_HALVES);
        any |= four;
        LONGS.set(into, out, four);
        out += 4 * BYTES;
        next += Long.BYTES;
      } else if (tops == 0) {
        ones += (word & LOW_BYTES) + ((word >>> 8) & LOW_BYTES);
        LONGS.set(into, out, spread(word));
        LONGS.set(into, out + Long.BYTES, spread(word >>> Integer.SIZE));
        out += left * BYTES;
        next += left;
      } else {
        int run = Long.numberOfTrailingZeros(tops) >>> 3;
        long first = word & ~(-1L << (8 * run));
        long rest = word >>> (8 * run);
        int alike = Long.numberOfTrailingZeros((rest & TOP_BITS) ^ FIRSTS_OF_TWO) >>> 4;
        int pairs = Math.min((left - run) >> 1, alike);
        long four = closed(rest & ~(-1L << (16 * pairs)));
        if (run + pairs == 0) {
          return false;
        }
        ones += (first & LOW_BYTES) + ((first >>> 8) & LOW_BYTES);
        others += (four & LOW_HALVES) + ((four >>> 16) & LOW_HALVES);
        any |= four;
        LONGS.set(into, out, spread(first));
        LONGS.set(into, out + Long.BYTES, spread(first >>> Integer.SIZE));
        LONGS.set(into, out + run * BYTES, four);
        out += (run + pairs) * BYTES;
        next += run + 2 * pairs;
      }
    }
    LONGS.set(into, out, 0L);
    sum = lanes(ones) + (int) others + (int) (others >>> Integer.SIZE);
    size = (out - at) / BYTES;
    most = any == 0 ? 0x7f : most(any);
    return true;
  }

  /** Four counts of two bytes each as numbers. */
  private static long closed(long word) {
    return (word & LOW_SEVEN) | ((word >>> 1) & (LOW_SEVEN << 7));
  }

  /** The up to seven bytes that are left, with zeros behind them. */
  private static long rest(byte[] data, int at, int to) {
    if (to >= Long.BYTES) {
      return (long) LONGS.get(data, to - Long.BYTES) >>> (8 * (Long.BYTES - (to - at)));
    }
    long word = 0;
    for (int i = to - 1; i >= at; i--) {
      word = (word << 8) | (data[i] & 0xff);
    }
    return word;
  }

  /** The lower four bytes as numbers. */
  private static long spread(long four) {
    long x = four & 0xffff_ffffL;
    x = (x | (x << 16)) & LOW_HALVES;
    return (x | (x << 8)) & LOW_BYTES;
  }

  private static int lanes(long sums) {
    long halves = (sums & LOW_HALVES) + ((sums >>> 16) & LOW_HALVES);
    return (int) halves + (int) (halves >>> 32);
  }

  private static int most(long any) {
    long half = any | (any >>> 32);
    int bits = ((int) (half | (half >>> 16)) & 0xffff) | 0x7f;
    return (Integer.highestOneBit(bits) << 1) - 1;
  }

  /** Adds {@code size} counts of {@code lanes} to those of {@code into}. */
  public static void add(byte[] into, int at, byte[] lanes, int from, int size) {
    int to = from + size * BYTES;
    int out = at;
    for (int next = from; next < to; next += Long.BYTES) {
      LONGS.set(into, out, (long) LONGS.get(into, out) + (long) LONGS.get(lanes, next));
      out += Long.BYTES;
    }
  }

  /** The counts. */
  public static long[] toArray(byte[] lanes, int at, int size) {
    long[] counts = new long[size];
    for (int i = 0; i < size; i++) {
      counts[i] = get(lanes, at + i * BYTES);
    }
    return counts;
  }

  /** The count at a position. */
  public static int get(byte[] lanes, int at) {
    return (short) SHORTS.get(lanes, at) & MAX_LANE;
  }
}
