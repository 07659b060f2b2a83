package io.breakwater.collector.intake;

import com.google.protobuf.InvalidProtocolBufferException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Bucket counts as protobuf packs them: varints one behind the other. Eight bytes are taken at a
 * time, with no decision about a single count where all of them have one or two bytes.
 */
public final class PackedCounts {
  /*
   * A varint's bytes but its last have the top bit. So a word without top bits holds eight counts,
   * and one whose every other byte has it holds four counts of two bytes. A sum needs no single
   * counts: a byte behind one with the top bit weighs 128 times as much as the others, as long as
   * no count has three bytes. The bytes of either weight are added up in lanes of 16 bits.
   */
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long TOP_BITS = 0x8080808080808080L;
  private static final long ENDS_OF_TWO = 0x8000800080008000L;
  private static final long EVEN_BYTES = 0x00ff00ff00ff00ffL;
  private static final long LOW_HALVES = 0x0000ffff0000ffffL;
  private static final long LOW_SEVEN = 0x007f007f007f007fL;

  /** Most bytes whose sum the lanes hold. */
  private static final int MOST_IN_LANES = 2_048;

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
    return to - from <= MOST_IN_LANES ? sumInLanes(data, from, to) : sumOneByOne(data, from, to);
  }

  private static long sumInLanes(byte[] data, int from, int to)
      throws InvalidProtocolBufferException {
    long ones = 0;
    long others = 0;
    int size = to - from;
    long behind = 0; // top bit of the last byte
    for (int at = from; at < to; at += Long.BYTES) {
      long word = to - at >= Long.BYTES ? (long) LONGS.get(data, at) : rest(data, at, to);
      long tops = word & TOP_BITS;
      long seconds = (tops << 8) | behind;
      if ((tops & seconds) != 0) {
        return sumOneByOne(data, from, to);
      }
      long payload = word ^ tops;
      long second = payload & ((seconds >>> 7) * 0xff);
      long one = payload ^ second;
      ones += (one & EVEN_BYTES) + ((one >>> 8) & EVEN_BYTES);
      others += (second & EVEN_BYTES) + ((second >>> 8) & EVEN_BYTES);
      size -= Long.bitCount(tops);
      behind = tops >>> 56;
    }
    if (from < to && data[to - 1] < 0) {
      throw new InvalidProtocolBufferException("a bucket count is cut off");
    }
    return ((lanes(ones) + (lanes(others) << 7)) << SIZE_BITS) | size;
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

  /** The sum of four lanes of 16 bits. */
  private static long lanes(long sums) {
    long halves = (sums & LOW_HALVES) + ((sums >>> 16) & LOW_HALVES);
    return (halves & 0xffff_ffffL) + (halves >>> 32);
  }

  private static long sumOneByOne(byte[] data, int from, int to)
      throws InvalidProtocolBufferException {
    long sum = 0;
    int size = 0;
    boolean impossible = false;
    int at = from;
    while (at < to) {
      int length = length(data, at, to);
      long count = value(data, at, length);
      at += length;
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
    while (to - at >= Long.BYTES) {
      long word = (long) LONGS.get(data, at);
      long ends = ~word & TOP_BITS;
      if (ends == TOP_BITS) {
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
      } else if (ends == ENDS_OF_TWO) {
        long four = (word & LOW_SEVEN) | ((word & (LOW_SEVEN << 8)) >>> 1);
        counts[into] += (int) four & 0xffff;
        counts[into + 1] += (int) (four >>> 16) & 0xffff;
        counts[into + 2] += (int) (four >>> 32) & 0xffff;
        counts[into + 3] += (int) (four >>> 48);
        into += 4;
        at += Long.BYTES;
      } else if (ends != 0) {
        boolean upToTwo = (word & (word << 8) & TOP_BITS) == 0;
        into = upToTwo ? addMixed(counts, into, word, ends) : addEach(counts, into, word, ends);
        at += Long.BYTES - (Long.numberOfLeadingZeros(ends) >>> 3);
      } else {
        int length = 1;
        while (data[at + length - 1] < 0) {
          length++;
        }
        counts[into++] += (int) value(data, at, length);
        at += length;
      }
    }
    if (at < to) {
      addRest(counts, into, data, at, to);
    }
  }

  private static void addRest(int[] counts, int into, byte[] data, int at, int to) {
    int bits = 8 * (Long.BYTES - (to - at));
    if (to >= Long.BYTES) {
      // the word up to the end, of which the first bytes were added before and count nothing
      long word = (long) LONGS.get(data, to - Long.BYTES) & (-1L << bits);
      long ends = ~word & TOP_BITS & (-1L << bits);
      if ((word & (word << 8) & TOP_BITS) == 0) {
        addMixed(counts, into, word, ends);
        return;
      }
    }
    long word = rest(data, at, to);
    addEach(counts, into, word, ~word & (TOP_BITS >>> bits));
  }

  /**
   * Adds counts of one or two bytes, byte by byte: which count a byte belongs to is how many ended
   * before it.
   */
  private static int addMixed(int[] counts, int slot, long word, long ends) {
    long before = (ends >>> 7) * 0x0101010101010100L;
    long sevens = ((word & TOP_BITS) << 8 >>> 7) * 7; // for a second byte: seven bits further
    int size = Long.bitCount(ends);
    counts[slot] += (int) word & 0x7f;
    counts[slot + byteAt(before, 8)] += ((int) (word >>> 8) & 0x7f) << byteAt(sevens, 8);
    counts[slot + byteAt(before, 16)] += ((int) (word >>> 16) & 0x7f) << byteAt(sevens, 16);
    counts[slot + byteAt(before, 24)] += ((int) (word >>> 24) & 0x7f) << byteAt(sevens, 24);
    counts[slot + byteAt(before, 32)] += ((int) (word >>> 32) & 0x7f) << byteAt(sevens, 32);
    counts[slot + byteAt(before, 40)] += ((int) (word >>> 40) & 0x7f) << byteAt(sevens, 40);
    counts[slot + byteAt(before, 48)] += ((int) (word >>> 48) & 0x7f) << byteAt(sevens, 48);
    int last = byteAt(before, 56);
    if (last < size) { // else it begins a count that ends in the next word
      counts[slot + last] += ((int) (word >>> 56) & 0x7f) << byteAt(sevens, 56);
    }
    return slot + size;
  }

  private static int byteAt(long word, int bit) {
    return (int) (word >>> bit) & 0xff;
  }

  /** Adds the counts of a word, which are those whose last bytes are given. */
  private static int addEach(int[] counts, int slot, long bytes, long lasts) {
    int into = slot;
    long word = bytes;
    long ends = lasts;
    while (ends != 0) {
      int last = Long.numberOfTrailingZeros(ends);
      long count = word & (-1L >>> (Long.SIZE - 1 - last));
      counts[into++] +=
          (int)
              ((count & 0x7f)
                  | ((count >>> 1) & 0x3f80)
                  | ((count >>> 2) & 0x1fc000)
                  | ((count >>> 3) & 0xfe00000)
                  | ((count >>> 4) & 0x7_f000_0000L));
      word = word >>> last >>> 1;
      ends = ends >>> last >>> 1;
    }
    return into;
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
