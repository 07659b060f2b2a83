package io.breakwater.engine.detect;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Drift in words. */
final class DriftWords {
  private static final int DIGITS = 3;

  private DriftWords() {}

  /** What makes a row one of those there are too many of. */
  static String what(Edge edge, boolean yes) {
    return switch (edge.kind()) {
      case VALUE -> (yes ? "at most " : "above ") + number(edge.at());
      case COMPLEMENT -> (yes ? "below " : "at least ") + rest(edge.at());
      case NAME -> (yes ? "class " : "not class ") + edge.name();
      case OTHER -> yes ? "none of the usual classes" : "one of the usual classes";
      case MISSING -> yes ? "missing" : "not missing";
    };
  }

  /** The whole story: {@code 22 % of values above 0.84, the reference's p90; normal is 10 %}. */
  static String sentence(Edge edge, boolean yes, long bad, long seen) {
    String now = percent(seen == 0 ? 0 : (double) bad / seen);
    String was = percent(yes ? edge.share() : 1 - edge.share());
    return switch (edge.kind()) {
      case VALUE, COMPLEMENT ->
          now + " of values " + what(edge, yes) + place(edge.share()) + "; normal is " + was;
      case NAME ->
          "class "
              + edge.name()
              + ": "
              + percent(seen == 0 ? 0 : (double) (yes ? bad : seen - bad) / seen)
              + " of rows, was "
              + percent(edge.share());
      case OTHER ->
          (yes ? "classes that were rare or unknown: " : "the usual classes: ")
              + now
              + " of rows, was "
              + was;
      case MISSING ->
          "missing: "
              + percent(seen == 0 ? 0 : (double) (yes ? bad : seen - bad) / seen)
              + " of rows, was "
              + percent(edge.share());
    };
  }

  private static String place(double share) {
    if (share == 0) {
      return ", below all of the reference";
    }
    return share == 1
        ? ", above all of the reference"
        : ", the reference's p" + plain(100 * share, 2);
  }

  private static String number(double value) {
    return plain(value, DIGITS);
  }

  /** One less a number, with the digits by which it differs from 1. */
  private static String rest(double complement) {
    BigDecimal rounded =
        BigDecimal.valueOf(complement).round(new MathContext(2, RoundingMode.HALF_UP));
    return BigDecimal.ONE.subtract(rounded).stripTrailingZeros().toPlainString();
  }

  private static String percent(double share) {
    double percent = 100 * share;
    return plain(percent, percent >= 99 || percent < 1 ? DIGITS : 2) + " %";
  }

  /** At most that many significant digits; powers of ten in words only where long. */
  private static String plain(double value, int digits) {
    if (Math.abs(value) < 1e-300) {
      return "0";
    }
    BigDecimal rounded =
        BigDecimal.valueOf(value)
            .round(new MathContext(digits, RoundingMode.HALF_UP))
            .stripTrailingZeros();
    boolean isLong = Math.abs(rounded.precision() - rounded.scale()) > 9;
    return isLong ? rounded.toString() : rounded.toPlainString();
  }
}
