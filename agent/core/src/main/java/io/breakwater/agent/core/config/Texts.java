package io.breakwater.agent.core.config;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Readers of values. What cannot be read is an {@link IllegalArgumentException}. */
final class Texts {
  private Texts() {}

  /** Trimmed parts that are not empty. */
  static List<String> split(String text, char separator) {
    List<String> parts = new ArrayList<>();
    int from = 0;
    while (from <= text.length()) {
      int to = text.indexOf(separator, from);
      int end = to < 0 ? text.length() : to;
      String part = text.substring(from, end).trim();
      if (!part.isEmpty()) {
        parts.add(part);
      }
      from = end + 1;
    }
    return parts;
  }

  /** {@code key=value,key=value}, percent-encoded, as OpenTelemetry's variables have it. */
  static Map<String, String> pairs(String text) {
    Map<String, String> pairs = new LinkedHashMap<>();
    for (String part : split(text, ',')) {
      int equals = part.indexOf('=');
      if (equals <= 0) {
        throw new IllegalArgumentException("key=value,key=value");
      }
      pairs.put(part.substring(0, equals).trim(), decode(part.substring(equals + 1).trim()));
    }
    return pairs;
  }

  private static String decode(String text) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) { // its message quotes what may be a secret
      throw new IllegalArgumentException("key=value,key=value with values percent-encoded");
    }
  }

  /** Throws unless a header can be sent. */
  static void checkHeader(String name, String value) {
    boolean token = !name.isEmpty();
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      token &= c > ' ' && c < 0x7F && "()<>@,;:\\\"/[]?={}".indexOf(c) < 0;
    }
    if (!token || !isHeaderValue(value)) {
      throw new IllegalArgumentException(
          "key=value,key=value with names of headers, and values without control characters");
    }
  }

  /** Whether a text has no control characters. */
  static boolean isHeaderValue(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isISOControl(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  /** An address without its user and password. */
  static String withoutUser(String text) {
    int from = text.indexOf("//");
    int to = text.lastIndexOf('@');
    return from < 0 || to < from + 2
        ? text
        : text.substring(0, from + 2) + "***" + text.substring(to);
  }

  static boolean bool(String text) {
    if (text.equalsIgnoreCase("true")) {
      return true;
    }
    if (text.equalsIgnoreCase("false")) {
      return false;
    }
    throw new IllegalArgumentException("true or false");
  }

  static int number(String text, int least, int most) {
    try {
      int number = Integer.parseInt(text);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // told with the range below
    }
    throw new IllegalArgumentException(least + " to " + most);
  }

  /** A number with {@code ms}, {@code s}, {@code m} or {@code h}. */
  static Duration duration(String text, Duration least, Duration most) {
    Duration duration = durationOrNegative(text);
    if (duration.compareTo(least) < 0 || duration.compareTo(most) > 0) {
      throw new IllegalArgumentException(
          least.toMillis() + "ms to " + most.toMillis() + "ms, with a unit: ms, s, m, h");
    }
    return duration;
  }

  private static Duration durationOrNegative(String text) {
    int digits = 0;
    while (digits < text.length() && Character.isDigit(text.charAt(digits))) {
      digits++;
    }
    if (digits == 0 || digits > 9) {
      return Duration.ofMillis(-1);
    }
    long number = Long.parseLong(text.substring(0, digits));
    switch (text.substring(digits).trim()) {
      case "ms":
        return Duration.ofMillis(number);
      case "s":
        return Duration.ofSeconds(number);
      case "m":
        return Duration.ofMinutes(number);
      case "h":
        return Duration.ofHours(number);
      default:
        return Duration.ofMillis(-1);
    }
  }
}
