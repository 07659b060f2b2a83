package io.breakwater.collector.cli;

import io.breakwater.collector.config.CollectorConfig;
import io.breakwater.collector.config.ConfigException;
import io.breakwater.collector.config.GuardrailFile;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code validate}: reads a guardrail file, and looks at what it wants to control. */
@Command(
    name = "validate",
    mixinStandardHelpOptions = true,
    description = "Checks a guardrail file; names everything that is wrong with it.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class ValidateCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "FILE", description = "The guardrail file.")
  private Path file;

  @Option(
      names = "--connect",
      description = {
        "Also try what the file leads to: read every backend's target, connect to every alert"
            + " target, look whether reference files arm the drift guardrails.",
        "Nothing is changed or delivered."
      })
  private boolean connect;

  private ValidateCommand() {}

  @Override
  public Integer call() throws CommandException {
    CollectorConfig config;
    try {
      config = GuardrailFile.reader().read(file);
    } catch (ConfigException e) {
      throw new CommandException(ExitCode.USAGE, Summary.of(e), e);
    }
    PrintWriter out = spec.commandLine().getOut();
    config.models().forEach(rule -> out.println(Summary.of(rule)));
    String limits = Summary.of(config.limits());
    if (!limits.isEmpty()) {
      out.println("limits: " + limits);
    }
    out.println(file + ": fine");
    return connect ? new Connections(config, out).check() : ExitCode.FINE;
  }
}
