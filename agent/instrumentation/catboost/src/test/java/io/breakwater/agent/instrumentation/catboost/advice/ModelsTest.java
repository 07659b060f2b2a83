package io.breakwater.agent.instrumentation.catboost.advice;

import static io.breakwater.agent.instrumentation.kit.Points.category;
import static io.breakwater.agent.instrumentation.kit.Points.failed;
import static io.breakwater.agent.instrumentation.kit.Points.feature;
import static io.breakwater.agent.instrumentation.kit.Points.predicted;
import static io.breakwater.agent.instrumentation.kit.Points.score;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.catboost.CatBoostError;
import ai.catboost.CatBoostModel;
import ai.catboost.CatBoostPredictions;
import io.breakwater.agent.instrumentation.kit.Points;
import io.breakwater.agent.instrumentation.kit.WatchedCalls;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Asks the real library with models written as JSON. */
class ModelsTest {
  private final WatchedCalls calls = WatchedCalls.create();
  private final ModelAdvice advice = new ModelAdvice(calls.recorder());

  @TempDir private Path folder;

  /** One tree that looks whether the first feature is above 0.5. */
  private static String json(String leaves, int dimension, String categorical) {
    String bias = dimension == 1 ? "0" : "0,0,0";
    return "{\"features_info\":{\"float_features\":["
        + floatFeature(0, "age")
        + ","
        + floatFeature(1, "debt")
        + "]"
        + categorical
        + "},\"model_info\":{\"breakwater.model\":\"credit\",\"breakwater.version\":\"7\"},"
        + "\"oblivious_trees\":[{\"leaf_values\":["
        + leaves
        + "],\"leaf_weights\":[1,1],\"splits\":[{\"border\":0.5,\"float_feature_index\":0,"
        + "\"split_index\":0,\"split_type\":\"FloatFeature\"}]}],\"scale_and_bias\":[1,["
        + bias
        + "]]}";
  }

  private static String floatFeature(int index, String name) {
    return "{\"borders\":[0.5],\"feature_id\":\""
        + name
        + "\",\"feature_index\":"
        + index
        + ",\"flat_feature_index\":"
        + index
        + ",\"has_nans\":true,\"nan_value_treatment\":\"AsFalse\"}";
  }

  private static CatBoostModel load(String json) throws CatBoostError {
    return CatBoostModel.loadModel(json.getBytes(UTF_8), "json");
  }

  private CatBoostPredictions predict(CatBoostModel model, Object numbers, Object categories)
      throws Exception {
    int rows = numbers instanceof float[][] ? ((float[][]) numbers).length : 1;
    CatBoostPredictions answer = new CatBoostPredictions(rows, model.getPredictionDimension());
    calls.<Void>call(
        advice,
        model,
        () -> {
          if (numbers instanceof float[]) {
            model.predict((float[]) numbers, (String[]) categories, answer);
          } else {
            model.predict((float[][]) numbers, (String[][]) categories, answer);
          }
          return null;
        },
        numbers,
        categories,
        answer);
    return answer;
  }

  @Test
  void predictionForARow_isACallWithFeaturesAndScore() throws Exception {
    CatBoostModel model = load(json("-1.5,2.5", 1, ""));
    double expected = 0;
    for (int i = 0; i < 20; i++) {
      expected += predict(model, new float[] {i % 2, i}, null).get(0, 0);
    }
    Points points = calls.points();

    assertThat(expected).isEqualTo(10);
    assertThat(points.model()).isEqualTo("credit 7");
    assertThat(points.framework()).isEqualTo("catboost");
    assertThat(points.calls()).isEqualTo(20);
    assertThat(points.histogram(feature("age")).sum()).isEqualTo(10);
    assertThat(points.histogram(feature("debt")).sum()).isEqualTo(190);
    assertThat(points.histogram(score("score")).sum()).isCloseTo(expected, within(1e-9));
    assertThat(calls.dropped()).isZero();
  }

  @Test
  void predictionForManyRowsAndClasses_hasTheGreatestAsScoreAndClass() throws Exception {
    CatBoostModel model = load(json("3,1,2,1,5,2", 3, ""));
    for (int i = 0; i < 10; i++) {
      predict(model, new float[][] {{0, Float.NaN}, {1, 4}}, null);
    }
    Points points = calls.points();

    assertThat(points.rows()).isEqualTo(20);
    assertThat(points.sum(predicted("0"))).isEqualTo(10);
    assertThat(points.sum(predicted("1"))).isEqualTo(10);
    assertThat(points.histogram(score("score")).sum()).isEqualTo(80);
    assertThat(points.sum("ml.inference.feature.missing{ml.feature.name=debt}")).isEqualTo(10);
  }

  @Test
  void categories_areCountedByName() throws Exception {
    CatBoostModel model =
        load(
            json(
                "0,1",
                1,
                ",\"categorical_features\":[{\"feature_id\":\"region\",\"feature_index\":0,"
                    + "\"flat_feature_index\":2,\"values\":[]}]"));
    for (int i = 0; i < 10; i++) {
      predict(model, new float[] {1, 2}, new String[] {"north"});
    }

    assertThat(calls.points().sum(category("region", "north"))).isEqualTo(10);
  }

  @Test
  void modelWithoutNames_goesByItsFileAndDigest() throws Exception {
    Path file = folder.resolve("fraud.json");
    Files.writeString(file, json("0,1", 1, "").replace("breakwater.", "other."));
    CatBoostModel model =
        calls.call(
            new LoadAdvice(calls.recorder()),
            CatBoostModel.class,
            file.toString(),
            () -> CatBoostModel.loadModel(file.toString(), "json"));

    assertThat(Models.ALL.description(calls.recorder(), model).name()).isEqualTo("fraud");
    assertThat(Models.ALL.description(calls.recorder(), model).version().get())
        .matches("[0-9a-f]{12}");
  }

  @Test
  void failure_reachesTheCallerAndIsCounted() throws Exception {
    CatBoostModel model = load(json("0,1", 1, ""));

    assertThatThrownBy(() -> predict(model, new float[] {1}, null))
        .isInstanceOf(CatBoostError.class);
    assertThat(calls.points().histogram(failed(CatBoostError.class)).count()).isEqualTo(1);
  }
}
