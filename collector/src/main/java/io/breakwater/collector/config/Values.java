package io.breakwater.collector.config;

import io.breakwater.engine.policy.Breaches;
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
  private static final Pattern BREACHES = Pattern.compile("(\\d{1,3}) +of +(\\d{1,3})");

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
        return uri;
      }
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("an http or https address", e);
    }
    throw new IllegalArgumentException("an http or https address");
  }

  static int port(String text) {
    return whole(text, 0, 65_535, "a port from 0 (any free one) to 65535");
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
