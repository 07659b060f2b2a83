package io.breakwater.engine.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.breakwater.engine.Distribution;
import io.breakwater.engine.reference.Reference;
import io.breakwater.engine.reference.ReferenceGatherer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Dispersion, edges and evidence against values made with numpy; see {@code drift.py}. */
class DriftReferenceTest {
  private static final Instant START = Instant.parse("2026-11-21T02:20:00Z");
  private static final Duration LOOK = Duration.ofSeconds(10);

  @Test
  void dispersionEdgesAndEvidence_agreeWithNumpy() throws IOException {
    List<Distribution> looks = panes("look");
    Reference reference = reference();
    DriftDetector detector = DriftDetector.of(reference, looks.get(0), 0.01, 20);
    List<String[]> edges = rows("drift-expected.csv", "edge");
    List<String[]> evidence = rows("drift-expected.csv", "look");

    double[] phi =
        rows("drift-expected.csv", "dispersion").stream()
            .mapToDouble(row -> Double.parseDouble(row[2]))
            .toArray();
    double[] found = Arrays.copyOf(reference.dispersions().deciles().toArray(), 10);
    found[9] = reference.dispersions().ranks();
    assertThat(found).containsExactly(phi, within(1e-9));
    assertThat(found[0]).isGreaterThan(1.4 * found[8]);
    assertThat(reference.dispersion()).isEqualTo(Arrays.stream(found).max().orElseThrow());
    assertThat(detector.edges().edges()).hasSize(edges.size() + 1);
    for (int i = 0; i < edges.size(); i++) {
      Edge edge = detector.edges().edges().get(i);
      assertThat(edge.at()).isCloseTo(Double.parseDouble(edges.get(i)[1]), within(1e-12));
      assertThat(edge.share()).isCloseTo(Double.parseDouble(edges.get(i)[2]), within(1e-12));
    }
    assertThat(looks).hasSameSizeAs(evidence);
    for (int i = 0; i < looks.size(); i++) {
      Instant start = START.plus(LOOK.multipliedBy(i));
      detector = detector.next(looks.get(i), start, start.plus(LOOK));
      assertThat(detector.lnEvidence())
          .as("look %d", i)
          .isCloseTo(Double.parseDouble(evidence.get(i)[2]), within(1e-9));
    }
  }

  @Test
  void theReference_hardlyDependsOnTheScaleItWasGatheredAt() throws IOException {
    ReferenceGatherer fine = ReferenceGatherer.of(5_000);
    ReferenceGatherer mixed = ReferenceGatherer.of(5_000);
    for (String[] row : rows("drift-values.csv", "reference")) {
      fine = fine.add(Histograms.numbers(3, values(row)));
      mixed = mixed.add(Histograms.numbers(fine.panes() == 49 ? 3 : 4, values(row)));
    }
    assertThat(mixed.result().values()).isEqualTo(fine.result().values());
    assertThat(mixed.result().dispersion()).isCloseTo(fine.result().dispersion(), within(0.05));
  }

  private static Reference reference() throws IOException {
    ReferenceGatherer gatherer = ReferenceGatherer.of(5_000);
    for (Distribution pane : panes("reference")) {
      assertThat(gatherer.isComplete()).isFalse();
      gatherer = gatherer.add(pane);
    }
    assertThat(gatherer.isComplete()).isTrue();
    return gatherer.result();
  }

  private static List<Distribution> panes(String kind) throws IOException {
    return rows("drift-values.csv", kind).stream()
        .map(row -> (Distribution) Histograms.numbers(3, values(row)))
        .toList();
  }

  private static double[] values(String[] row) {
    return Arrays.stream(row).skip(1).mapToDouble(Double::parseDouble).toArray();
  }

  private static List<String[]> rows(String file, String kind) throws IOException {
    try (InputStream in = DriftReferenceTest.class.getResourceAsStream(file)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> line.startsWith(kind + ","))
          .map(line -> line.split(",", -1))
          .toList();
    }
  }
}
