package io.breakwater.agent.instrumentation.xgboost;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.agent.core.instrument.Target;
import io.breakwater.agent.instrumentation.kit.WatchedCalls;
import java.util.Arrays;
import java.util.List;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.DMatrix;
import org.junit.jupiter.api.Test;

class XgboostInstrumentationTest {
  private final XgboostInstrumentation instrumentation = new XgboostInstrumentation();

  @Test
  void everyWayToPredict_isSeenOnce() {
    assertThat(WatchedCalls.seen(instrumentation, Booster.class, "BoosterAdvice")).hasSize(3);
    boolean inPlace =
        Arrays.stream(Booster.class.getMethods())
            .anyMatch(method -> method.getName().equals("inplace_predict"));
    assertThat(WatchedCalls.seen(instrumentation, Booster.class, "InPlaceAdvice"))
        .hasSize(inPlace ? 1 : 0);
  }

  @Test
  void makingOfModelsAndMatrices_isSeen() {
    assertThat(WatchedCalls.seen(instrumentation, Booster.class, "LoadAdvice")).hasSize(2);
    assertThat(WatchedCalls.seen(instrumentation, DMatrix.class, "MatrixAdvice")).hasSize(2);
  }

  @Test
  void advice_isThere() throws ReflectiveOperationException {
    List<Target> targets = instrumentation.targets();
    for (Target target : targets) {
      Class.forName(target.adviceClass());
    }
    assertThat(targets).isNotEmpty();
  }
}
