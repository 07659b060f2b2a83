package io.breakwater.agent.instrumentation.xgboost.advice;

import static io.breakwater.agent.instrumentation.kit.Points.failed;
import static io.breakwater.agent.instrumentation.kit.Points.feature;
import static io.breakwater.agent.instrumentation.kit.Points.predicted;
import static io.breakwater.agent.instrumentation.kit.Points.score;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.breakwater.agent.core.record.Drops;
import io.breakwater.agent.instrumentation.kit.Points;
import io.breakwater.agent.instrumentation.kit.WatchedCalls;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoost;
import ml.dmlc.xgboost4j.java.XGBoostError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trains and asks the real library. */
class BoostersTest {
  private final WatchedCalls calls = WatchedCalls.create();
  private final BoosterAdvice advice = new BoosterAdvice(calls.recorder());
  private final LoadAdvice load = new LoadAdvice(calls.recorder());

  @TempDir private Path folder;

  /** Made as the patched constructor makes it. */
  private DMatrix matrix(float[] values, int columns) throws XGBoostError {
    DMatrix made = new DMatrix(values, values.length / columns, columns, Float.NaN);
    new MatrixAdvice(calls.recorder()).exit(0, made, values, null);
    return made;
  }

  private Booster train(String objective, int classes) throws XGBoostError {
    float[] rows = new float[400];
    float[] labels = new float[200];
    for (int i = 0; i < 200; i++) {
      rows[2 * i] = i % 20;
      rows[2 * i + 1] = i % 7;
      labels[i] = i % 20 * classes / 20;
    }
    DMatrix data = new DMatrix(rows, 200, 2, Float.NaN);
    data.setLabel(labels);
    Map<String, Object> parameters = new HashMap<>();
    parameters.put("objective", objective);
    parameters.put("max_depth", 2);
    if (classes > 2) {
      parameters.put("num_class", classes);
    }
    return XGBoost.train(data, parameters, 5, Map.of(), null, null);
  }

  private Booster named(Booster booster) throws XGBoostError {
    booster.setAttr("breakwater.model", "credit");
    booster.setAttr("breakwater.version", "7");
    booster.setAttr("breakwater.features", "age,debt");
    booster.setAttr("breakwater.classes", "low,middle,high");
    return booster;
  }

  private float[][] predict(Booster booster, DMatrix matrix) throws Exception {
    return calls.call(advice, booster, () -> booster.predict(matrix), matrix);
  }

  @Test
  void predictionForAMatrix_isACallWithFeaturesAndScores() throws Exception {
    Booster booster = named(train("binary:logistic", 2));
    double expected = 0;
    for (int i = 0; i < 20; i++) {
      for (float[] row : predict(booster, matrix(new float[] {i, 1, Float.NaN, 2}, 2))) {
        expected += row[0];
      }
    }
    Points points = calls.points();

    assertThat(points.model()).isEqualTo("credit 7");
    assertThat(points.framework()).isEqualTo("xgboost");
    assertThat(points.calls()).isEqualTo(20);
    assertThat(points.rows()).isEqualTo(40);
    assertThat(points.histogram(feature("age")).sum()).isEqualTo(190);
    assertThat(points.histogram(feature("debt")).sum()).isEqualTo(60);
    assertThat(points.sum("ml.inference.feature.missing{ml.feature.name=age}")).isEqualTo(20);
    assertThat(points.histogram(score("score")).sum()).isCloseTo(expected, within(1e-4));
    assertThat(calls.dropped()).isZero();
  }

  @Test
  void ofManyClasses_theGreatestIsScoreAndClass() throws Exception {
    Booster booster = named(train("multi:softprob", 3));
    float best = 0;
    for (int i = 0; i < 10; i++) {
      best = predict(booster, matrix(new float[] {19, 1}, 2))[0][2];
    }
    Points points = calls.points();

    assertThat(points.sum(predicted("high"))).isEqualTo(10);
    assertThat(points.histogram(score("score")).sum()).isCloseTo(10 * best, within(1e-4));
  }

