package io.breakwater.agent.instrumentation.lightgbm;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.agent.core.instrument.Target;
import io.breakwater.agent.instrumentation.kit.WatchedCalls;
import io.github.metarank.lightgbm4j.LGBMBooster;
import org.junit.jupiter.api.Test;

class LightgbmInstrumentationTest {
  private final LightgbmInstrumentation instrumentation = new LightgbmInstrumentation();

  @Test
  void everyWayToPredictAndToLoad_isSeenOnce() throws ReflectiveOperationException {
    assertThat(WatchedCalls.seen(instrumentation, LGBMBooster.class, "MatrixAdvice")).hasSize(2);
    assertThat(WatchedCalls.seen(instrumentation, LGBMBooster.class, "SingleRowAdvice")).hasSize(2);
    assertThat(WatchedCalls.seen(instrumentation, LGBMBooster.class, "LoadAdvice")).hasSize(2);
    for (Target target : instrumentation.targets()) {
      Class.forName(target.adviceClass());
    }
  }
}
