package io.breakwater.collector.cli;

import io.breakwater.collector.csv.CsvException;
import io.breakwater.collector.csv.RowRange;
import io.breakwater.collector.csv.SignalColumns;
import io.breakwater.collector.reference.ReferenceBuilder;
import io.breakwater.collector.reference.ReferenceFile;
import io.breakwater.engine.reference.Reference;
import io.breakwater.engine.reference.ReferenceSet;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code reference}: what is normal, as a file. */
@Command(
    name = "reference",
    mixinStandardHelpOptions = true,
    description = "Makes references, against which drift guardrails compare.",
    subcommands = ReferenceCommand.Build.class)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class ReferenceCommand implements Runnable {
  @Spec private CommandSpec spec;

  private ReferenceCommand() {}

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "No verb given: reference build DATA -o FILE");
  }

  /** {@code reference build}. */
  @Command(
      name = "build",
      mixinStandardHelpOptions = true,
      description = {
        "Makes a reference file from the rows of a CSV file (header row; gzip by suffix .gz).",
        "The rows are summed up as the agent does; the file holds counts, no rows."
      })
  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  static final class Build implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "DATA", description = "The CSV file.")
    private Path data;

    @Option(names = "--columns", paramLabel = "WORDS", description = Rows.COLUMNS)
    private @Nullable String columns;

    @Option(
        names = "--rows",
        paramLabel = "A:B",
        description = "Only these rows, from 0, B not in.")
    private @Nullable String rows;

    @Option(
        names = "--rows-per-pane",
        paramLabel = "N",
        defaultValue = "100",
        description = {
          "Rows the model serves in 10 s, the time between two looks at a feature",
          "(default: ${DEFAULT-VALUE})."
        })
    private int rowsPerPane;

    @Option(names = "--model", paramLabel = "MODEL", description = "The model, for people to read.")
    private @Nullable String model;

    @Option(
        names = {"-o", "--output"},
        required = true,
        paramLabel = "FILE",
        description = "The file to write; replaced as a whole if it is there.")
    private Path output;

    private Build() {}

    @Override
    public Integer call() throws CommandException {
      if (rowsPerPane < 1) {
        throw new CommandException(
            ExitCode.USAGE, "--rows-per-pane: " + rowsPerPane + " (expected: at least 1)");
      }
      RowRange range = rows == null ? RowRange.ALL : Rows.range("--rows", rows);
      Rows.requireOtherFile(data, output);
      PrintWriter err = spec.commandLine().getErr();
      ReferenceSet set = build(range, err);
      write(output, ReferenceFile.write(model, set));
      summary(set, spec.commandLine().getOut());
      return ExitCode.FINE;
    }

    private ReferenceSet build(RowRange range, PrintWriter err) throws CommandException {
      boolean shown = Terminal.isThere();
      try {
        SignalColumns signals;
        try (Progress progress = new Progress(err, "reading columns", 0, shown)) {
          signals = SignalColumns.of(data, columns, progress);
        }
        long end = Math.min(range.end(), signals.rows());
        String source = data.getFileName() + ", rows " + range.first() + " to " + (end - 1);
        try (Progress progress = new Progress(err, "building", end, shown)) {
          return ReferenceBuilder.build(source, data, signals, range, rowsPerPane, progress);
        }
      } catch (CsvException e) {
        throw new CommandException(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
      }
    }

    private void summary(ReferenceSet set, PrintWriter out) {
      Table table = new Table().row("SIGNAL", "ROWS", "MISSING", "PANES", "DISPERSION");
      set.signals().forEach((signal, reference) -> table.row(cells(signal, reference)));
      table.lines().forEach(out::println);
      out.println(output + ": " + set.source() + "; digest sha256:" + set.digest());
    }

    private static String[] cells(String signal, Reference reference) {
      return new String[] {
        signal,
        String.format(Locale.ROOT, "%,d", reference.values().rows()),
        String.format(Locale.ROOT, "%,d", reference.values().missing()),
        String.format(Locale.ROOT, "%,d", reference.panes()),
        String.format(Locale.ROOT, "%.2f", reference.dispersion())
      };
    }

    /** Readers see the old file or the new one, never half of it. */
    private static void write(Path file, byte[] content) throws CommandException {
      try {
        Path half = file.resolveSibling("." + file.getFileName() + ".tmp");
        try {
          Files.write(half, content);
          try {
            Files.move(half, file, StandardCopyOption.ATOMIC_MOVE);
          } catch (AtomicMoveNotSupportedException e) {
            Files.move(half, file, StandardCopyOption.REPLACE_EXISTING);
          }
        } finally {
          Files.deleteIfExists(half);
        }
      } catch (IOException e) {
        throw new CommandException(ExitCode.USAGE, file + ": cannot be written: " + e, e);
      }
    }
  }
}
