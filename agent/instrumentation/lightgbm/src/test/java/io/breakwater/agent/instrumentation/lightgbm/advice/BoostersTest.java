package io.breakwater.agent.instrumentation.lightgbm.advice;

import static io.breakwater.agent.instrumentation.kit.Points.failed;
import static io.breakwater.agent.instrumentation.kit.Points.feature;
import static io.breakwater.agent.instrumentation.kit.Points.score;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.microsoft.ml.lightgbm.PredictionType;
import io.breakwater.agent.instrumentation.kit.Points;
import io.breakwater.agent.instrumentation.kit.WatchedCalls;
import io.github.metarank.lightgbm4j.LGBMBooster;
import io.github.metarank.lightgbm4j.LGBMDataset;
import io.github.metarank.lightgbm4j.LGBMException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trains and asks the real library. */
class BoostersTest {
  private static final PredictionType NORMAL;

  static {
    try {
      LGBMBooster.loadNative(); // the kinds of prediction are in there
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    NORMAL = PredictionType.C_API_PREDICT_NORMAL;
  }

  private final WatchedCalls calls = WatchedCalls.create();
  private final MatrixAdvice advice = new MatrixAdvice(calls.recorder());

  @TempDir private Path folder;

  private static LGBMBooster train(String parameters) throws LGBMException {
    double[] rows = new double[400];
    float[] labels = new float[200];
    for (int i = 0; i < 200; i++) {
      rows[2 * i] = i % 20;
      rows[2 * i + 1] = i % 7;
      labels[i] = i % 20 / 10;
    }
    LGBMDataset data = LGBMDataset.createFromMat(rows, 200, 2, true, "", null);
    data.setFeatureNames(new String[] {"age", "debt"});
    data.setField("label", labels);
    LGBMBooster booster = LGBMBooster.create(data, parameters + " verbosity=-1 min_data_in_leaf=5");
    for (int round = 0; round < 5; round++) {
      booster.updateOneIter();
    }
    return booster;
  }

  private double[] predict(LGBMBooster booster, double[] values, int rows, boolean rowMajor)
      throws Exception {
    int columns = values.length / rows;
    return calls.call(
        advice,
        booster,
        () -> booster.predictForMat(values, rows, columns, rowMajor, NORMAL, ""),
        values,
        rows,
        columns,
        rowMajor,
        NORMAL,
        "");
  }

  @Test
  void predictionForSeveralRows_isACallWithFeaturesAndScores() throws Exception {
    LGBMBooster booster = train("objective=binary");
    double expected = 0;
    for (int i = 0; i < 10; i++) {
      for (double each : predict(booster, new double[] {i, 1, Double.NaN, 2}, 2, true)) {
        expected += each;
      }
    }
    Points points = calls.points();

    assertThat(points.model()).isEqualTo("service unknown");
    assertThat(points.framework()).isEqualTo("lightgbm");
    assertThat(points.calls()).isEqualTo(10);
    assertThat(points.rows()).isEqualTo(20);
    assertThat(points.histogram(feature("age")).sum()).isEqualTo(45);
    assertThat(points.histogram(feature("debt")).sum()).isEqualTo(30);
    assertThat(points.sum("ml.inference.feature.missing{ml.feature.name=age}")).isEqualTo(10);
    assertThat(points.histogram(score("score")).sum()).isCloseTo(expected, within(1e-9));
    assertThat(calls.dropped()).isZero();
  }

  @Test
  void columnMajorMatrix_isReadColumnByColumn() throws Exception {
    LGBMBooster booster = train("objective=binary");
    for (int i = 0; i < 10; i++) {
      predict(booster, new double[] {1, 2, 3, 4, 5, 6}, 3, false);
    }

    assertThat(calls.points().histogram(feature("debt")).sum()).isEqualTo(150);
  }

  @Test
  void singleRow_isOneRow() throws Exception {
    LGBMBooster booster = train("objective=binary");
    SingleRowAdvice single = new SingleRowAdvice(calls.recorder());
    float[] row = {3, 4};
    double last = 0;
    for (int i = 0; i < 10; i++) {
      last =
          calls.call(
              single, booster, () -> booster.predictForMatSingleRow(row, NORMAL), row, NORMAL);
    }
    Points points = calls.points();

    assertThat(points.rows()).isEqualTo(10);
    assertThat(points.histogram(feature("debt")).sum()).isEqualTo(40);
    assertThat(points.histogram(score("score")).sum()).isCloseTo(10 * last, within(1e-9));
  }

  @Test
  void rawScoresAndLeaves_areNoScores() throws Exception {
    LGBMBooster booster = train("objective=binary");
    double[] row = {1, 2};
    for (PredictionType kind :
        new PredictionType[] {
          PredictionType.C_API_PREDICT_RAW_SCORE, PredictionType.C_API_PREDICT_LEAF_INDEX
        }) {
      calls.call(
          advice,
          booster,
          () -> booster.predictForMat(row, 1, 2, true, kind, ""),
          row,
          1,
          2,
          true,
          kind,
          "");
    }
    Points points = calls.points();

    assertThat(points.calls()).isEqualTo(1);
    assertThat(points.hasHistogram(score("score"))).isFalse();
  }

  @Test
  void model_goesByItsFileAndDigest() throws Exception {
    Path file = folder.resolve("fraud.txt");
    String text =
        train("objective=binary").saveModelToString(0, 0, LGBMBooster.FeatureImportanceType.SPLIT);
    Files.writeString(file, text);
    LoadAdvice load = new LoadAdvice(calls.recorder());
    LGBMBooster fromFile =
        calls.call(
            load,
            LGBMBooster.class,
            file.toString(),
            () -> LGBMBooster.createFromModelfile(file.toString()));
    LGBMBooster fromText =
        calls.call(load, LGBMBooster.class, text, () -> LGBMBooster.loadModelFromString(text));

    assertThat(Boosters.ALL.description(calls.recorder(), fromFile).name()).isEqualTo("fraud");
    assertThat(Boosters.ALL.description(calls.recorder(), fromText).name()).isEqualTo("service");
    assertThat(Boosters.ALL.description(calls.recorder(), fromText).version().get())
        .matches("[0-9a-f]{12}")
        .isEqualTo(Boosters.ALL.description(calls.recorder(), fromFile).version().get());
  }

  @Test
  void failure_reachesTheCallerAndIsCounted() throws Exception {
    LGBMBooster booster = train("objective=binary");

    assertThatThrownBy(() -> predict(booster, new double[] {1, 2, 3, 4, 5}, 1, true))
        .isInstanceOf(LGBMException.class);
    assertThat(calls.points().histogram(failed(LGBMException.class)).count()).isEqualTo(1);
  }
}
