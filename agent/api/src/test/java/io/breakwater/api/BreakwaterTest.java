package io.breakwater.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import org.junit.jupiter.api.Test;

class BreakwaterTest {

  @Test
  void withoutAgent_everyInferenceIsTheSameObject() {
    Inference inference = Breakwater.inference("credit", "3");

    assertThat(inference.feature("age", 41).feature("region", "north").missing("debt"))
        .isSameAs(inference)
        .isSameAs(Breakwater.inference("other", "1"));
    assertThat(inference.score(0.82).label("approve").id("p-1")).isSameAs(inference);
    Breakwater.feedback("p-1", "decline");
    inference.end();
    inference.fail(new IllegalStateException());
    inference.error("timeout");
  }

  @Test
  void withoutAgent_everyBreakerIsClosed() {
    assertThat(Breakwater.breaker("credit", "3").allows()).isTrue();
  }

  @Test
  void nullArguments_areRefused() {
    assertThatNullPointerException()
        .isThrownBy(() -> Breakwater.inference(null, "3"))
        .withMessage("model");
    assertThatNullPointerException()
        .isThrownBy(() -> Breakwater.breaker("credit", null))
        .withMessage("version");
    assertThatNullPointerException()
        .isThrownBy(() -> Breakwater.feedback(null, "approve"))
        .withMessage("predictionId");
  }
}
