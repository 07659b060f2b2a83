package io.breakwater.collector.cli;

import org.jspecify.annotations.Nullable;

/** A verb cannot do its work; the message is for people and complete. */
final class CommandException extends Exception {
  private static final long serialVersionUID = 1L;
  private final int exitCode;

  CommandException(int exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  CommandException(int exitCode, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  int exitCode() {
    return exitCode;
  }
}
