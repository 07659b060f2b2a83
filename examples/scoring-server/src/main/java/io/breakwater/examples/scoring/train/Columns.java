package io.breakwater.examples.scoring.train;

import io.breakwater.examples.scoring.HousingData;
import io.breakwater.examples.scoring.HousingData.District;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.tribuo.Feature;
import org.tribuo.MutableDataset;
import org.tribuo.classification.Label;
import org.tribuo.classification.LabelFactory;
import org.tribuo.impl.ArrayExample;
import org.tribuo.provenance.SimpleDataSourceProvenance;

/** What training learns about the columns themselves: mean and deviation of each, and a median. */
final class Columns {
  private final float[] means;
  private final float[] deviations;
  private final float optionalMedian;

  private Columns(float[] means, float[] deviations, float optionalMedian) {
    this.means = means;
    this.deviations = deviations;
    this.optionalMedian = optionalMedian;
  }

  /** Of these rows. */
  static Columns of(List<District> districts) {
    float[] means = new float[HousingData.FEATURES.size()];
    float[] deviations = new float[means.length];
    for (int column = 0; column < means.length; column++) {
      double[] values = column(districts, column);
      double mean = Arrays.stream(values).average().orElseThrow();
      double variance =
          Arrays.stream(values).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
      means[column] = (float) mean;
      deviations[column] = (float) Math.sqrt(variance);
    }
    return new Columns(
        means,
        deviations,
        median(column(districts, HousingData.FEATURES.indexOf(HousingData.OPTIONAL_FEATURE))));
  }

  float[] means() {
    return means.clone();
  }

  float[] deviations() {
    return deviations.clone();
  }

  /** The median of the column that requests may leave out. */
  float optionalMedian() {
    return optionalMedian;
  }

  /** Rows to train on, each column with mean 0 and deviation 1. */
  MutableDataset<Label> standardised(List<District> districts) {
    LabelFactory labels = new LabelFactory();
    MutableDataset<Label> dataset =
        new MutableDataset<>(new SimpleDataSourceProvenance("California housing", labels), labels);
    for (District district : districts) {
      List<Feature> features = new ArrayList<>();
      for (int column = 0; column < means.length; column++) {
        // The library orders columns by name; a digit keeps ours.
        features.add(
            new Feature(
                Integer.toString(column),
                (district.value(column) - means[column]) / deviations[column]));
      }
      dataset.add(new ArrayExample<>(new Label(Integer.toString(district.label())), features));
    }
    return dataset;
  }

  private static double[] column(List<District> districts, int column) {
    return districts.stream().mapToDouble(district -> district.value(column)).toArray();
  }

  private static float median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return (float) sorted[sorted.length / 2];
  }
}
