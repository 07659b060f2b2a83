package io.breakwater.collector.csv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CsvFileTest {
  @TempDir Path folder;

  @Test
  void quotesLineEndsAndBlanks_areReadAsTheStandardSays() throws Exception {
    List<List<String>> rows =
        rows("\uFEFFa, b ,\"c,d\"\r\n1,\"x \"\"y\"\"\nz\", 3 \n\n\"\",2,\r\n4,5,6");

    assertThat(rows)
        .containsExactly(
            List.of("a", "b", "c,d"),
            List.of("1", "x \"y\"\nz", "3"),
            List.of("", "2", ""),
            List.of("4", "5", "6"));
  }

  @Test
  void oneColumn_keepsEmptyLinesAsMissing() throws Exception {
    assertThat(rows("a\n1\n\n2\n\n"))
        .containsExactly(List.of("a"), List.of("1"), List.of(""), List.of("2"));
  }

  @Test
  void quotedEmptyCell_isARowAlsoAtTheEnd() throws Exception {
    assertThat(rows("a\n1\n\"\"\n")).containsExactly(List.of("a"), List.of("1"), List.of(""));
  }

  @Test
  void gzip_isReadBySuffix() throws Exception {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write("a\n1\n".getBytes(StandardCharsets.UTF_8));
    }
    Path file = Files.write(folder.resolve("x.csv.gz"), packed.toByteArray());
    Path plain = Files.writeString(folder.resolve("y.csv.gz"), "a\n1\n");
    Path cut =
        Files.write(
            folder.resolve("z.csv.gz"), Arrays.copyOf(packed.toByteArray(), packed.size() - 6));

    assertThat(rows(file)).containsExactly(List.of("a"), List.of("1"));
    assertThatThrownBy(() -> rows(plain)).hasMessageContaining("y.csv.gz: not gzip, or cut off");
    assertThatThrownBy(() -> rows(cut)).hasMessageContaining("z.csv.gz: not gzip, or cut off");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "NA", "na", "NaN", "null", "NULL", " "})
  void missing_isNoNumber(String text) throws Exception {
    try (CsvFile csv = CsvFile.open(file("a,b\n" + text + ",1\n"))) {
      assertThat(csv.next()).isTrue();
      assertThat(csv.isMissing(0)).isTrue();
      assertThat(csv.number(0)).isNaN();
      assertThat(csv.isNumberOrMissing(0)).isTrue();
      assertThat(csv.isMissing(1)).isFalse();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1",
    "-0.5, -0.5",
    "1e3, 1000",
    "+2., 2",
    ".5, 0.5",
    "inf, Infinity",
    "-Infinity, -Infinity",
  })
  void numbers_areRead(String text, double number) throws Exception {
    try (CsvFile csv = CsvFile.open(file("a\n" + text + "\n"))) {
      csv.next();
      assertThat(csv.number(0)).isEqualTo(number);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "1,5", "0x1p3", "1f", "1d", "12 34", "Nana", "--1", "infinite"})
  void others_areNoNumbers(String text) throws Exception {
    try (CsvFile csv = CsvFile.open(file("b,a\n1,\"" + text + "\"\n"))) {
      csv.next();
      assertThat(csv.isNumberOrMissing(1)).isFalse();
      assertThatThrownBy(() -> csv.number(1))
          .isInstanceOf(CsvException.class)
          .hasMessage(
              csv(folder)
                  + ":2:3: column \"a\": \""
                  + text
                  + "\" (expected: a number, or nothing if missing)");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "``|: empty (expected: a header row and rows)",
        "a,b~1|:2:1: 1 cells (expected: 2, as in the header row)",
        "a,b~1,2~1,2,3|:3:1: 3 cells (expected: 2",
        "a,a|:1:3: column 2 has \"a\" twice (expected: a header row with one name for each",
        "a,,b|:1:3: column 2 has no name (expected:",
        "a~\"x|:2:1: a quote that never ends (expected: a closing \")",
        "a,b~1,\"x\"y|:2:3: text after a quoted cell (expected: a comma",
      },
      quoteCharacter = '`')
  void whatIsWrong_isNamedWithItsPlace(String content, String message) {
    assertThatThrownBy(() -> rows(content.replace('~', '\n')))
        .isInstanceOf(CsvException.class)
        .hasMessageStartingWith(csv(folder).toString())
        .hasMessageContaining(message);
  }

  @Test
  void otherFiles_areRefused() throws Exception {
    byte[] latin = "a\nf\u00fcr\n".getBytes(StandardCharsets.ISO_8859_1);
    Path file = Files.write(folder.resolve("latin.csv"), latin);

    assertThatThrownBy(() -> rows(file)).hasMessageContaining("latin.csv:1: not UTF-8");
    assertThatThrownBy(() -> rows(folder.resolve("absent.csv")))
        .hasMessageContaining("absent.csv: no such file (expected: a CSV file)");
    assertThatThrownBy(() -> rows("a\n" + "x".repeat(CsvFile.MAX_CELL + 1)))
        .hasMessageContaining(":2:1: a cell of over 1048576 characters");
  }

  @Test
  void unknownColumn_isToldWithTheNearest() throws Exception {
    try (CsvFile csv = CsvFile.open(file("age,income\n"))) {
      assertThat(csv.column("income")).isEqualTo(1);
      assertThatThrownBy(() -> csv.column("incme"))
          .hasMessageContaining("has no column \"incme\" (nearest: income; it has age, income)");
    }
  }

  private List<List<String>> rows(String content) throws IOException, CsvException {
    return rows(file(content));
  }

  private Path file(String content) throws IOException {
    return Files.writeString(csv(folder), content);
  }

  private static Path csv(Path folder) {
    return folder.resolve("x.csv");
  }

  private static List<List<String>> rows(Path file) throws CsvException {
    try (CsvFile csv = CsvFile.open(file)) {
      List<List<String>> rows = new ArrayList<>();
      rows.add(csv.header());
      while (csv.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 0; i < csv.header().size(); i++) {
          row.add(csv.text(i));
        }
        rows.add(row);
        assertThat(csv.row()).isEqualTo(rows.size() - 2L);
      }
      return rows;
    }
  }
}
