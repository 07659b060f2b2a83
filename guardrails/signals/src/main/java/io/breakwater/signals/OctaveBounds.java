package io.breakwater.signals;

/** The bounds {@code 2^(j/2^scale)} of one octave's buckets, exact to the last bit of a double. */
final class OctaveBounds {
  /*
   * A number from 1 to 2 is kept in fixed point with 120 fraction bits, as two digits of 60 bits; a
   * bound is the product of at most ten of the roots below, one for each bit of j. That leaves it
   * wrong by less than 2^-115, while no bound comes closer to a double than 2^-64. Long
   * arithmetic and not BigInteger, since this runs once, in an interpreter, in somebody else's JVM:
   * about ten times faster there.
   */
  private static final int DIGIT_BITS = 60;
  private static final long DIGIT = (1L << DIGIT_BITS) - 1;
  private static final long ONE = 1L << DIGIT_BITS;
  private static final int MANTISSA_BITS = 52;

  /** Upper digits of {@code 2^(1/2^k)} for k from 1 to 10: whole part and 60 fraction bits. */
  private static final long[] ROOT_HIGH = {
    0x16A09E667F3BCC90L,
    0x1306FE0A31B7152DL,
    0x1172B83C7D517ADCL,
    0x10B5586CF9890F62L,
    0x1059B0D31585743AL,
    0x102C9A3E778060EEL,
    0x10163DA9FB33356DL,
    0x100B1AFA5ABCBED6L,
    0x10058C86DA1C09EAL,
    0x1002C605E2E8CEC5L
  };

  /** Lower digits, the next 60 fraction bits. */
  private static final long[] ROOT_LOW = {
    0x08B2FB1366EA957DL,
    0x0E8D5A46305C85EDL,
    0x0DF7C8C50EB14A79L,
    0x098B92B71842A983L,
    0x0E7C548EB68CA417L,
    0x06F7CACA4F7A29BDL,
    0x084A66AE336DCDFAL,
    0x0129AB13EC11DC95L,
    0x01FF19D294CF2F67L,
    0x006D21BFC89A23A0L
  };

  private final long[] high;
  private final long[] low;

  private OctaveBounds(int scale) {
    this.high = new long[1 << scale];
    this.low = new long[1 << scale];
    high[0] = ONE;
    for (int j = 1; j < high.length; j++) {
      int bit = Integer.SIZE - 1 - Integer.numberOfLeadingZeros(j);
      setProduct(j, j - (1 << bit), scale - bit - 1);
    }
  }

  /**
   * The mantissas of an octave's lower bounds, rounded down, and that of the next octave.
   *
   * @param scale 0 to {@value BucketIndex#MAX_SCALE}
   */
  static long[] mantissas(int scale) {
    OctaveBounds bounds = new OctaveBounds(scale);
    long[] mantissas = new long[bounds.high.length + 1];
    for (int j = 0; j < bounds.high.length; j++) {
      mantissas[j] = (bounds.high[j] - ONE) >> (DIGIT_BITS - MANTISSA_BITS);
    }
    mantissas[bounds.high.length] = 1L << MANTISSA_BITS; // above every mantissa
    return mantissas;
  }

  private void setProduct(int to, int bound, int root) {
    long cross = upper(high[bound], ROOT_LOW[root]) + upper(low[bound], ROOT_HIGH[root]);
    long carried = ((high[bound] * ROOT_HIGH[root]) & DIGIT) + cross;
    high[to] = upper(high[bound], ROOT_HIGH[root]) + (carried >>> DIGIT_BITS);
    low[to] = carried & DIGIT;
  }

  /** The product without its lowest 60 bits. */
  private static long upper(long a, long b) {
    return (Math.multiplyHigh(a, b) << (Long.SIZE - DIGIT_BITS)) | ((a * b) >>> DIGIT_BITS);
  }
}
