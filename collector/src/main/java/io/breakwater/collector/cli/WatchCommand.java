package io.breakwater.collector.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code watch}: follows the collector's events. */
@Command(
    name = "watch",
    mixinStandardHelpOptions = true,
    description = {
      "Follows what happens: a table that redraws itself on a terminal, else one line per change.",
      "Ends when the collector does."
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class WatchCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private Remote remote;

  @Option(names = "--json", description = "Print every event as one line of JSON.")
  private boolean json;

  @Option(names = "--lines", description = "One line per change, on a terminal too.")
  private boolean lines;

  private WatchCommand() {}

  @Override
  public Integer call() throws CommandException {
    WatchView view = view(spec.commandLine().getOut());
    try (BufferedReader events = remote.client().stream("/api/v1/events")) {
      follow(events, view);
    } catch (IOException e) {
      throw new CommandException(
          ExitCode.UNREACHABLE, "the connection broke: " + e.getMessage(), e);
    }
    throw new CommandException(ExitCode.UNREACHABLE, "the collector ended the connection");
  }

  private WatchView view(PrintWriter out) {
    if (json) {
      return WatchView.json(out);
    }
    return Terminal.isThere() && !lines
        ? WatchView.screen(out instanceof PlainPrinter plain ? plain : new PlainPrinter(out))
        : WatchView.lines(out);
  }

  private static void follow(BufferedReader events, WatchView view) throws IOException {
    String name = "";
    for (String line = events.readLine(); line != null; line = events.readLine()) {
      if (line.startsWith("event: ")) {
        name = line.substring("event: ".length());
      } else if (line.startsWith("data: ")) {
        JsonNode data = ApiClient.JSON.readTree(line.substring("data: ".length()));
        view.event(name, data);
      }
    }
  }
}
