package io.breakwater.collector.config;

import io.breakwater.engine.policy.Breaches;
import io.breakwater.engine.policy.Guardrail.SlowThreshold;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the file's single values mean. Every method throws an {@link IllegalArgumentException} whose
 * message says what would be right.
 */
public final class Values {
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");
  private static final Map<String, Duration> UNITS =
      Map.of(
          "ms", Duration.ofMillis(1),
          "s", Duration.ofSeconds(1),
          "m", Duration.ofMinutes(1),
          "h", Duration.ofHours(1),
          "d", Duration.ofDays(1));
  private static final Pattern BYTES = Pattern.compile("(\\d{1,6})(MiB|GiB)");
  private static final Pattern BREACHES = Pattern.compile("(\\d{1,3}) +of +(\\d{1,3})");
  private static final Pattern PERCENTILE = Pattern.compile("p(\\d{1,2}(?:\\.\\d{1,6})?)");
  private static final Pattern BUDGET = Pattern.compile("(\\d{1,7}) +per +(\\S+)");
  private static final String BUDGET_FORM = "N per DURATION, such as 1 per 100d";

  private Values() {}

  /** A time with its unit, above 0. */
  public static Duration duration(String text) {
    Duration duration = durationOrZero(text);
    if (duration.isZero()) {
      throw new IllegalArgumentException("a duration above 0, such as 30s");
    }
    return duration;
  }

  static Duration durationOrZero(String text) {
    Matcher matcher = DURATION.matcher(text);
    Duration unit = matcher.matches() ? UNITS.get(matcher.group(2)) : null;
    if (unit == null) {
      throw new IllegalArgumentException("a duration such as 100ms, 30s, 15m, 24h or 100d");
    }
    return unit.multipliedBy(Long.parseLong(matcher.group(1)));
  }

  /** {@code 5%} or {@code 0.05}, above 0 and below 1. */
  static double share(String text) {
    double share = number(text, "a share above 0 and below 1, such as 0.05 or 5%");
    if (!(share > 0 && share < 1)) {
      throw new IllegalArgumentException("a share above 0 and below 1, such as 0.05 or 5%");
    }
    return share;
  }

  /** Like {@link #share}, and {@code 100%}. */
  static double shareOrAll(String text) {
    double share = number(text, "a share above 0 and at most 1, such as 0.5 or 50%");
    if (!(share > 0 && share <= 1)) {
      throw new IllegalArgumentException("a share above 0 and at most 1, such as 0.5 or 50%");
    }
    return share;
  }

  /** Like {@link #share}, and 0. */
  static double shareOrZero(String text) {
    String expected = "a share from 0 to below 1, such as 0.03 or 3%";
    double share = number(text, expected);
    if (!(share >= 0 && share < 1)) {
      throw new IllegalArgumentException(expected);
    }
    return share;
  }

  static double quantile(String text) {
    String expected = "a quantile above 0 and below 1, such as 0.99";
    double quantile = number(text, expected);
    if (!(quantile > 0 && quantile < 1)) {
      throw new IllegalArgumentException(expected);
    }
    return quantile;
  }

