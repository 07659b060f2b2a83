package io.breakwater.engine.detect;

import static java.util.Objects.requireNonNull;

/**
 * One question a drift detector asks of every row: whether it lies on one side of something.
 *
 * @param kind what the question is
 * @param at the number it is about; 0 for other kinds
 * @param name the class or category it is about; empty for other kinds
 * @param share share of the reference's rows for which the answer is yes, 0..1
 */
public record Edge(Kind kind, double at, String name, double share) {
  /** The questions. */
  public enum Kind {
    /** Is the value at most {@code at}? */
    VALUE,
    /** Is one less the value above {@code at}, that is, the value below {@code 1 - at}? */
    COMPLEMENT,
    /** Is it of class {@code name}? */
    NAME,
    /** Is it of none of the named classes? */
    OTHER,
    /** Is there no value? */
    MISSING
  }

  public Edge {
    requireNonNull(kind, "kind");
    requireNonNull(name, "name");
  }

  static Edge value(double at, double share) {
    return new Edge(Kind.VALUE, at, "", share);
  }

  static Edge complement(double at, double share) {
    return new Edge(Kind.COMPLEMENT, at, "", share);
  }

  static Edge name(String name, double share) {
    return new Edge(Kind.NAME, 0, name, share);
  }

  static Edge other(double share) {
    return new Edge(Kind.OTHER, 0, "", share);
  }

  static Edge missing(double share) {
    return new Edge(Kind.MISSING, 0, "", share);
  }
}
