package io.breakwater.collector.csv;

import io.breakwater.collector.config.Nearest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Which signals a CSV file holds.
 *
 * <p>Words, parted by commas: {@code score=COLUMN}, {@code score:OUTPUT=COLUMN}, {@code
 * class=COLUMN}, {@code label=COLUMN} (the true outcome: no signal), {@code feature:NAME=COLUMN},
 * {@code category:NAME=COLUMN}, or just {@code COLUMN} for a feature of that name. Where no feature
 * is named, all columns that are not named are features. A feature whose values are not all numbers
 * is a category.
 *
 * @param signals one for each column that is one, in the file's order
 * @param rows data rows in the file
 */
public record SignalColumns(List<SignalColumn> signals, long rows) {
  private static final String LABEL = "label";
  private static final Set<String> ROLES =
      new TreeSet<>(
          Set.of(
              SignalColumn.SCORE,
              SignalColumn.CLASS,
              LABEL,
              SignalColumn.FEATURE,
              SignalColumn.CATEGORY));

  public SignalColumns {
    signals = List.copyOf(signals);
  }

  /**
   * Goes through a file to find its signals.
   *
   * @param words as above, or null for none
   * @param seen told the number of rows from time to time
   * @throws CsvException when the file cannot be read, or a column is not there or not what it
   *     should be
   */
  public static SignalColumns of(Path file, @Nullable String words, LongConsumer seen)
      throws CsvException {
    try (CsvFile csv = CsvFile.open(file)) {
      List<SignalColumn> columns = columns(csv, words);
      BitSet texts = new BitSet();
      long rows = 0;
      while (csv.next()) {
        for (int i = 0; i < columns.size(); i++) {
          look(csv, columns.get(i), i, texts);
        }
        rows++;
        seen.accept(rows);
      }
      List<SignalColumn> signals = new ArrayList<>();
      for (int i = 0; i < columns.size(); i++) {
        SignalColumn column = columns.get(i);
        signals.add(texts.get(i) ? column.asCategory() : column);
      }
      return new SignalColumns(signals, rows);
    }
  }

  private static void look(CsvFile csv, SignalColumn column, int i, BitSet texts)
      throws CsvException {
    if (column.isScore()) {
      csv.number(column.index());
    } else if (!column.isNames() && !texts.get(i) && !csv.isNumberOrMissing(column.index())) {
      texts.set(i);
    }
  }

  private static List<SignalColumn> columns(CsvFile csv, @Nullable String words)
      throws CsvException {
    Map<String, SignalColumn> bySignal = new LinkedHashMap<>();
    BitSet used = new BitSet();
    boolean features = false;
    for (String word : words == null ? new String[0] : words.split(",", -1)) {
      int equals = word.indexOf('=');
      boolean plain = equals < 0;
      String name = word.substring(equals + 1).strip();
      String signal = plain ? SignalColumn.FEATURE + name : role(word.substring(0, equals).strip());
      int index = csv.column(name);
      used.set(index);
      SignalColumn column = new SignalColumn(signal, name, index);
      features |= column.isSlow();
      if (!signal.equals(LABEL) && bySignal.put(signal, column) != null) {
        throw new CsvException("--columns: " + signal + " twice (expected: once)");
      }
    }
    for (int i = 0; i < csv.header().size() && !features; i++) {
      if (!used.get(i)) {
        String name = csv.header().get(i);
        String signal = SignalColumn.FEATURE + name;
        bySignal.put(signal, new SignalColumn(signal, name, i));
      }
    }
    if (bySignal.isEmpty()) {
      throw new CsvException("--columns: no signal (expected: a score, class or feature)");
    }
    return List.copyOf(bySignal.values());
  }

  private static String role(String word) throws CsvException {
    int colon = word.indexOf(':') + 1;
    String kind = word.substring(0, colon == 0 ? word.length() : colon);
    boolean named = colon > 0 && colon < word.length();
    boolean known = named ? kind.equals(SignalColumn.SCORE + ":") : ROLES.contains(kind);
    boolean family = kind.equals(SignalColumn.FEATURE) || kind.equals(SignalColumn.CATEGORY);
    if ((family && named) || (known && !family)) {
      return word;
    }
    throw new CsvException(
        "--columns: "
            + word
            + " (expected: score, score:OUTPUT, class, label, feature:NAME or category:NAME before"
            + " the =; nearest: "
            + Nearest.to(kind, ROLES)
            + ")");
  }
}
