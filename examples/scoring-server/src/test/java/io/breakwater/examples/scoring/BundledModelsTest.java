package io.breakwater.examples.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.breakwater.examples.scoring.HousingData.District;
import io.breakwater.examples.scoring.train.TrainModels;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BundledModelsTest {
  @Test
  void versions_areEquallyGoodAndScoreAlike() throws Exception {
    List<District> districts = HousingData.inFileOrder();
    double[] first = scores("1", districts);
    double[] second = scores("2", districts);

    assertThat(areaUnderCurve(first, districts)).isBetween(0.92, 0.94);
    assertThat(areaUnderCurve(second, districts))
        .isCloseTo(areaUnderCurve(first, districts), within(0.005));
    assertThat(second).isNotEqualTo(first);
    assertThat(KolmogorovSmirnov.distance(first, second)).isBetween(0.001, 0.04);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "2", "2-skewed"})
  void trainingAgain_givesTheBundledScores(String version, @TempDir Path folder) throws Exception {
    List<District> districts = HousingData.inFileOrder();
    TrainModels.writeMachines(folder);

    try (ScoringModel again =
            ScoringModel.open(folder.resolve("california-housing-" + version + ".onnx"), "");
        ScoringModel bundled = ScoringModel.bundled(version, "")) {
      assertThat(again.medians()).isEqualTo(bundled.medians());
      // Equal to the last bit on one kind of processor; others may round exp() differently.
      assertThat(scores(again, districts))
          .containsExactly(scores(bundled, districts), within(1e-4));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"1-ensemble", "2-ensemble", "2-ensemble-1.3x", "2-ensemble-3x"})
  void ensembles_areAsGoodAndScoreAlike(String which) throws Exception {
    List<District> districts = HousingData.inFileOrder();
    double[] single = scores("1", districts);
    double[] ensemble = scores(which, districts);

    assertThat(areaUnderCurve(ensemble, districts))
        .isCloseTo(areaUnderCurve(single, districts), within(0.005));
    assertThat(KolmogorovSmirnov.distance(single, ensemble)).isBetween(0.001, 0.03);
  }

  @Test
  void largerEnsembles_scoreAsTheSmallerOne() throws Exception {
    List<District> districts = HousingData.inFileOrder();
    double[] small = scores("2-ensemble", districts);

    for (String slower : TrainModels.SLOWER_MEMBERS.keySet()) {
      double[] large = scores("2-ensemble-" + slower + "x", districts);
      assertThat(KolmogorovSmirnov.distance(small, large)).isLessThan(0.01);
      assertThat(large).isNotEqualTo(small);
    }
  }

  @Test
  void ensemble_scoresRowsOneByOneAsTogether() throws Exception {
    List<District> districts = HousingData.shuffled(1).subList(0, 20);
    double[] together = scores("2-ensemble-3x", districts);

    try (ScoringModel model = ScoringModel.bundled("2-ensemble-3x", "")) {
      for (int row = 0; row < together.length; row++) {
        assertThat(scores(model, districts.subList(row, row + 1))[0])
            .isCloseTo(together[row], within(1e-5));
      }
    }
  }

  @Test
  void skewedFeature_movesScoresByHalfADeviationAndMore() throws Exception {
    List<District> districts = HousingData.inFileOrder();
    double[] right = scores("2", districts);
    double[] skewed;
    try (ScoringModel model = ScoringModel.bundled("2-skewed", "")) {
      assertThat(model.scales()).containsOnlyKeys("MedInc");
      skewed = scores(model, districts);
    }

    double mean = Arrays.stream(right).average().orElseThrow();
    double deviation =
        Math.sqrt(Arrays.stream(right).map(s -> (s - mean) * (s - mean)).average().orElseThrow());
    double shift = (Arrays.stream(skewed).average().orElseThrow() - mean) / deviation;
    assertThat(shift).isBetween(0.5, 0.9);
    assertThat(areaUnderCurve(skewed, districts))
        .as("still ranks well: nothing that a look at single answers shows")
        .isGreaterThan(0.85);
  }

  @Test
  void metadata_namesModelVersionAndColumns() throws Exception {
    try (ScoringModel model = ScoringModel.bundled("2", "")) {
      assertThat(model.name()).isEqualTo("california-housing");
      assertThat(model.version()).isEqualTo("2");
      assertThat(model.features()).isEqualTo(HousingData.FEATURES);
      assertThat(model.medians()).containsOnlyKeys(HousingData.OPTIONAL_FEATURE);
      assertThat(model.medians().get(HousingData.OPTIONAL_FEATURE)).isBetween(1.0f, 1.1f);
    }
  }

  @Test
  void unknownVersion_saysWhichThereAre() {
    assertThatThrownBy(() -> ScoringModel.bundled("3", ""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "--bundled: 3 (expected: one of 1, 2, 1-ensemble, 2-ensemble, 2-ensemble-1.3x, "
                + "2-ensemble-3x, 2-skewed)");
  }

  @Test
  void kolmogorovSmirnov_ofTiesAndShifts() {
    double[] ones = {1, 1, 1, 1};
    assertThat(KolmogorovSmirnov.distance(ones, ones)).isZero();
    assertThat(KolmogorovSmirnov.distance(new double[] {1, 2, 3, 4}, new double[] {3, 4, 5, 6}))
        .isEqualTo(0.5);
    assertThat(KolmogorovSmirnov.distance(ones, new double[] {2})).isEqualTo(1);
  }

  private static double[] scores(String version, List<District> districts) throws Exception {
    try (ScoringModel model = ScoringModel.bundled(version, "")) {
      return scores(model, districts);
    }
  }

  private static double[] scores(ScoringModel model, List<District> districts) throws Exception {
    int columns = HousingData.FEATURES.size();
    float[] values = new float[districts.size() * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = districts.get(i / columns).value(i % columns);
    }
    for (int i = 0; i < values.length; i++) {
      values[i] *= model.scales().getOrDefault(HousingData.FEATURES.get(i % columns), 1f);
    }
    float[] probabilities = model.score(values, new long[] {districts.size(), columns});
    return IntStream.range(0, districts.size())
        .mapToDouble(row -> probabilities[2 * row + 1])
        .toArray();
  }

  /** The Mann-Whitney statistic; ties between scores of both classes are rare enough to ignore. */
  private static double areaUnderCurve(double[] scores, List<District> districts) {
    int[] byScore =
        IntStream.range(0, scores.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> scores[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    long positives = 0;
    long negativesBelow = 0;
    long negatives = 0;
    for (int i : byScore) {
      if (districts.get(i).label() == 1) {
        positives++;
        negativesBelow += negatives;
      } else {
        negatives++;
      }
    }
    return (double) negativesBelow / ((double) positives * negatives);
  }
}
