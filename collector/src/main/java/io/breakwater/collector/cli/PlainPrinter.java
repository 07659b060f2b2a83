package io.breakwater.collector.cli;

import java.io.PrintWriter;
import java.io.Writer;

/**
 * Prints text that may come from anybody, such as the name of a model: control characters, with
 * which it could move the cursor or rewrite what stands above it, and marks of text direction, with
 * which it could show itself otherwise than it is, become {@code ?}.
 */
final class PlainPrinter extends PrintWriter {
  private static final String CLEAR = "\u001b[H\u001b[2J";

  PlainPrinter(Writer out) {
    super(out, true);
  }

  /** Begins a fresh screen on a terminal. */
  void clearScreen() {
    super.write(CLEAR, 0, CLEAR.length());
  }

  @Override
  public void write(int c) {
    super.write(plain((char) c));
  }

  @Override
  public void write(char[] text, int start, int length) {
    char[] plain = new char[length];
    for (int i = 0; i < length; i++) {
      plain[i] = plain(text[start + i]);
    }
    super.write(plain, 0, length);
  }

  @Override
  public void write(String text, int start, int length) {
    write(text.toCharArray(), start, length);
  }

  /** A text as one line: line breaks become {@code ?} as well. */
  static String plainLine(String text) {
    StringBuilder line = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      line.append(c == '\n' || c == '\r' ? '?' : plain(c));
    }
    return line.toString();
  }

  private static char plain(char c) {
    boolean kept = c == '\n' || c == '\r' || c == '\t' || !Character.isISOControl(c);
    return kept && !turnsText(c) && !breaksLine(c) ? c : '?';
  }

  private static boolean turnsText(char c) {
    return (c >= '\u202a' && c <= '\u202e')
        || (c >= '\u2066' && c <= '\u2069')
        || c == '\u200e'
        || c == '\u200f'
        || c == '\u061c';
  }

  private static boolean breaksLine(char c) {
    return c == '\u2028' || c == '\u2029';
  }
}
