package io.breakwater.collector.cli;

/** What the process's exit status says. */
final class ExitCode {
  /** All is well. */
  static final int FINE = 0;

  /** The command worked and found something: a breaker is open, a chain is broken. */
  static final int FINDING = 1;

  /** Wrong usage or wrong input. */
  static final int USAGE = 2;

  /** The collector or a backend cannot be reached. */
  static final int UNREACHABLE = 3;

  private ExitCode() {}
}
