package io.breakwater.engine.reference;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.engine.Distribution.Names;
import io.breakwater.engine.Distribution.Numbers;
import io.breakwater.engine.Distribution.Outside;
import io.breakwater.engine.Distribution.Sketch;
import io.breakwater.engine.detect.Histograms;
import io.breakwater.signals.HistogramSnapshot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ReferenceGathererTest {
  private final Random random = new Random(1);

  private double[] draw(int n) {
    double[] values = new double[n];
    Arrays.setAll(values, i -> 10 + random.nextGaussian());
    return values;
  }

  private static int scale(ReferenceGatherer gatherer) {
    return gatherer.result().values() instanceof Numbers numbers
        ? numbers.values().parts().get(0).scale()
        : -99;
  }

  @Test
  void itIsComplete_withEnoughRowsAndPanes() {
    ReferenceGatherer gatherer = ReferenceGatherer.of(1_000);
    for (int i = 0; i < 29; i++) {
      gatherer = gatherer.add(Histograms.numbers(5, draw(100)));
    }
    assertThat(gatherer.isComplete()).isFalse();
    assertThat(gatherer.progress()).isEqualTo(new Progress(2_900, 1_000, 29));
    assertThat(gatherer.add(Histograms.numbers(5, draw(1))).isComplete()).isTrue();
  }

  @Test
  void independentRows_haveADispersionNearOne_andBlocksOfEqualRowsTheirLength() {
    ReferenceGatherer independent = ReferenceGatherer.of(1);
    ReferenceGatherer blocks = ReferenceGatherer.of(1);
    for (int i = 0; i < 400; i++) {
      independent = independent.add(Histograms.numbers(3, draw(100)));
      double[] values = new double[100];
      double[] heads = draw(10);
      Arrays.setAll(values, j -> heads[j / 10]);
      blocks = blocks.add(Histograms.numbers(3, values));
    }
    assertThat(independent.result().dispersion()).isBetween(1.0, 1.3);
    assertThat(blocks.result().dispersion()).isBetween(9.0, 13.0);
  }

  @Test
  void finerBuckets_makeItStartOver_andCoarseStragglersAreLeftOut() {
    ReferenceGatherer gatherer = ReferenceGatherer.of(10_000);
    for (int i = 0; i < 10; i++) {
      gatherer = gatherer.add(Histograms.numbers(-1, draw(100)));
    }
    for (int i = 0; i < 40; i++) {
      gatherer = gatherer.add(Histograms.numbers(5, draw(100)));
    }
    gatherer = gatherer.add(Histograms.numbers(-1, draw(100)));
    assertThat(gatherer.rows()).isEqualTo(4_000);
    assertThat(gatherer.leftOut()).isEqualTo(100);
    assertThat(scale(gatherer)).isEqualTo(5);
  }

  @Test
  void aFineBeginningByChance_isMadeCoarser() {
    ReferenceGatherer gatherer = ReferenceGatherer.of(10_000);
    gatherer = gatherer.add(Histograms.numbers(10, 10.0, 10.1));
    for (int i = 0; i < 40; i++) {
      gatherer = gatherer.add(Histograms.numbers(5, draw(100)));
    }
    assertThat(gatherer.rows()).isEqualTo(4_002);
    assertThat(scale(gatherer)).isEqualTo(5);
  }

  @Test
  void someCoarseInstances_doNotBlurTheOthers() {
    ReferenceGatherer gatherer = ReferenceGatherer.of(10_000);
    for (int i = 0; i < 40; i++) {
      HistogramSnapshot fine = Histograms.of(5, draw(70));
      HistogramSnapshot coarse = Histograms.of(0, draw(30));
      gatherer = gatherer.add(new Numbers(new Sketch(List.of(fine, coarse), List.of()), null, 1));
    }
    assertThat(gatherer.rows()).isEqualTo(40 * 71);
    assertThat(gatherer.leftOut()).isEqualTo(40 * 30);
    assertThat(scale(gatherer)).isEqualTo(5);
  }

  @Test
  void valuesOutside_areKeptWithTheirBounds() {
    ReferenceGatherer gatherer = ReferenceGatherer.of(1_000);
    List<Outside> outside = List.of(new Outside(true, 5, 1), new Outside(false, 20, 2));
    for (int i = 0; i < 40; i++) {
      Sketch sketch = new Sketch(List.of(Histograms.of(5, draw(97))), outside);
      gatherer = gatherer.add(new Numbers(sketch, null, 0));
    }
    Numbers values = (Numbers) gatherer.result().values();
    assertThat(values.values().outside())
        .containsExactly(new Outside(true, 5, 40), new Outside(false, 20, 80));
    assertThat(values.rows()).isEqualTo(4_000);
  }

  @Test
  void boundsOnBothSidesOfZero_haveTheDispersionOfTheirPanes() {
    ReferenceGatherer gatherer = ReferenceGatherer.of(1);
    List<double[]> panes = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      double level = random.nextGaussian() / 2;
      double[] values = new double[50];
      Arrays.setAll(values, j -> level + random.nextGaussian());
      panes.add(values);
      gatherer = gatherer.add(Histograms.numbers(0, values));
    }
    double greatest = 1;
    for (double bound : new double[] {-4, -2, -1, -0.5, -0.25, 0, 0.25, 0.5, 1, 2, 4}) {
      greatest = Math.max(greatest, dispersion(panes, bound));
    }
    // Mean ranks vary more than shares at single edges.
    assertThat(gatherer.result().dispersion()).isBetween(greatest - 1e-9, 1.5 * greatest);
  }

  @Test
  void whatVariesAtOneEnd_hasADispersionThere() {
    ReferenceGatherer gatherer = ReferenceGatherer.of(1);
    ReferenceGatherer scores = ReferenceGatherer.of(1);
    for (int i = 0; i < 200; i++) {
      double[] values = new double[100];
      double high = i % 2 == 0 ? 0.4 : 0; // Every other pane has many high values.
      Arrays.setAll(
          values, j -> 0.8 * random.nextDouble() + (random.nextDouble() < high ? 0.5 : 0));
      gatherer = gatherer.add(Histograms.numbers(5, values));
      double[] ranged = Arrays.stream(values).map(v -> v / 1.3).toArray();
      scores = scores.add(Histograms.scores(5, ranged));
    }
    for (Reference reference : List.of(gatherer.result(), scores.result())) {
      Dispersions dispersions = reference.dispersions();
      assertThat(dispersions.upTo(0.9)).isGreaterThan(5);
      assertThat(dispersions.upTo(0.1)).isLessThan(3);
      assertThat(dispersions.upTo(0.02)).isEqualTo(reference.dispersion());
      assertThat(dispersions.missing()).isEqualTo(reference.dispersion());
    }
  }

  @Test
  void aConstant_isMeasuredNowhere() {
    ReferenceGatherer gatherer = ReferenceGatherer.of(1_000);
    for (int i = 0; i < 30; i++) {
      gatherer = gatherer.add(Histograms.numbers(5, 7, 7, 7, 7));
    }
    assertThat(gatherer.result().dispersions()).isEqualTo(Dispersions.uniform(1));
  }

  private static double dispersion(List<double[]> panes, double bound) {
    double n = panes.get(0).length;
    double[] shares =
        panes.stream()
            .mapToDouble(pane -> Arrays.stream(pane).filter(v -> v <= bound).count() / n)
            .toArray();
    double mean = Arrays.stream(shares).average().orElseThrow();
    double squares = Arrays.stream(shares).map(s -> (s - mean) * (s - mean)).sum();
    return mean < 0.05 || mean > 0.95 ? 1 : n * squares / ((shares.length - 1) * mean * (1 - mean));
  }

  @Test
  void classes_areCountedByName() {
    ReferenceGatherer gatherer = ReferenceGatherer.of(1_000);
    for (int i = 0; i < 40; i++) {
      gatherer = gatherer.add(new Names(Map.of("yes", 20L + 20 * (i % 2), "no", 60L), 5));
    }
    Reference reference = gatherer.result();
    assertThat(reference.values()).isEqualTo(new Names(Map.of("yes", 1_200L, "no", 2_400L), 200));
    assertThat(reference.panes()).isEqualTo(40);
    // 20 of 80 and 40 of 100 rows by turns: 90 (0.4 - 0.25)^2 / 4 / (2/9).
    assertThat(reference.dispersions().of("yes")).isBetween(2.2, 2.4);
    assertThat(reference.dispersions().of("no")).isEqualTo(reference.dispersions().of("yes"));
    assertThat(reference.dispersions().of("new")).isEqualTo(reference.dispersion());
  }

  @Test
  void theDigest_namesTheContent() {
    ReferenceGatherer gatherer = ReferenceGatherer.of(1).add(Histograms.numbers(5, 1, 2, 3));
    Reference some = gatherer.result();
    Reference other = gatherer.add(Histograms.numbers(5, 1)).result();
    String digest = ReferenceDigest.of(Map.of("score", some));
    assertThat(digest).matches("[0-9a-f]{64}").isEqualTo(ReferenceDigest.of(Map.of("score", some)));
    assertThat(ReferenceDigest.of(Map.of("score", other))).isNotEqualTo(digest);
    assertThat(ReferenceDigest.of(Map.of("score:x", some))).isNotEqualTo(digest);
  }
}
