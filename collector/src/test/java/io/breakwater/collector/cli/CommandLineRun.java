package io.breakwater.collector.cli;

/** One run of the command, for tests elsewhere. */
public record CommandLineRun(int status, String out, String err) {
  public static CommandLineRun of(String... arguments) {
    Run run = Run.of(arguments);
    return new CommandLineRun(run.status(), run.out(), run.err());
  }
}
