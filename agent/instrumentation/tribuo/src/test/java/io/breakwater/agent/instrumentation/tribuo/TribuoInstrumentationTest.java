package io.breakwater.agent.instrumentation.tribuo;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.agent.core.instrument.Target;
import io.breakwater.agent.instrumentation.kit.WatchedCalls;
import org.junit.jupiter.api.Test;
import org.tribuo.Model;
import org.tribuo.common.tree.TreeModel;
import org.tribuo.ensemble.WeightedEnsembleModel;

class TribuoInstrumentationTest {
  private final TribuoInstrumentation instrumentation = new TribuoInstrumentation();

  @Test
  void everyModelsPrediction_isSeen() throws ReflectiveOperationException {
    assertThat(WatchedCalls.seen(instrumentation, TreeModel.class, "ExampleAdvice")).hasSize(1);
    assertThat(WatchedCalls.seen(instrumentation, WeightedEnsembleModel.class, "ExampleAdvice"))
        .hasSize(1);
    assertThat(WatchedCalls.seen(instrumentation, Model.class, "BatchAdvice")).hasSize(1);
    for (Target target : instrumentation.targets()) {
      Class.forName(target.adviceClass());
    }
  }
}
