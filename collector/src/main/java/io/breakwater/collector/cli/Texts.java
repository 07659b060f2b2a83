package io.breakwater.collector.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** Numbers and records in words of people. */
final class Texts {
  private Texts() {}

  /** A share 0..1 as {@code 12.3 %}; small shares keep two digits. */
  static String percent(double share) {
    double percent = share * 100;
    if (Math.abs(percent - Math.rint(percent)) < 1e-9 || percent >= 10) {
      return String.format(Locale.ROOT, "%.0f %%", percent);
    }
    return String.format(Locale.ROOT, percent < 1 ? "%.2f %%" : "%.1f %%", percent);
  }

  /** A time to the millisecond; what is no time stays as it is. */
  static String time(String iso) {
    try {
      return Instant.parse(iso).truncatedTo(ChronoUnit.MILLIS).toString();
    } catch (DateTimeException e) {
      return iso;
    }
  }

  /** An audit record in one line. */
  static String line(JsonNode entry) {
    String version = entry.hasNonNull("version") ? " " + entry.path("version").asText() : "";
    return time(entry.path("at").asText())
        + " "
        + entry.path("model").asText()
        + version
        + " "
        + entry.path("kind").asText()
        + " "
        + change(entry)
        + ": "
        + entry.path("reason").asText();
  }

  /** {@code CLOSED -> TRIPPING}, or the state where it stays. */
  static String change(JsonNode entry) {
    String from = entry.path("from").asText();
    String to = entry.path("to").asText();
    return from.equals(to) ? to : from + " -> " + to;
  }
}
