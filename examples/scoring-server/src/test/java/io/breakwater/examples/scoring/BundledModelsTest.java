package io.breakwater.examples.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.breakwater.examples.scoring.HousingData.District;
import io.breakwater.examples.scoring.train.TrainModels;
import java.nio.file.Path;
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
  @ValueSource(strings = {"1", "2"})
  void trainingAgain_givesTheBundledScores(String version, @TempDir Path folder) throws Exception {
    List<District> districts = HousingData.inFileOrder();
    TrainModels.main(new String[] {folder.toString()});

    try (ScoringModel again =
            ScoringModel.open(folder.resolve("california-housing-" + version + ".onnx"), "");
        ScoringModel bundled = ScoringModel.bundled(version, "")) {
      assertThat(again.medians()).isEqualTo(bundled.medians());
      // Equal to the last bit on one kind of processor; others may round exp() differently.
      assertThat(scores(again, districts))
          .containsExactly(scores(bundled, districts), within(1e-4));
    }
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
        .hasMessage("--bundled: 3 (expected: 1 or 2)");
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
