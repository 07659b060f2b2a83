package io.breakwater.agent.instrumentation.catboost;

import static org.assertj.core.api.Assertions.assertThat;

import ai.catboost.CatBoostModel;
import io.breakwater.agent.core.instrument.Target;
import io.breakwater.agent.instrumentation.kit.WatchedCalls;
import org.junit.jupiter.api.Test;

class CatboostInstrumentationTest {
  private final CatboostInstrumentation instrumentation = new CatboostInstrumentation();

  @Test
  void everyWayToPredictAndToLoad_isSeenOnce() throws ReflectiveOperationException {
    assertThat(WatchedCalls.seen(instrumentation, CatBoostModel.class, "ModelAdvice")).hasSize(8);
    assertThat(WatchedCalls.seen(instrumentation, CatBoostModel.class, "LoadAdvice")).hasSize(2);
    for (Target target : instrumentation.targets()) {
      Class.forName(target.adviceClass());
    }
  }
}
