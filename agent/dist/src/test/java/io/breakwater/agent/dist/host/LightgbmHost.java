package io.breakwater.agent.dist.host;

import com.microsoft.ml.lightgbm.PredictionType;
import io.github.metarank.lightgbm4j.LGBMBooster;
import io.github.metarank.lightgbm4j.LGBMBooster.FeatureImportanceType;
import io.github.metarank.lightgbm4j.LGBMDataset;
import io.github.metarank.lightgbm4j.LGBMException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Trains, saves, loads and predicts 40 times; two more calls fail. */
public final class LightgbmHost {
  private LightgbmHost() {}

  public static void main(String[] arguments) throws LGBMException, IOException {
    Path file = Path.of(arguments[0], "credit.txt");
    Files.writeString(file, train().saveModelToString(0, 0, FeatureImportanceType.SPLIT));
    LGBMBooster booster = LGBMBooster.createFromModelfile(file.toString());
    PredictionType kind = PredictionType.C_API_PREDICT_NORMAL;
    for (int call = 0; call < 22; call++) {
      double[] row = call < 20 ? new double[] {call, 1} : new double[] {1, 2, 3, 4};
      try {
        System.out.println(booster.predictForMat(row, 1, row.length, true, kind)[0]);
        System.out.println(booster.predictForMatSingleRow(row, kind));
      } catch (LGBMException e) {
        System.out.println("refused");
      }
    }
  }

  private static LGBMBooster train() throws LGBMException {
    double[] rows = new double[200];
    float[] labels = new float[100];
    for (int i = 0; i < labels.length; i++) {
      rows[2 * i] = i % 20;
      rows[2 * i + 1] = i % 7;
      labels[i] = i % 20 / 10;
    }
    LGBMDataset data = LGBMDataset.createFromMat(rows, labels.length, 2, true, "", null);
    data.setFeatureNames(new String[] {"age", "debt"});
    data.setField("label", labels);
    LGBMBooster booster =
        LGBMBooster.create(data, "objective=binary verbosity=-1 min_data_in_leaf=5");
    booster.updateOneIter();
    return booster;
  }
}
