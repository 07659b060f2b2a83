package io.breakwater.collector.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.breakwater.collector.store.AuditChain;
import io.breakwater.collector.store.Replay;
import io.breakwater.collector.store.StoreException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code audit}: what can be done with the audit log as a whole. */
@Command(
    name = "audit",
    mixinStandardHelpOptions = true,
    description = "Checks the audit log.",
    subcommands = AuditCommand.Verify.class)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class AuditCommand implements Runnable {
  @Spec private CommandSpec spec;

  private AuditCommand() {}

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "No verb given (expected: audit verify).");
  }

  /** {@code audit verify}. */
  @Command(
      name = "verify",
      mixinStandardHelpOptions = true,
      description = {
        "Checks that every record fits its hash and the record before it; exit status 1 if not.",
        "With --data the files are read, inputs of decisions included; else the collector is asked.",
        "--replay runs what was received through the engine again and compares the decisions."
      })
  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  static final class Verify implements Callable<Integer> {
    /** As many as the API gives at once. */
    private static final int LIMIT = 100_000;

    @Spec private CommandSpec spec;
    @Mixin private Remote remote;

    @Option(names = "--data", paramLabel = "DIR", description = "The collector's data folder.")
    private @Nullable Path data;

    @Option(
        names = "--head",
        paramLabel = "HASH",
        description = "A hash that must be in the chain, such as one that came with an alert.")
    private @Nullable String head;

    @Option(
        names = "--replay",
        description = "Replay the recorded inputs; needs --data. Exit status 1 where they diverge.")
    private boolean replay;

    private Verify() {}

    @Override
    public Integer call() throws CommandException {
      PrintWriter out = spec.commandLine().getOut();
      if (data == null && replay) {
        throw new ParameterException(
            spec.commandLine(), "--replay reads files (expected: --data with the data folder)");
      }
      return data == null ? ofCollector(out) : ofFolder(data, out);
    }

    private int ofFolder(Path folder, PrintWriter out) throws CommandException {
      try {
        AuditChain.Result result = AuditChain.verify(folder, head);
        String range = "records " + (result.pruned() + 1) + " to " + result.records();
        int chain = told(out, range, result.head(), result.problem());
        return replay ? Math.max(chain, replayed(folder, out)) : chain;
      } catch (StoreException e) {
        throw new CommandException(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
      }
    }

    private static int replayed(Path folder, PrintWriter out) {
      Replay.Result result = Replay.of(folder);
      out.println(
          result.records()
              + " records follow from their own inputs"
              + (result.withoutInputs() == 0
                  ? ""
                  : "; " + result.withoutInputs() + " have none any more")
              + (result.unreadable() == 0
                  ? ""
                  : "; "
                      + result.unreadable()
                      + " were written by another version, which alone can replay them"));
      for (Replay.Covered model : result.covered()) {
        out.println(
            String.format(
                Locale.ROOT,
                "model %s: all %,d events from %s to %s lead to its %,d records%s%s",
                model.model(),
                model.events(),
                model.from(),
                model.until(),
                model.decisions(),
                model.gaps() == 0 ? "" : "; " + model.gaps() + " gaps",
                model.unwritten() == 0
                    ? ""
                    : "; "
                        + model.unwritten()
                        + " more that a process which ended had not written"));
      }
      if (result.problem() == null) {
        return ExitCode.FINE;
      }
      out.println("DIVERGES: " + result.problem());
      return ExitCode.FINDING;
    }

    private int ofCollector(PrintWriter out) throws CommandException {
      List<JsonNode> records = remote.client().lines("/api/v1/decisions?limit=" + LIMIT);
      ReceivedChain chain = ReceivedChain.check(records, head);
      return told(out, chain.range(), chain.head(), chain.problem());
    }

    private static int told(PrintWriter out, String range, String head, @Nullable String problem) {
      out.println(range + " fit; the last has the hash " + head);
      if (problem == null) {
        return ExitCode.FINE;
      }
      out.println("NOT FINE: " + problem);
      return ExitCode.FINDING;
    }
  }
}
