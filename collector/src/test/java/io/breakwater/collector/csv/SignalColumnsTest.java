package io.breakwater.collector.csv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SignalColumnsTest {
  @TempDir Path folder;
  private Path file = Path.of("");

  @BeforeEach
  void write() throws Exception {
    file =
        Files.writeString(
            folder.resolve("x.csv"),
            "age,city,p,decision,truth\n41,Ulm,0.5,yes,1\nNA,,0.25,no,0\n40,Bonn,,no,0\n");
  }

  @Test
  void withoutWords_allColumnsAreFeatures() throws Exception {
    assertThat(signals(null))
        .containsExactly(
            "feature:age", "category:city", "feature:p", "category:decision", "feature:truth");
  }

  @Test
  void withRolesOnly_theRestAreFeatures() throws Exception {
    assertThat(signals("score=p, class=decision,label=truth"))
        .containsExactly("score", "class", "feature:age", "category:city");
  }

  @Test
  void withFeatures_onlyTheseAreUsed() throws Exception {
    assertThat(signals("score:risk=p,age,category:decision=truth"))
        .containsExactly("score:risk", "feature:age", "category:decision");
    assertThat(SignalColumns.of(file, "age", rows -> {}).rows()).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "agee|has no column \"agee\" (nearest: age",
        "scores=p|--columns: scores (expected: score, score:OUTPUT, class, label,",
        "feature:=p|--columns: feature: (expected:",
        "class:x=p|nearest: class",
        "score=p,score=age|--columns: score twice (expected: once)",
        "score=city|x.csv:2:4: column \"city\": \"Ulm\" (expected: a number",
      })
  void wrongWords_areToldWithWhatWouldBeRight(String words, String message) {
    assertThatThrownBy(() -> signals(words))
        .isInstanceOf(CsvException.class)
        .hasMessageContaining(message);
  }

  @Test
  void rowRanges_areReadAndCounted() {
    assertThat(RowRange.parse("5:10")).isEqualTo(new RowRange(5, 10));
    assertThat(RowRange.parse("5:").count(7)).isEqualTo(2);
    assertThat(RowRange.parse(":3").contains(2)).isTrue();
    assertThat(RowRange.parse(":3").contains(3)).isFalse();
    assertThat(RowRange.parse("10:20").count(5)).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "5", "a:b", "5:5", "9:3", "-1:4", "1:2:3"})
  void otherRanges_areRefused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> RowRange.parse(text));
  }

  private List<String> signals(@Nullable String words) throws CsvException {
    return SignalColumns.of(file, words, rows -> {}).signals().stream()
        .map(SignalColumn::signal)
        .toList();
  }
}
