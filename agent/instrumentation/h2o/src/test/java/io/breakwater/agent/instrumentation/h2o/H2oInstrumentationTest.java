package io.breakwater.agent.instrumentation.h2o;

import static org.assertj.core.api.Assertions.assertThat;

import hex.genmodel.MojoModel;
import hex.genmodel.easy.EasyPredictModelWrapper;
import io.breakwater.agent.core.instrument.Target;
import io.breakwater.agent.instrumentation.kit.WatchedCalls;
import org.junit.jupiter.api.Test;

class H2oInstrumentationTest {
  private final H2oInstrumentation instrumentation = new H2oInstrumentation();

  @Test
  void predictionsAndLoading_areSeenOnce() throws ReflectiveOperationException {
    assertThat(WatchedCalls.seen(instrumentation, EasyPredictModelWrapper.class, "WrapperAdvice"))
        .hasSize(1);
    assertThat(WatchedCalls.seen(instrumentation, MojoModel.class, "LoadAdvice")).hasSize(1);
    for (Target target : instrumentation.targets()) {
      Class.forName(target.adviceClass());
    }
  }
}
