package io.breakwater.engine.policy;

/**
 * How many of the last evaluations must breach before a breach counts as confirmed; {@code 1 of 1}
 * confirms at once.
 */
public record Breaches(int needed, int of) {
  /** One breach confirms itself. */
  public static final Breaches AT_ONCE = new Breaches(1, 1);

  public Breaches {
    if (of < 1 || of > 64) {
      throw new IllegalArgumentException("of: " + of + " (expected: 1 to 64)");
    }
    if (needed < 1 || needed > of) {
      throw new IllegalArgumentException("needed: " + needed + " (expected: 1 to " + of + ")");
    }
  }
}
