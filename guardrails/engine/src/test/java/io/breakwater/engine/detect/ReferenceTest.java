package io.breakwater.engine.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The detectors against values of an independent implementation; see {@code reference.py}. */
class ReferenceTest {
  private static final Instant START = Instant.parse("2026-11-21T02:20:00Z");

  @ParameterizedTest
  @ValueSource(strings = {"half-bad", "both-bad", "sparse", "slow", "one-arm"})
  void detectors_agreeWithTheReference(String stream) throws IOException {
    RateDetector canary = CanaryRateDetector.of(1e-4);
    RateDetector limit = RateLimitDetector.of(0.05, 1e-4);
    List<String[]> rows = rows(stream);
    assertThat(rows).hasSizeGreaterThan(80);
    for (String[] row : rows) {
      Block pane = pane(row);
      canary = canary.next(pane);
      limit = limit.next(pane);
      String where = stream + " pane " + row[1];
      assertThat(canary.mixture().lnMean())
          .as(where)
          .isCloseTo(Double.parseDouble(row[6]), within(1e-8));
      assertThat(limit.mixture().lnMean())
          .as(where)
          .isCloseTo(Double.parseDouble(row[12]), within(1e-8));
      Excursion excursion = canary.mixture().excursion();
      assertThat(excursion.tally())
          .as(where)
          .isEqualTo(
              new Tally(
                  Long.parseLong(row[8]),
                  Long.parseLong(row[9]),
                  excursion.tally().errorTypes(),
                  Long.parseLong(row[10]),
                  Long.parseLong(row[11])));
      assertThat(excursion.since())
          .as(where)
          .isEqualTo(row[7].isEmpty() ? null : start(Integer.parseInt(row[7])));
    }
  }

  private static Block pane(String[] row) {
    int pane = Integer.parseInt(row[1]);
    Tally tally =
        new Tally(
            Long.parseLong(row[2]),
            Long.parseLong(row[3]),
            Map.of(),
            Long.parseLong(row[4]),
            Long.parseLong(row[5]));
    return new Block(start(pane), start(pane + 1), tally);
  }

  private static Instant start(int pane) {
    return START.plus(Duration.ofMillis(100).multipliedBy(pane));
  }

  private static List<String[]> rows(String stream) throws IOException {
    try (InputStream in = ReferenceTest.class.getResourceAsStream("reference.csv")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> line.startsWith(stream + ","))
          .map(line -> line.split(",", -1))
          .toList();
    }
  }
}
