package io.breakwater.examples.demo;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/** Prints for people: a timeline, and colours where they are wanted. */
final class Terminal {
  /** How a line is meant. */
  enum Tone {
    PLAIN(""),
    GOOD("\u001b[32m"),
    BAD("\u001b[31m"),
    STRONG("\u001b[1m"),
    QUIET("\u001b[2m");

    private final String code;

    Tone(String code) {
      this.code = code;
    }
  }

  private static final String RESET = "\u001b[0m";

  private final PrintStream out;
  private final boolean interactive;
  private final boolean colours;
  private long startedNanos = System.nanoTime();
  private boolean progressShown;

  private Terminal(PrintStream out, boolean interactive, boolean colours) {
    this.out = out;
    this.interactive = interactive;
    this.colours = colours;
  }

  /**
   * Standard output.
   *
   * @param interactive whether it is a terminal; then there is progress, and colours unless {@code
   *     NO_COLOR} is set
   */
  static Terminal standard(boolean interactive) {
    String noColor = System.getenv("NO_COLOR");
    return new Terminal(
        System.out, interactive, interactive && (noColor == null || noColor.isEmpty()));
  }

  /** Starts the timeline's clock. */
  void startClock() {
    startedNanos = System.nanoTime();
  }

  /** A line of its own. */
  void line(Tone tone, String text) {
    clearProgress();
    out.println(colours && !tone.code.isEmpty() ? tone.code + text + RESET : text);
  }

  void line(String text) {
    line(Tone.PLAIN, text);
  }

  /** A line of the timeline, with the time since its start. */
  void event(Tone tone, String text) {
    event(Duration.ofNanos(System.nanoTime() - startedNanos), tone, text);
  }

  void event(String text) {
    event(Tone.PLAIN, text);
  }

  /** A line of the timeline for something that happened a while ago. */
  void eventBefore(Duration ago, Tone tone, String text) {
    event(Duration.ofNanos(System.nanoTime() - startedNanos).minus(ago), tone, text);
  }

  /** Shown on a terminal only, until the next line. */
  void progress(String text) {
    if (interactive) {
      out.print("\r\u001b[K          " + text);
      out.flush();
      progressShown = true;
    }
  }

  private void event(Duration at, Tone tone, String text) {
    line(tone, String.format(Locale.ROOT, "%8.2f s  %s", at.toNanos() / 1e9, text));
  }

  private void clearProgress() {
    if (progressShown) {
      out.print("\r\u001b[K");
      progressShown = false;
    }
  }
}
