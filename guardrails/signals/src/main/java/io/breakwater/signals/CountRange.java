package io.breakwater.signals;

/** A count known to lie between two bounds; exact when they meet. Immutable. */
public final class CountRange {
  private final long lower;
  private final long upper;

  /** A range; {@code lower} is at most {@code upper}. */
  public CountRange(long lower, long upper) {
    this.lower = lower;
    this.upper = upper;
  }

  /** The count is at least this. */
  public long lower() {
    return lower;
  }

  /** The count is at most this. */
  public long upper() {
    return upper;
  }

  /** Whether the count is known exactly. */
  public boolean isExact() {
    return lower == upper;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CountRange
        && lower == ((CountRange) other).lower
        && upper == ((CountRange) other).upper;
  }

  @Override
  public int hashCode() {
    return 31 * Long.hashCode(lower) + Long.hashCode(upper);
  }

  @Override
  public String toString() {
    return isExact() ? Long.toString(lower) : lower + ".." + upper;
  }
}
