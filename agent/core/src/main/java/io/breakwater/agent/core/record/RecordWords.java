package io.breakwater.agent.core.record;

/**
 * Layout of a record, in words of 32 bits: a header, then rows of values.
 *
 * <p>Values take one word each (floats) or two (doubles); {@link #ABSENT} stands for a value that
 * was not read, as opposed to one that is missing (NaN).
 */
final class RecordWords {
  /** Length and kind until the record is published, when they become its first word. */
  static final int KIND = Ring.KIND;

  static final int DURATION_HIGH = 2;
  static final int DURATION_LOW = 3;
  static final int ROWS = 4;
  static final int SAMPLED = 5;
  static final int ERROR = 6;
  static final int SERIES = 7;

  static final int HEADER = 8;

  /** Kinds: what the rows' values are, and whether the record stands for a call. */
  static final int FLOATS = 1 << Ring.LENGTH_BITS;

  static final int DOUBLES = 2 << Ring.LENGTH_BITS;
  static final int VALUES_ONLY = 4 << Ring.LENGTH_BITS;

  /** A NaN that no arithmetic makes, as a float and as the upper half of a double. */
  static final int ABSENT = 0x7ff4b0a7;

  private RecordWords() {}

  static long duration(int[] words, int at) {
    return joined(words[at + DURATION_HIGH], words[at + DURATION_LOW]);
  }

  static double doubleAt(int[] words, int at) {
    return Double.longBitsToDouble(joined(words[at], words[at + 1]));
  }

  private static long joined(int high, int low) {
    return ((long) high << Integer.SIZE) | Integer.toUnsignedLong(low);
  }
}
