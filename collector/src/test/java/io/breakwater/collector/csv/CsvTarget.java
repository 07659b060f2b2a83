package io.breakwater.collector.csv;

import static io.breakwater.collector.fuzz.FuzzTarget.check;

import io.breakwater.collector.fuzz.FuzzTarget;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** CSV files: {@link CsvException} with the file's name, or rows that survive being written. */
public final class CsvTarget implements FuzzTarget {
  private static final Path NAME = Path.of("fuzz.csv");

  @Override
  public String name() {
    return "csv";
  }

  @Override
  public List<byte[]> seeds() {
    return List.of(
            "age,city,p\n20,Ulm,0.5\n,NA,\n-1e3,\"a \"\"b\"\",\nc\",NaN\n",
            "a\n1\n2\n",
            "\uFEFFx,y\r\n\"1\",null\r\n",
            "\"q\nr\",s\n1,2")
        .stream()
        .map(text -> text.getBytes(StandardCharsets.UTF_8))
        .toList();
  }

  @Override
  public List<String> words() {
    return List.of(",", "\n", "\r\n", "\"", "\"\"", "NA", "NaN", "null", "Infinity", "1e5", " ");
  }

  @Override
  public String run(byte[] input) throws Exception {
    List<List<String>> rows;
    try {
      rows = rows(input);
    } catch (CsvException e) {
      String message = String.valueOf(e.getMessage());
      check(message.startsWith("fuzz.csv"), "a message without the file: " + message);
      return FuzzTarget.way(message);
    }
    check(rows.equals(rows(written(rows))), "rows changed by being written and read again");
    return "ok " + rows.get(0).size() + " " + Math.min(3, rows.size());
  }

  /** The header and every row; numbers are read, too. */
  private static List<List<String>> rows(byte[] input) throws CsvException {
    try (CsvFile csv = CsvFile.read(NAME, new ByteArrayInputStream(input))) {
      List<List<String>> rows = new ArrayList<>();
      rows.add(csv.header());
      while (csv.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 0; i < csv.header().size(); i++) {
          row.add(csv.text(i));
          if (csv.isNumberOrMissing(i)) {
            double unused = csv.number(i);
          }
        }
        rows.add(row);
      }
      return rows;
    }
  }

  private static byte[] written(List<List<String>> rows) {
    return rows.stream()
        .map(
            row ->
                row.stream()
                    .map(cell -> "\"" + cell.replace("\"", "\"\"") + "\"")
                    .collect(Collectors.joining(",")))
        .collect(Collectors.joining("\n", "", "\n"))
        .getBytes(StandardCharsets.UTF_8);
  }
}
