package io.breakwater.collector.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** An order to one breaker; the verbs differ in what they may say besides the reason. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
abstract class OrderCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private Remote remote;

  @Parameters(index = "0", paramLabel = "MODEL", description = "Name of the model.")
  private String model;

  @Parameters(index = "1", paramLabel = "VERSION", description = "The version.")
  private String version;

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      required = true,
      description = "Why; it is written into the audit log.")
  private String reason;

  @Option(
      names = "--by",
      paramLabel = "NAME",
      defaultValue = "${sys:user.name}",
      description = "Who (default: the user's name).")
  private String by;

  @Option(names = "--json", description = "Print the answer as JSON.")
  private boolean json;

  /** What this verb adds to the body. */
  void addTo(ObjectNode body) {}

  @Override
  public Integer call() throws CommandException {
    ObjectNode body = ApiClient.JSON.createObjectNode().put("reason", reason).put("by", by);
    addTo(body);
    String path =
        "/api/v1/breakers/"
            + ApiClient.segment(model)
            + "/"
            + ApiClient.segment(version)
            + "/"
            + spec.name();
    JsonNode answer = remote.client().post(path, body);
    PrintWriter out = spec.commandLine().getOut();
    out.println(json ? answer : words(answer));
    return ExitCode.FINE;
  }

  private String words(JsonNode answer) {
    return model
        + " "
        + version
        + " is "
        + answer.path("state").asText()
        + ": "
        + answer.path("message").asText()
        + " (decision "
        + answer.path("decision").asText()
        + ")";
  }

  /** An order that may end by itself. */
  abstract static class Expiring extends OrderCommand {
    @Option(
        names = "--expires",
        paramLabel = "DURATION",
        description = "When it ends by itself, such as 1h (default: never).")
    private @Nullable String expires;

    @Override
    void addTo(ObjectNode body) {
      if (expires != null) {
        body.put("expires", expires);
      }
    }
  }

  @Command(
      name = "trip",
      mixinStandardHelpOptions = true,
      description = "Takes a version out of traffic and keeps it out.")
  static final class Trip extends Expiring {
    private Trip() {}
  }

  @Command(
      name = "hold",
      mixinStandardHelpOptions = true,
      description = "Keeps a version in traffic, whatever the evidence.")
  static final class Hold extends Expiring {
    private Hold() {}
  }

  @Command(
      name = "disable",
      mixinStandardHelpOptions = true,
      description = "Stops judging a version.")
  static final class Disable extends Expiring {
    private Disable() {}
  }

  @Command(
      name = "release",
      mixinStandardHelpOptions = true,
      description = "Gives a version that was tripped, held or disabled back to automatic.")
  static final class Release extends OrderCommand {
    private Release() {}
  }

  @Command(
      name = "reset",
      mixinStandardHelpOptions = true,
      description = "Closes an open breaker and restores the version's share.")
  static final class Reset extends OrderCommand {
    private Reset() {}
  }

  @Command(
      name = "promote",
      mixinStandardHelpOptions = true,
      description = "Makes a version GOOD and the stable one.")
  static final class Promote extends OrderCommand {
    private Promote() {}
  }

  @Command(
      name = "approve",
      mixinStandardHelpOptions = true,
      description = "Lets a decision that waits for approval be carried out.")
  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  static final class Approve extends OrderCommand {
    @Option(
        names = "--decision",
        paramLabel = "ID",
        required = true,
        description = "The decision; status and decisions name it.")
    private String decision;

    private Approve() {}

    @Override
    void addTo(ObjectNode body) {
      body.put("decision", decision);
    }
  }
}
