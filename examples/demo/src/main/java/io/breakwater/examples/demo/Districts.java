package io.breakwater.examples.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * The rows of the data set in the scoring server's jar, in a random but repeatable order, as
 * requests. Immutable.
 */
final class Districts {
  /** The column that requests may lack. */
  static final String OPTIONAL_COLUMN = "AveBedrms";

  private static final String ENTRY = "io/breakwater/examples/scoring/california-housing.csv.gz";

  private final List<String> columns;
  private final List<String[]> rows;

  private Districts(List<String> columns, List<String[]> rows) {
    this.columns = columns;
    this.rows = rows;
  }

  /** Reads the rows and shuffles them: in file order they drift by themselves. */
  static Districts read(Path scoringServerJar, long seed) throws IOException {
    try (ZipFile jar = new ZipFile(scoringServerJar.toFile())) {
      ZipEntry entry = jar.getEntry(ENTRY);
      if (entry == null) {
        throw new IOException(scoringServerJar + " has no " + ENTRY);
      }
      BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(new GZIPInputStream(jar.getInputStream(entry)), UTF_8));
      String[] header = lines.readLine().split(",", -1);
      List<String[]> rows = new ArrayList<>();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        rows.add(line.split(",", -1));
      }
      Collections.shuffle(rows, new Random(seed));
      return new Districts(List.of(header).subList(0, header.length - 1), rows);
    }
  }

  /**
   * A KServe v2 request for the score of one row, an input per column.
   *
   * @param number counts through the rows, over and over
   * @param complete whether the optional column is there
   */
  String request(int number, boolean complete) {
    String[] row = rows.get(number % rows.size());
    StringBuilder json = new StringBuilder(640).append("{\"inputs\":[");
    String comma = "";
    for (int i = 0; i < columns.size(); i++) {
      if (complete || !columns.get(i).equals(OPTIONAL_COLUMN)) {
        json.append(comma)
            .append("{\"name\":\"")
            .append(columns.get(i))
            .append("\",\"shape\":[1],\"datatype\":\"FP32\",\"data\":[")
            .append(row[i])
            .append("]}");
        comma = ",";
      }
    }
    return json.append("]}").toString();
  }
}
