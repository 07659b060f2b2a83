package io.breakwater.collector.reference;

import io.breakwater.collector.csv.CsvException;
import io.breakwater.collector.csv.CsvFile;
import io.breakwater.collector.csv.RowRange;
import io.breakwater.collector.csv.SignalColumn;
import io.breakwater.collector.csv.SignalColumns;
import io.breakwater.collector.csv.SignalStream;
import io.breakwater.engine.reference.Reference;
import io.breakwater.engine.reference.ReferenceGatherer;
import io.breakwater.engine.reference.ReferenceSet;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongConsumer;

/**
 * Makes references from the rows of a CSV file, through the same summaries that the agent makes of
 * a model's values, in panes of the length in which the engine will look at them.
 */
public final class ReferenceBuilder {
  /** Features are looked at every 10 s, scores and classes every second. */
  private static final int LOOKS_AT_SCORES = 10;

  private ReferenceBuilder() {}

  /**
   * The references of all signals.
   *
   * @param source where they come from, in words
   * @param rows which rows
   * @param rowsPerPane rows in a pane of features, as many as the model serves in 10 s; panes of
   *     scores and classes have a tenth
   * @param seen told the number of rows from time to time
   * @throws CsvException when the rows cannot be read, or are too few
   */
  public static ReferenceSet build(
      String source,
      Path file,
      SignalColumns columns,
      RowRange rows,
      int rowsPerPane,
      LongConsumer seen)
      throws CsvException {
    long count = rows.count(columns.rows());
    requirePanes(file, rows, count, rowsPerPane);
    List<Gathering> signals = new ArrayList<>();
    for (SignalColumn column : columns.signals()) {
      signals.add(new Gathering(column, count, rowsPerPane));
    }
    try (CsvFile csv = CsvFile.open(file)) {
      while (csv.next() && csv.row() < rows.end()) {
        if (rows.contains(csv.row())) {
          for (Gathering signal : signals) {
            signal.add(csv);
          }
        }
        seen.accept(csv.row() + 1);
      }
    }
    Map<String, Reference> references = new TreeMap<>();
    for (Gathering signal : signals) {
      references.put(signal.stream.column().signal(), signal.reference(file, rows));
    }
    return ReferenceFile.set(source, references);
  }

  private static void requirePanes(Path file, RowRange rows, long count, int rowsPerPane)
      throws CsvException {
    if (count < Reference.MIN_ROWS) {
      throw new CsvException(
          file
              + ": rows "
              + rows
              + " are "
              + count
              + " rows (expected: at least "
              + Reference.MIN_ROWS
              + ")");
    }
    long panes = (count + rowsPerPane - 1) / rowsPerPane;
    if (panes < Reference.MIN_PANES) {
      throw new CsvException(
          file
              + ": rows "
              + rows
              + " are "
              + count
              + " rows, "
              + panes
              + " panes of "
              + rowsPerPane
              + " (expected: at least "
              + Reference.MIN_PANES
              + " panes, or how much they vary cannot be told: "
              + Reference.MIN_PANES * rowsPerPane
              + " rows, or fewer rows per pane)");
    }
  }

  /** One signal while its panes come in. */
  private static final class Gathering {
    private final SignalStream stream;
    private final int rowsPerPane;
    private ReferenceGatherer gatherer;

    Gathering(SignalColumn column, long rows, int rowsPerPane) {
      this.stream = new SignalStream(column);
      this.rowsPerPane = column.isSlow() ? rowsPerPane : Math.max(1, rowsPerPane / LOOKS_AT_SCORES);
      this.gatherer = ReferenceGatherer.of(rows);
    }

    void add(CsvFile csv) throws CsvException {
      stream.add(csv);
      if (stream.rows() == rowsPerPane) {
        gatherer = gatherer.add(stream.take());
      }
    }

    Reference reference(Path file, RowRange rows) throws CsvException {
      if (stream.rows() > 0) {
        gatherer = gatherer.add(stream.take());
      }
      Reference reference = gatherer.result();
      if (reference.values().missing() == reference.values().rows()) {
        throw new CsvException(
            file
                + ": column \""
                + stream.column().column()
                + "\" has no value in rows "
                + rows
                + " (expected: some; or leave it out by --columns)");
      }
      return reference;
    }
  }
}
