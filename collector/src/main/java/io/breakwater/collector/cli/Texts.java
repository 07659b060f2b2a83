package io.breakwater.collector.cli;

import java.util.Locale;

/** Numbers in words of people. */
final class Texts {
  private Texts() {}

  /** A share 0..1 as {@code 12.3 %}; small shares keep two digits. */
  static String percent(double share) {
    double percent = share * 100;
    if (percent == Math.rint(percent)) {
      return String.format(Locale.ROOT, "%.0f %%", percent);
    }
    return String.format(Locale.ROOT, percent < 1 ? "%.2f %%" : "%.1f %%", percent);
  }
}
