package io.breakwater.engine.breaker;

import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.util.Locale;

/** Numbers as people read them. */
public final class Words {
  private Words() {}

  /** For example {@code 0.4 s}. */
  public static String seconds(Duration time) {
    return number(time.toMillis() / 1000.0) + " s";
  }

  /** A share (0..1) as percentage, for example {@code 51.5 %}. */
  public static String percent(double share) {
    return number(share * 100) + " %";
  }

  /** A duration to three digits, for example {@code 51.7 ms} or {@code 1.2 s}. */
  public static String duration(double seconds) {
    boolean millis = seconds < 1;
    String digits =
        new BigDecimal(millis ? seconds * 1000 : seconds)
            .round(new MathContext(3))
            .stripTrailingZeros()
            .toPlainString();
    return digits + (millis ? " ms" : " s");
  }

  private static String number(double value) {
    int decimals = value == 0 || value >= 0.1 ? 1 : 2;
    String text = String.format(Locale.ROOT, "%." + decimals + "f", value);
    return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
  }
}
