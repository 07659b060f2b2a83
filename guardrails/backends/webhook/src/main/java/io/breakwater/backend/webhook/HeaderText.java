package io.breakwater.backend.webhook;

import java.nio.charset.StandardCharsets;

/** Texts as values of HTTP headers. */
public final class HeaderText {
  private HeaderText() {}

  /**
   * A text whose parts anybody may have chosen, such as an id with a model's name in it: all but
   * visible ASCII, and the percent sign, is percent-encoded. Most texts stay as they are.
   */
  public static String of(String text) {
    StringBuilder safe = new StringBuilder(text.length());
    for (byte one : text.getBytes(StandardCharsets.UTF_8)) {
      if (one > ' ' && one < 0x7f && one != '%') {
        safe.append((char) one);
      } else {
        safe.append('%').append(Character.forDigit((one >> 4) & 15, 16));
        safe.append(Character.forDigit(one & 15, 16));
      }
    }
    return safe.toString();
  }
}
