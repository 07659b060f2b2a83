package io.breakwater.agent.core.start;

import static java.util.Objects.requireNonNull;

import java.io.PrintStream;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What the agent says to people: one line each, on stderr. Safe for use by many threads; printing
 * never throws.
 */
final class Console implements BiConsumer<String, Throwable> {
  private final PrintStream out;
  private final boolean debug;

  /**
   * A console.
   *
   * @param debug whether a stack trace follows a problem
   */
  Console(PrintStream out, boolean debug) {
    this.out = requireNonNull(out, "out");
    this.debug = debug;
  }

  /** Says something. */
  void say(String message) {
    out.println("breakwater: " + message.replaceAll("\\s*[\\r\\n]+\\s*", " "));
  }

  /** Tells what is not as it should be, and why. */
  @Override
  public void accept(String problem, @Nullable Throwable cause) {
    say(cause == null ? problem : problem + ": " + innermost(cause));
    if (debug && cause != null) {
      cause.printStackTrace(out);
    }
  }

  private static Throwable innermost(Throwable cause) {
    Throwable found = cause;
    while (found.getCause() != null) {
      found = found.getCause();
    }
    return found;
  }
}
