package io.breakwater.collector.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code status}: where every version stands. */
@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    description = "Shows where every version stands; exit status 1 when a breaker is open.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class StatusCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private Remote remote;

  @Option(names = "--json", description = "Print what GET /api/v1/models answers.")
  private boolean json;

  private StatusCommand() {}

  @Override
  public Integer call() throws CommandException {
    JsonNode models = remote.client().get("/api/v1/models");
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(models);
    } else {
      StatusView.lines(models).forEach(out::println);
    }
    for (JsonNode model : models) {
      for (JsonNode version : model.path("versions")) {
        if (StatusView.isFinding(version)) {
          return ExitCode.FINDING;
        }
      }
    }
    return ExitCode.FINE;
  }
}
