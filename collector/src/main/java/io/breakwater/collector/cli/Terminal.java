package io.breakwater.collector.cli;

import java.io.Console;

/** Whether a person looks on. */
final class Terminal {
  private Terminal() {}

  /** Whether input and output are a terminal that can move its cursor. */
  @SuppressWarnings("SystemConsoleNull") // newer JDKs are asked below
  static boolean isThere() {
    Console console = System.console();
    return console != null && isTerminal(console) && !"dumb".equals(System.getenv("TERM"));
  }

  /** {@code Console.isTerminal} of JDK 22; before, a console was always one. */
  private static boolean isTerminal(Console console) {
    try {
      return (boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (ReflectiveOperationException e) {
      return true; // an older JDK
    }
  }
}
