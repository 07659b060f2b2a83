package io.breakwater.collector.config;

import static java.util.Objects.requireNonNull;

/**
 * One thing that is wrong in a guardrail file.
 *
 * @param line from 1; 0 when the file as a whole is meant
 * @param column from 1; 0 when the file as a whole is meant
 * @param message what is wrong and what would be right
 */
public record Problem(String source, int line, int column, String message) {
  public Problem {
    requireNonNull(source, "source");
    requireNonNull(message, "message");
  }

  /** {@code file:line:column: message}, the form editors and terminals make a link of. */
  @Override
  public String toString() {
    return line == 0
        ? source + ": " + message
        : source + ":" + line + ":" + column + ": " + message;
  }
}
