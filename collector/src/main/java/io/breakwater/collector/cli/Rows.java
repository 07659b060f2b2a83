package io.breakwater.collector.cli;

import io.breakwater.collector.csv.RowRange;
import java.nio.file.Path;

/** What the verbs that read rows have in common. */
final class Rows {
  static final String COLUMNS =
      "Which column is what, parted by commas: score=COLUMN or score:OUTPUT=COLUMN, class=COLUMN,"
          + " label=COLUMN (left out), category:NAME=COLUMN, or COLUMN for a feature. Where no feature"
          + " is named, all other columns are features; one that is not all numbers is a category.";

  private Rows() {}

  static RowRange range(String option, String text) throws CommandException {
    try {
      return RowRange.parse(text);
    } catch (IllegalArgumentException e) {
      throw new CommandException(ExitCode.USAGE, option + ": " + e.getMessage(), e);
    }
  }

  static void requireOtherFile(Path data, Path output) throws CommandException {
    if (data.toAbsolutePath().normalize().equals(output.toAbsolutePath().normalize())) {
      throw new CommandException(
          ExitCode.USAGE, "-o: " + output + " is the data itself (expected: another file)");
    }
  }
}
