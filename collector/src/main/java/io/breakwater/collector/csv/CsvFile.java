package io.breakwater.collector.csv;

import io.breakwater.collector.config.Nearest;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * A CSV file (RFC 4180), read row by row: UTF-8, a header row, commas, quotes doubled inside
 * quotes, either line end; gzip where the name ends in {@code .gz}. Empty cells, {@code NA}, {@code
 * NaN} and {@code null} (in any case) are missing values; empty lines between rows are left out.
 * Memory does not grow with the file. Not thread-safe.
 */
public final class CsvFile implements Closeable {
  /** Characters a cell may have. */
  static final int MAX_CELL = 1 << 20;

  private static final int BUFFER = 1 << 16;
  private static final int END = -1;
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private final Path file;
  private final BufferedReader reader;
  private final List<String> header;
  private final StringBuilder text = new StringBuilder();
  private final List<Cell> cells = new ArrayList<>();
  private long line = 1;
  private long column;
  private long rows;
  private int peeked;

  /** Whether the last cell that was read was quoted: then it is there, also when it is empty. */
  private boolean quoted;

  /** Where a cell begins, from 1, and what it says. */
  private record Cell(String text, long line, long column) {}

  private CsvFile(Path file, BufferedReader reader) throws CsvException {
    this.file = file;
    this.reader = reader;
    this.peeked = readChar();
    if (peeked == BYTE_ORDER_MARK) {
      peeked = readChar();
    }
    if (!readRow(0)) {
      throw new CsvException(file + ": empty (expected: a header row and rows)");
    }
    header = cells.stream().map(cell -> cell.text.strip()).toList();
    Set<String> known = new HashSet<>();
    for (int i = 0; i < header.size(); i++) {
      if (header.get(i).isEmpty() || !known.add(header.get(i))) {
        String what = header.get(i).isEmpty() ? "no name" : "\"" + header.get(i) + "\" twice";
        throw at(cells.get(i), "column " + (i + 1) + " has " + what + EXPECTED_HEADER);
      }
    }
  }

  private static final String EXPECTED_HEADER =
      " (expected: a header row with one name for each column)";

