package io.breakwater.collector.cli;

import java.io.PrintWriter;
import java.nio.charset.Charset;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The {@code breakwater} command. */
@Command(
    name = "breakwater",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    description = "Watches models that serve from JVMs and takes a bad one out of traffic.",
    subcommands = {
      CollectorCommand.class,
      ValidateCommand.class,
      StatusCommand.class,
      WatchCommand.class,
      DecisionsCommand.class,
      AuditCommand.class,
      BacktestCommand.class,
      ReferenceCommand.class,
      OrderCommand.Trip.class,
      OrderCommand.Reset.class,
      OrderCommand.Hold.class,
      OrderCommand.Approve.class,
      OrderCommand.Release.class,
      OrderCommand.Promote.class,
      OrderCommand.Disable.class
    },
    footer = {
      "",
      "Exit status: 0 fine, 1 finding (a breaker is open, a record does not fit its chain),",
      "2 wrong usage or input, 3 cannot reach."
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class Main implements Runnable {
  @Spec private CommandSpec spec;

  private Main() {}

  /** Runs one verb and ends the process with its status. */
  public static void main(String[] args) {
    PrintWriter out = new PrintWriter(System.out, true, Charset.defaultCharset());
    PrintWriter err = new PrintWriter(System.err, true, Charset.defaultCharset());
    System.setErr(new LogStream(System.err));
    System.exit(run(out, err, args));
  }

  /** Runs one verb; results go to {@code out}, messages to {@code err}. */
  static int run(PrintWriter out, PrintWriter err, String... args) {
    return new CommandLine(new Main())
        .setOut(new PlainPrinter(out))
        .setErr(new PlainPrinter(err))
        .setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(Main::failed)
        .execute(args);
  }

  private static int failed(Exception e, CommandLine command, CommandLine.ParseResult parsed)
      throws Exception {
    if (e instanceof CommandException failure) {
      command.getErr().println(failure.getMessage());
      return failure.exitCode();
    }
    throw e;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "No verb given.");
  }

  /** The version from the jar's manifest. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Main.class.getPackage().getImplementationVersion();
      return new String[] {"breakwater " + (version == null ? "(not from a jar)" : version)};
    }
  }
}
