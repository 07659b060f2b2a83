package io.breakwater.agent.instrumentation.djl;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.inference.Predictor;
import io.breakwater.agent.core.instrument.Target;
import io.breakwater.agent.instrumentation.kit.WatchedCalls;
import org.junit.jupiter.api.Test;

class DjlInstrumentationTest {
  private final DjlInstrumentation instrumentation = new DjlInstrumentation();

  @Test
  void everyWayToPredict_isSeenOnce() throws ReflectiveOperationException {
    assertThat(WatchedCalls.seen(instrumentation, Predictor.class, "BatchAdvice")).hasSize(1);
    assertThat(WatchedCalls.seen(instrumentation, Predictor.class, "StreamingAdvice")).hasSize(1);
    for (Target target : instrumentation.targets()) {
      Class.forName(target.adviceClass());
    }
  }
}
