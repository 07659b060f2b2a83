package io.breakwater.collector.cli;

import io.breakwater.collector.backtest.Backtest;
import io.breakwater.collector.backtest.Judged;
import io.breakwater.collector.backtest.TestedPolicy;
import io.breakwater.collector.config.CollectorConfig;
import io.breakwater.collector.config.CollectorConfig.ModelRule;
import io.breakwater.collector.config.ConfigException;
import io.breakwater.collector.config.GuardrailFile;
import io.breakwater.collector.csv.CsvException;
import io.breakwater.collector.csv.RowRange;
import io.breakwater.collector.csv.SignalColumns;
import io.breakwater.collector.reference.ReferenceBuilder;
import io.breakwater.engine.policy.Guardrail;
import io.breakwater.engine.reference.ReferenceSet;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code backtest}: a policy on recorded rows. */
@Command(
    name = "backtest",
    mixinStandardHelpOptions = true,
    description = {
      "Replays recorded rows through the collector's own engine and prints when each drift",
      "guardrail would have breached. Nothing is acted on, whatever the policy's mode."
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class BacktestCommand implements Callable<Integer> {
  private static final int LOOK_SECONDS = 10;
  private static final double MAX_ROWS_PER_SECOND = 1e6;

  @Spec private CommandSpec spec;

  @Option(names = "--policy", required = true, paramLabel = "FILE", description = "Guardrail file.")
  private Path policyFile;

  @Option(
      names = "--data",
      required = true,
      paramLabel = "DATA",
      description = "CSV file with a header row, rows in the order of time; gzip by suffix .gz.")
  private Path data;

  @Option(
      names = "--model",
      required = true,
      paramLabel = "NAME",
      description = "The model whose rules are tested.")
  private String model;

  @Option(
      names = "--reference-rows",
      paramLabel = "A:B",
      description = {
        "Rows from A, without B, are the reference and are not replayed",
        "(default: the policy's reference)."
      })
  private @Nullable String referenceRows;

  @Option(
      names = "--rows-per-second",
      paramLabel = "N",
      defaultValue = "10",
      description = {
        "How many rows the model serves a second: there is a look at scores and classes",
        "every second, at features every 10 s (default: ${DEFAULT-VALUE})."
      })
  private double rowsPerSecond;

  @Option(names = "--columns", paramLabel = "WORDS", description = Rows.COLUMNS)
  private @Nullable String columns;

  @Option(
      names = "--quiet",
      paramLabel = "A:B",
      description =
          "Nothing happened in these rows: breaches in them are false alarms. Repeatable.")
  private List<String> quiet = new ArrayList<>();

  @Option(
      names = "--change",
      paramLabel = "ROW",
      description = "From this row on the data is different: the delay is counted. Repeatable.")
  private List<Long> changes = new ArrayList<>();

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean json;

  private BacktestCommand() {}

  @Override
  public Integer call() throws CommandException {
    if (!(rowsPerSecond >= 1 && rowsPerSecond <= MAX_ROWS_PER_SECOND)) {
      throw new CommandException(
          ExitCode.USAGE,
          "--rows-per-second: " + rowsPerSecond + " (expected: from 1 to 1,000,000)");
    }
    List<RowRange> quietRows = new ArrayList<>();
    for (String range : quiet) {
      quietRows.add(Rows.range("--quiet", range));
    }
    List<Long> changeRows = changes.stream().sorted().distinct().toList();
    ModelRule rule = rule();
    try {
      return run(rule, new BacktestReport(quietRows, changeRows));
    } catch (CsvException e) {
      throw new CommandException(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
    }
  }

  private ModelRule rule() throws CommandException {
    CollectorConfig config;
    try {
      config = GuardrailFile.reader().read(policyFile);
    } catch (ConfigException e) {
      throw new CommandException(ExitCode.USAGE, Summary.of(e), e);
    }
    for (ModelRule rule : config.models()) {
      if (rule.fits(model)) {
        return rule;
      }
    }
    throw new CommandException(
        ExitCode.USAGE,
        policyFile
            + ": has no rule for model "
            + model
            + " (expected: one of "
            + config.models().stream().map(ModelRule::pattern).collect(Collectors.joining(", "))
            + ")");
  }

  private int run(ModelRule rule, BacktestReport report) throws CommandException, CsvException {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    boolean shown = Terminal.isThere();
    SignalColumns signals;
    try (Progress progress = new Progress(err, "reading columns", 0, shown)) {
      signals = SignalColumns.of(data, columns, progress);
    }
    RowRange leftOut = referenceRows == null ? null : Rows.range("--reference-rows", referenceRows);
    TestedPolicy.check(rule.policyFor(model), signals);
    ReferenceSet reference = leftOut == null ? rule.reference() : built(leftOut, signals, err);
    TestedPolicy tested =
        TestedPolicy.of(rule.policyFor(model), reference == null ? null : reference.digest());
    for (Guardrail other : tested.untested()) {
      err.println("not tested, since rows say nothing of it: " + other.name());
    }
    List<Judged> judged;
    try (Progress progress = new Progress(err, "replaying", signals.rows(), shown)) {
      judged = Backtest.run(tested, data, signals, reference, leftOut, rowsPerSecond, progress);
    }
    if (json) {
      out.println(report.json(signals.rows(), judged));
    } else {
      report.lines(signals.rows(), judged).forEach(out::println);
    }
    return judged.stream().allMatch(one -> one.breaches().isEmpty())
        ? ExitCode.FINE
        : ExitCode.FINDING;
  }

  private ReferenceSet built(RowRange rows, SignalColumns signals, PrintWriter err)
      throws CsvException {
    String source = data.getFileName() + ", rows " + rows;
    int rowsPerPane = (int) Math.round(rowsPerSecond * LOOK_SECONDS);
    long end = Math.min(rows.end(), signals.rows());
    try (Progress progress = new Progress(err, "reference", end, Terminal.isThere())) {
      return ReferenceBuilder.build(source, data, signals, rows, rowsPerPane, progress);
    }
  }
}
