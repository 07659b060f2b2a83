package io.breakwater.agent.instrumentation.h2o.advice;

import static io.breakwater.agent.instrumentation.kit.Points.category;
import static io.breakwater.agent.instrumentation.kit.Points.failed;
import static io.breakwater.agent.instrumentation.kit.Points.feature;
import static io.breakwater.agent.instrumentation.kit.Points.predicted;
import static io.breakwater.agent.instrumentation.kit.Points.score;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import hex.ModelCategory;
import hex.genmodel.MojoModel;
import hex.genmodel.easy.EasyPredictModelWrapper;
import hex.genmodel.easy.RowData;
import hex.genmodel.easy.exception.PredictException;
import hex.genmodel.easy.exception.PredictUnknownTypeException;
import io.breakwater.agent.instrumentation.h2o.Mojo;
import io.breakwater.agent.instrumentation.kit.Points;
import io.breakwater.agent.instrumentation.kit.WatchedCalls;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Asks the real library with models written by hand. */
class ModelsTest {
  private final WatchedCalls calls = WatchedCalls.create();
  private final WrapperAdvice advice = new WrapperAdvice(calls.recorder());

  @TempDir private Path folder;

  /** Lets a test call what is patched. */
  private static final class Wrapper extends EasyPredictModelWrapper {
    private static final long serialVersionUID = 1;

    Wrapper(MojoModel model) {
      super(model);
    }

    double[] raw(ModelCategory category, RowData row) throws PredictException {
      return preamble(category, row, 0);
    }
  }

  private Wrapper load(Path file) throws Exception {
    return new Wrapper(
        calls.call(
            new LoadAdvice(calls.recorder()),
            MojoModel.class,
            file.toString(),
            () -> MojoModel.load(file.toString())));
  }

  private static RowData row(Object region, Object age) {
    RowData row = new RowData();
    if (region != null) {
      row.put("region", region);
    }
    row.put("age", age);
    return row;
  }

  private double[] predict(Wrapper wrapper, ModelCategory category, RowData row) throws Exception {
    return calls.call(advice, wrapper, () -> wrapper.raw(category, row), category, row, 0.0);
  }

  @Test
  void predictionOfAClass_isACallWithFeaturesScoreAndClass() throws Exception {
    Wrapper wrapper = load(Mojo.binomial(folder.resolve("credit.zip")));
    double expected = 0;
    for (int i = 0; i < 10; i++) {
      double[] answer = predict(wrapper, ModelCategory.Binomial, row("north", 60.0));
      expected += answer[2];
      predict(wrapper, ModelCategory.Binomial, row("south", "20"));
    }
    double south = wrapper.predictBinomial(row("south", 20.0)).classProbabilities[1];
    Points points = calls.points();

    assertThat(points.model()).isEqualTo("credit 5527");
    assertThat(points.framework()).isEqualTo("h2o");
    assertThat(points.calls()).isEqualTo(20);
    assertThat(points.histogram(feature("age")).sum()).isEqualTo(800);
    assertThat(points.sum(category("region", "north"))).isEqualTo(10);
    assertThat(points.histogram(score("score")).sum())
        .isCloseTo(expected + 10 * south, within(1e-9));
    assertThat(points.sum(predicted("approve"))).isEqualTo(10);
    assertThat(points.sum(predicted("deny"))).isEqualTo(10);
    assertThat(calls.dropped()).isZero();
  }

  @Test
  void predictionOfANumber_isTheScore() throws Exception {
    Wrapper wrapper = load(Mojo.regression(folder.resolve("price.zip")));
    double last = 0;
    for (int i = 0; i < 10; i++) {
      last = predict(wrapper, ModelCategory.Regression, row(null, 30.0))[0];
    }
    Points points = calls.points();

    assertThat(points.histogram(score("score")).sum()).isCloseTo(10 * last, within(1e-9));
    assertThat(points.sum("ml.inference.feature.missing{ml.feature.name=region}")).isEqualTo(10);
  }

  @Test
  void failure_reachesTheCallerAndIsCounted() throws Exception {
    Wrapper wrapper = load(Mojo.binomial(folder.resolve("credit.zip")));

    assertThatThrownBy(() -> predict(wrapper, ModelCategory.Binomial, row("north", new Object())))
        .isInstanceOf(PredictUnknownTypeException.class);
    assertThat(calls.points().histogram(failed(PredictUnknownTypeException.class)).count())
        .isEqualTo(1);
  }
}
