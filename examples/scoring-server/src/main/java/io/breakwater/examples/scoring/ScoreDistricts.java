package io.breakwater.examples.scoring;

import ai.onnxruntime.OrtException;
import io.breakwater.examples.scoring.HousingData.District;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;

/**
 * Prints version 1's training rows with its own scores as CSV: what is normal, for a reference.
 * Columns are those of the data, {@code score}, the probability of class 1, and {@code class}, the
 * likelier one.
 */
final class ScoreDistricts {
  /** The recipe of version 1: its training rows are the first of this order. */
  private static final long ROW_SEED = 11;

  private static final int ROWS = 10_000;

  private ScoreDistricts() {}

  /**
   * Prints the rows.
   *
   * @param args none
   */
  public static void main(String[] args) throws IOException, OrtException {
    print(HousingData.shuffled(ROW_SEED).subList(0, ROWS), System.out);
  }

  private static void print(List<District> districts, PrintStream out)
      throws IOException, OrtException {
    int columns = HousingData.FEATURES.size();
    StringBuilder csv = new StringBuilder(String.join(",", HousingData.FEATURES));
    csv.append(",score,class\n");
    try (ScoringModel model = ScoringModel.bundled("1", "")) {
      for (District district : districts) {
        float[] values = new float[columns];
        for (int column = 0; column < columns; column++) {
          values[column] = district.value(column);
          csv.append(values[column]).append(',');
        }
        float[] scores = model.score(values, new long[] {1, columns});
        csv.append(scores[1]).append(',').append(scores[1] > scores[0] ? 1 : 0).append('\n');
      }
    }
    out.print(csv);
  }
}