  @Test
  void margins_areNoScores() throws Exception {
    Booster booster = named(train("binary:logistic", 2));
    DMatrix matrix = matrix(new float[] {1, 1}, 2);
    for (int i = 0; i < 10; i++) {
      calls.call(advice, booster, () -> booster.predict(matrix, true), matrix, true);
    }
    Points points = calls.points();

    assertThat(points.calls()).isEqualTo(10);
    assertThat(points.histogram(feature("age")).count()).isEqualTo(10);
    assertThat(points.hasHistogram(score("score"))).isFalse();
  }

  @Test
  void largeMatrix_hasScoresButNoFeatures() throws Exception {
    Booster booster = named(train("binary:logistic", 2));
    predict(booster, matrix(new float[2 * Matrices.MOST_VALUES], 2));
    Points points = calls.points();

    assertThat(points.rows()).isEqualTo(Matrices.MOST_VALUES);
    assertThat(points.histogram(score("score")).count()).isPositive();
    assertThat(points.hasHistogram(feature("age"))).isFalse();
    assertThat(calls.dropped(Drops.Reason.SHAPE)).isEqualTo(1);
  }

  @Test
  void predictionInPlace_isACallWithFeaturesAndScores() throws Exception {
    Method widest =
        Arrays.stream(Booster.class.getMethods())
            .filter(method -> method.getName().equals("inplace_predict"))
            .filter(method -> method.getParameterCount() == 7)
            .findFirst()
            .orElse(null);
    assumeTrue(widest != null, "this version does not predict in place");
    Booster booster = named(train("binary:logistic", 2));
    Object value = widest.getParameterTypes()[5].getField("kValue").get(null);
    Object[] arguments = {new float[] {3, -1, 5, 2}, 2, 2, -1f, null, value, null};
    for (int i = 0; i < 10; i++) {
      calls.call(
          new InPlaceAdvice(calls.recorder()),
          booster,
          () ->
              booster
                  .getClass()
                  .getMethod("inplace_predict", float[].class, int.class, int.class, float.class)
                  .invoke(booster, arguments[0], 2, 2, -1f),
          arguments);
    }
    Points points = calls.points();

    assertThat(points.rows()).isEqualTo(20);
    assertThat(points.histogram(feature("age")).sum()).isEqualTo(80);
    assertThat(points.sum("ml.inference.feature.missing{ml.feature.name=debt}")).isEqualTo(10);
    assertThat(points.histogram(score("score")).count()).isEqualTo(20);
  }

  @Test
  void modelWithoutNames_goesByItsFileAndDigest() throws Exception {
    Path file = folder.resolve("fraud.json");
    train("binary:logistic", 2).saveModel(file.toString());
    Booster booster =
        calls.call(load, Booster.class, file.toString(), () -> XGBoost.loadModel(file.toString()));
    predict(booster, matrix(new float[] {1, 1}, 2));

    assertThat(Boosters.ALL.description(calls.recorder(), booster).version().get())
        .matches("[0-9a-f]{12}");
    Points points = calls.points();
    assertThat(points.model()).startsWith("fraud ");
    assertThat(points.histograms()).containsKey("ml.inference.duration");
  }

  @Test
  void failure_reachesTheCallerAndIsCounted() throws Exception {
    Booster booster = named(train("binary:logistic", 2));
    DMatrix wider = matrix(new float[] {1, 2, 3, 4, 5}, 5);

    assertThatThrownBy(() -> predict(booster, wider)).isInstanceOf(XGBoostError.class);
    assertThat(calls.points().histogram(failed(XGBoostError.class)).count()).isEqualTo(1);
  }

  @Test
  void namesTheBoosterKnows_areTaken() throws Exception {
    List<String> getters =
        List.of(
            Arrays.stream(Booster.class.getMethods()).map(Method::getName).toArray(String[]::new));
    assumeTrue(getters.contains("setFeatureNames"), "this version has no names");
    Booster booster = train("binary:logistic", 2);
    Booster.class
        .getMethod("setFeatureNames", String[].class)
        .invoke(booster, (Object) new String[] {"left", "right"});
    for (int i = 0; i < 10; i++) {
      predict(booster, matrix(new float[] {1, 4}, 2));
    }

    assertThat(calls.points().histogram(feature("right")).sum()).isEqualTo(40);
  }
}
