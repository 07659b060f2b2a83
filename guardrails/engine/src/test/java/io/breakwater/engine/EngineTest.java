package io.breakwater.engine;

import static io.breakwater.engine.Stage.AGAINST_STABLE;
import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.engine.DecisionRecord.Kind;
import io.breakwater.engine.breaker.BreakerState;
import io.breakwater.engine.policy.Mode;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class EngineTest {
  @Test
  void canaryThatFailsHalfOfItsCalls_isTakenOutAndVerified() {
    Stage stage = Stage.of(Mode.ENFORCE, AGAINST_STABLE).healthy(20);

    int panes = stage.failingUntil("TRIPPING", 10, "1:40:0", "2:10:5");

    assertThat(panes).isLessThanOrEqualTo(5);
    Action.Shift asked = stage.lastShift();
    assertThat(asked.within()).isEqualTo(Duration.ofSeconds(10));
    assertThat(asked.shift().version()).isEqualTo("2");
    assertThat(asked.shift().target()).isEqualTo("1");
    assertThat(asked.shift().share()).isZero();
    DecisionRecord tripped = stage.lastRecord();
    assertThat(tripped.kind()).isEqualTo(Kind.TRIPPED);
    assertThat(tripped.from()).isEqualTo("CLOSED");
    assertThat(tripped.to()).isEqualTo("TRIPPING");
    assertThat(tripped.decision()).matches("20261121T0220\\d\\d\\.\\d{3}Z-credit-2-1");
    assertThat(asked.shift().id()).isEqualTo(tripped.decision() + ".1");

    stage.report(asked.shift().id(), Event.ShiftReported.Phase.APPLIED);
    stage.panes(3, "1:45:0", "2:5:3");
    stage.report(asked.shift().id(), Event.ShiftReported.Phase.CONVERGED);
    stage.panes(20, "1:50:0");

    assertThat(stage.kinds()).containsExactly(Kind.TRIPPED, Kind.VERIFIED);
    assertThat(stage.breaker("2")).isInstanceOf(BreakerState.Open.class);
    assertThat(stage.state.versions().get("2").standing()).isEqualTo(Standing.TRIPPED);
    assertThat(stage.lastRecord().reason()).contains("calls of the model with none of version 2");
  }
}