  /** {@code 50ms}, or a quantile of the stable version such as {@code p99}. */
  static SlowThreshold slow(String text) {
    Matcher matcher = PERCENTILE.matcher(text);
    try {
      return matcher.matches()
          ? new SlowThreshold.OfStable(quantile(matcher.group(1) + "%"))
          : new SlowThreshold.Fixed(duration(text));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "a duration above 0 such as 50ms, or a quantile of the stable version such as p99", e);
    }
  }

  /** {@code 1 per 100d}, as alarms a day. */
  static double alarmsPerDay(String text) {
    Matcher matcher = BUDGET.matcher(text);
    try {
      if (matcher.matches()) {
        double millis = duration(matcher.group(2)).toMillis();
        double alarms = positive(matcher.group(1));
        return alarms * Duration.ofDays(1).toMillis() / millis;
      }
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(BUDGET_FORM, e);
    }
    throw new IllegalArgumentException(BUDGET_FORM);
  }

  static double probability(String text) {
    double probability = number(text, "a probability above 0 and below 1, such as 1e-4");
    if (!(probability > 0 && probability < 1)) {
      throw new IllegalArgumentException("a probability above 0 and below 1, such as 1e-4");
    }
    return probability;
  }

  private static double number(String text, String expected) {
    try {
      return text.endsWith("%")
          ? Double.parseDouble(text.substring(0, text.length() - 1)) / 100
          : Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(expected, e);
    }
  }

  static Breaches breaches(String text) {
    Matcher matcher = BREACHES.matcher(text);
    if (matcher.matches()) {
      int needed = Integer.parseInt(matcher.group(1));
      int of = Integer.parseInt(matcher.group(2));
      if (needed >= 1 && needed <= of && of <= 64) {
        return new Breaches(needed, of);
      }
    }
    throw new IllegalArgumentException("N of M with 1 <= N <= M <= 64, such as 3 of 5");
  }

  static URI httpUri(String text) {
    try {
      URI uri = new URI(text);
      boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      if (http && uri.getHost() != null) {
        if (uri.getUserInfo() != null) {
          throw new IllegalArgumentException("an address without a user name or password in it");
        }
        return uri;
      }
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("an http or https address", e);
    }
    throw new IllegalArgumentException("an http or https address");
  }

  /** {@code 512MiB} or {@code 2GiB}, in bytes. */
  static long bytes(String text) {
    Matcher matcher = BYTES.matcher(text);
    long number = matcher.matches() ? Long.parseLong(matcher.group(1)) : 0;
    if (number == 0) {
      throw new IllegalArgumentException("a size from 1MiB on, such as 512MiB or 2GiB");
    }
    return number << (matcher.group(2).equals("MiB") ? 20 : 30);
  }

  /** A size from {@code min} to {@code max} bytes. */
  static long bytes(String text, long min, long max) {
    String expected =
        "a size from " + shownBytes(min) + " to " + shownBytes(max) + ", such as 64MiB";
    Matcher matcher = BYTES.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(expected);
    }
    long bytes = Long.parseLong(matcher.group(1)) << (matcher.group(2).equals("MiB") ? 20 : 30);
    if (bytes < min || bytes > max) {
      throw new IllegalArgumentException(expected);
    }
    return bytes;
  }

  /** A size as {@link #bytes(String)} reads it. */
  static String shownBytes(long bytes) {
    long gib = 1L << 30;
    return bytes % gib == 0 ? bytes / gib + "GiB" : (bytes >> 20) + "MiB";
  }

  /** A whole number from {@code min} to {@code max}. */
  static int within(String text, int min, int max) {
    return whole(text, min, max, "a whole number from " + min + " to " + max);
  }

  static int port(String text) {
    return whole(text, 0, 65_535, "a port from 0 (any free one) to 65535");
  }

  static int rows(String text) {
    return whole(text, 100, 10_000_000, "a whole number from 100 to 10000000");
  }

  static int wholeOrZero(String text) {
    return whole(text, 0, 1_000_000, "a whole number from 0 to 1000000");
  }

  static int positive(String text) {
    return whole(text, 1, 1_000_000, "a whole number from 1 to 1000000");
  }

  private static int whole(String text, int min, int max, String expected) {
    try {
      int number = Integer.parseInt(text);
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(expected, e);
    }
    throw new IllegalArgumentException(expected);
  }

  /** A bearer token: visible ASCII, so that a header carries it as it is. */
  static String bearer(String text) {
    if (text.isEmpty() || !text.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw new IllegalArgumentException("a token of visible ASCII characters without blanks");
    }
    return text;
  }

  static String text(String text) {
    if (text.isBlank()) {
      throw new IllegalArgumentException("a text");
    }
    return text;
  }

  /** The constant whose name, in lower case, is {@code text}. */
  static <E extends Enum<E>> E choice(Class<E> type, String text) {
    List<String> words =
        Arrays.stream(type.getEnumConstants()).map(e -> e.name().toLowerCase(Locale.ROOT)).toList();
    int index = words.indexOf(text);
    if (index < 0) {
      throw new IllegalArgumentException(
          "one of " + String.join(", ", words) + "; nearest: " + Nearest.to(text, words));
    }
    return type.getEnumConstants()[index];
  }
}
