package io.breakwater.collector.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code decisions}: the audit log, or one decision explained. */
@Command(
    name = "decisions",
    mixinStandardHelpOptions = true,
    description = "Lists the audit log, newest first; with an ID, explains that decision.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class DecisionsCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private Remote remote;

  @Parameters(
      arity = "0..1",
      paramLabel = "ID",
      description = "The decision to explain; \"last\" is the newest.")
  private @Nullable String id;

  @Option(names = "--model", paramLabel = "MODEL", description = "Only of this model.")
  private @Nullable String model;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description = "Only at or after this time, or not older than this: 24h.")
  private @Nullable String since;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "50",
      description = "At most so many (default: ${DEFAULT-VALUE}).")
  private int limit;

  @Option(names = "--json", description = "Print the audit records as JSON.")
  private boolean json;

  private DecisionsCommand() {}

  @Override
  public Integer call() throws CommandException {
    ApiClient client = remote.client();
    PrintWriter out = spec.commandLine().getOut();
    JsonNode answer = client.get(path(client));
    if (json) {
      out.println(answer);
      return ExitCode.FINE;
    }
    List<JsonNode> records = new ArrayList<>();
    answer.forEach(records::add);
    (id == null ? list(records) : DecisionScreen.lines(records)).forEach(out::println);
    return ExitCode.FINE;
  }

  private String path(ApiClient client) throws CommandException {
    if (id != null) {
      return "/api/v1/decisions/" + ApiClient.segment(id.equals("last") ? last(client) : id);
    }
    return "/api/v1/decisions?limit="
        + limit
        + (model == null ? "" : "&model=" + ApiClient.segment(model))
        + (since == null ? "" : "&since=" + ApiClient.segment(since));
  }

  private String last(ApiClient client) throws CommandException {
    String filter = model == null ? "" : "&model=" + ApiClient.segment(model);
    JsonNode newest = client.get("/api/v1/decisions?limit=1" + filter);
    if (newest.isEmpty()) {
      throw new CommandException(ExitCode.USAGE, "no decision was made yet");
    }
    return newest.get(0).path("decision").asText();
  }

  private static List<String> list(List<JsonNode> records) {
    if (records.isEmpty()) {
      return List.of("No decision was made yet.");
    }
    Table table = new Table();
    table.row("AT", "MODEL", "VERSION", "KIND", "BREAKER", "DECISION");
    records.forEach(
        entry ->
            table.row(
                Texts.time(entry.path("at").asText()),
                entry.path("model").asText(),
                entry.hasNonNull("version") ? entry.path("version").asText() : "-",
                entry.path("kind").asText(),
                Texts.change(entry),
                entry.path("decision").asText()));
    return table.lines();
  }
}
