package io.breakwater.collector.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.breakwater.collector.csv.CsvException;
import io.breakwater.collector.csv.RowRange;
import io.breakwater.collector.csv.SignalColumns;
import io.breakwater.engine.Distribution.Names;
import io.breakwater.engine.Distribution.Numbers;
import io.breakwater.engine.reference.Reference;
import io.breakwater.engine.reference.ReferenceSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReferenceBuilderTest {
  @TempDir Path folder;

  @Test
  void reference_holdsTheRowsOfTheRange() throws Exception {
    Path file = rows(6_000);

    ReferenceSet set = build(file, new RowRange(1_000, 6_000), 100);

    Reference age = set.signals().get("feature:age");
    assertThat(age.panes()).isEqualTo(50);
    assertThat(age.values().rows()).isEqualTo(5_000);
    assertThat(age.values().missing()).isBetween(100L, 400L);
    double below =
        ((Numbers) age.values()).values().countAtOrBelow(40).lower()
            / (double) (age.values().rows() - age.values().missing());
    assertThat(below).isCloseTo(0.5, within(0.05));
    assertThat(age.dispersion()).isBetween(1.0, 2.5);

    Reference score = set.signals().get("score");
    assertThat(score.panes()).isBetween(390L, 500L); // the first thousand values may be too coarse
    assertThat(((Numbers) score.values()).complement()).isNotNull();

    Names cities = (Names) set.signals().get("category:city").values();
    assertThat(cities.counts()).containsOnlyKeys("Bonn", "Ulm");
    assertThat(cities.rows()).isEqualTo(5_000);
  }

  @Test
  void reference_isTheSameEachTime() throws Exception {
    Path file = rows(4_000);
    ReferenceSet once = build(file, RowRange.ALL, 100);
    ReferenceSet again = build(file, RowRange.ALL, 100);
    byte[] written = ReferenceFile.write("credit", once);

    assertThat(once).isEqualTo(again);
    assertThat(ReferenceFile.parse("x", written).signals()).isEqualTo(once.signals());
    assertThat(ReferenceFile.parse("x", written).digest()).isEqualTo(once.digest());
  }

  @Test
  void neighboursAlike_areDispersed() throws Exception {
    StringBuilder text = new StringBuilder("load\n");
    for (int i = 0; i < 10_000; i++) {
      text.append(2 + Math.sin(i / 300.0)).append('\n');
    }
    Path file = Files.writeString(folder.resolve("load.csv"), text);

    Reference load =
        ReferenceBuilder.build(
                "x", file, SignalColumns.of(file, null, n -> {}), RowRange.ALL, 100, n -> {})
            .signals()
            .get("feature:load");

    assertThat(load.dispersion()).isGreaterThan(20);
  }

  @Test
  void tooFewRowsAndEmptyColumns_areRefusedInWords() throws Exception {
    Path file = rows(1_200);
    assertThatThrownBy(() -> build(file, new RowRange(0, 1_100), 100))
        .isInstanceOf(CsvException.class)
        .hasMessageContaining(
            "rows 0:1100 are 1100 rows, 11 panes of 100 (expected: at least 30 panes, or how much"
                + " they vary cannot be told: 3000 rows, or fewer rows per pane)");
    assertThatThrownBy(() -> build(file, new RowRange(5_000, 9_000), 100))
        .hasMessageContaining("rows 5000:9000 are 0 rows (expected: at least 1000)");
    Path empty = Files.writeString(folder.resolve("empty.csv"), "a,b\n" + "1,\n".repeat(1_000));
    assertThatThrownBy(
            () ->
                ReferenceBuilder.build(
                    "x", empty, SignalColumns.of(empty, null, n -> {}), RowRange.ALL, 20, n -> {}))
        .hasMessageContaining("column \"b\" has no value in rows 0: (expected: some; or leave");
  }

  private static ReferenceSet build(Path file, RowRange rows, int rowsPerPane) throws CsvException {
    SignalColumns columns = SignalColumns.of(file, "score=p", n -> {});
    return ReferenceBuilder.build("credit.csv", file, columns, rows, rowsPerPane, n -> {});
  }

  private Path rows(int rows) throws IOException {
    SplittableRandom random = new SplittableRandom(3);
    StringBuilder text = new StringBuilder("age,city,p\n");
    for (int i = 0; i < rows; i++) {
      text.append(random.nextInt(20) == 0 ? "NA" : 20 + random.nextInt(41))
          .append(random.nextInt(3) == 0 ? ",Ulm," : ",Bonn,")
          .append(String.format(Locale.ROOT, "%.4f", random.nextDouble()))
          .append('\n');
    }
    return Files.writeString(folder.resolve("credit.csv"), text);
  }
}