  /**
   * Opens a file and reads its header.
   *
   * @throws CsvException when there is none, or it cannot be read
   */
  public static CsvFile open(Path file) throws CsvException {
    try {
      InputStream in = Files.newInputStream(file);
      try {
        boolean packed = file.toString().toLowerCase(Locale.ROOT).endsWith(".gz");
        return read(file, packed ? new GZIPInputStream(in, BUFFER) : in);
      } catch (IOException | CsvException e) {
        in.close();
        throw e;
      }
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /** Reads what {@code in} holds, as if it were in {@code file}. */
  static CsvFile read(Path file, InputStream in) throws CsvException {
    InputStreamReader chars = new InputStreamReader(in, StandardCharsets.UTF_8.newDecoder());
    return new CsvFile(file, new BufferedReader(chars, BUFFER));
  }

  private static CsvException unreadable(Path file, IOException e) {
    if (e instanceof NoSuchFileException) {
      return new CsvException(file + ": no such file (expected: a CSV file)");
    }
    if (e instanceof ZipException || e instanceof EOFException) {
      return new CsvException(
          file + ": not gzip, or cut off: " + e.getMessage() + " (expected: gzip, as .gz says)");
    }
    return new CsvException(file + ": cannot be read: " + e);
  }

  /** Names of the columns. */
  public List<String> header() {
    return header;
  }

  /**
   * Index of a column.
   *
   * @throws CsvException when there is none of this name
   */
  public int column(String name) throws CsvException {
    int index = header.indexOf(name);
    if (index < 0) {
      throw new CsvException(
          file
              + ": has no column \""
              + name
              + "\" (nearest: "
              + Nearest.to(name, header)
              + "; it has "
              + String.join(", ", header)
              + ")");
    }
    return index;
  }

  /**
   * Goes to the next row.
   *
   * @return false after the last one
   * @throws CsvException when it cannot be read, or has not as many cells as the header
   */
  public boolean next() throws CsvException {
    if (!readRow(header.size())) {
      return false;
    }
    if (cells.size() != header.size()) {
      throw at(
          cells.get(0),
          cells.size() + " cells (expected: " + header.size() + ", as in the header row)");
    }
    rows++;
    return true;
  }

  /** Number of the present row, from 0. */
  public long row() {
    return rows - 1;
  }

  /** The cell's text; surrounding blanks are left out. */
  public String text(int index) {
    return cells.get(index).text.strip();
  }

  /** Whether the cell has no value. */
  public boolean isMissing(int index) {
    return isMissing(text(index));
  }

  private static boolean isMissing(String text) {
    return switch (text.length()) {
      case 0 -> true;
      case 2 -> text.equalsIgnoreCase("NA");
      case 3 -> text.equalsIgnoreCase("NaN");
      case 4 -> text.equalsIgnoreCase("null");
      default -> false;
    };
  }

  /** Whether the cell is missing or a number. */
  public boolean isNumberOrMissing(int index) {
    String text = text(index);
    if (isMissing(text)) {
      return true;
    }
    char first = text.charAt(0);
    if (first >= 'A' && first != 'I' && first != 'i') {
      return false; // spares most texts the costly exception
    }
    try {
      parse(text);
      return true;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  /**
   * The cell as a number; NaN if missing.
   *
   * @throws CsvException when it is neither
   */
  public double number(int index) throws CsvException {
    String text = text(index);
    try {
      return isMissing(text) ? Double.NaN : parse(text);
    } catch (NumberFormatException e) {
      throw wrong(index, "\"" + text + "\" (expected: a number, or nothing if missing)");
    }
  }

  /** A decimal number; no hexadecimal and no type suffix, but infinities as tools write them. */
  private static double parse(String text) {
    char last = text.charAt(text.length() - 1);
    if ((last >= '0' && last <= '9') || last == '.') {
      if (text.length() > 2 && (text.indexOf('x') >= 0 || text.indexOf('X') >= 0)) {
        throw new NumberFormatException(text);
      }
      return Double.parseDouble(text);
    }
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "inf", "+inf", "infinity", "+infinity" -> Double.POSITIVE_INFINITY;
      case "-inf", "-infinity" -> Double.NEGATIVE_INFINITY;
      default -> throw new NumberFormatException(text);
    };
  }

  /** A problem with a cell of the present row. */
  public CsvException wrong(int index, String message) {
    return at(cells.get(index), "column \"" + header.get(index) + "\": " + message);
  }

  private CsvException at(Cell cell, String message) {
    return new CsvException(file + ":" + cell.line + ":" + cell.column + ": " + message);
  }

  /**
   * Reads the cells of the next line that is not empty; false at the end. Of a single column, an
   * empty line is a row.
   */
  private boolean readRow(int columns) throws CsvException {
    cells.clear();
    while (peeked != END) {
      boolean more = readCell();
      if (!more) {
        boolean empty = cells.size() == 1 && cells.get(0).text.isEmpty() && !quoted;
        if (!empty || (columns == 1 && peeked != END)) {
          return true;
        }
        cells.clear();
      } else if (peeked == END) {
        cells.add(new Cell("", line, column));
        return true;
      }
    }
    return false;
  }

  /** Reads one cell and what ends it; true when another one of this row follows. */
  private boolean readCell() throws CsvException {
    Cell start = new Cell("", line, column);
    text.setLength(0);
    quoted = peeked == '"';
    if (quoted) {
      readQuoted(start);
    } else {
      while (peeked != ',' && peeked != '\n' && peeked != '\r' && peeked != END) {
        append(start, (char) peeked);
        peeked = readChar();
      }
    }
    cells.add(new Cell(text.toString(), start.line, start.column));
    int end = peeked;
    if (end == END) {
      return false;
    }
    if (end != ',' && end != '\n' && end != '\r') {
      throw at(start, "text after a quoted cell (expected: a comma; a quote inside is doubled)");
    }
    peeked = readChar();
    if (end == '\r' && peeked == '\n') {
      peeked = readChar();
    }
    return end == ',';
  }

  private void readQuoted(Cell start) throws CsvException {
    peeked = readChar();
    while (true) {
      if (peeked == END) {
        throw at(start, "a quote that never ends (expected: a closing \")");
      }
      if (peeked == '"') {
        peeked = readChar();
        if (peeked != '"') {
          return;
        }
      }
      append(start, (char) peeked);
      peeked = readChar();
    }
  }

  private void append(Cell start, char c) throws CsvException {
    if (text.length() == MAX_CELL) {
      throw at(start, "a cell of over " + MAX_CELL + " characters (expected: fewer)");
    }
    text.append(c);
  }

  private int readChar() throws CsvException {
    try {
      if (peeked == '\n' && column > 0) {
        line++;
        column = 0;
      }
      column++;
      return reader.read();
    } catch (CharacterCodingException e) {
      throw new CsvException(file + ":" + line + ": not UTF-8 (expected: a text file in UTF-8)");
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  @Override
  public void close() {
    try {
      reader.close();
    } catch (IOException e) {
      // It was only read: nothing is lost.
    }
  }
}
