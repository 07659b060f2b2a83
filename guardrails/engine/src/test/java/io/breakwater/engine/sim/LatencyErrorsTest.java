package io.breakwater.engine.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.engine.sim.LatencyDelays.Fault;
import io.breakwater.engine.sim.LatencyDelays.Outcome;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The short version of {@link LatencyErrors}. */
class LatencyErrorsTest {
  private static final Duration HEALTHY = Duration.ofSeconds(20);

  @Test
  void canaryThreeTimesSlower_isFoundWithinTwoSeconds() {
    Fault[] faults = {Fault.everywhere(3, 1), Fault.everywhere(1.3, 1)};
    Outcome[][] outcomes =
        LatencyDelays.measure(LatencyErrors.slower(0.99, 1e-4), HEALTHY, faults, 5, 1);
    assertThat(LatencyErrors.sorted(outcomes[0])[4]).isLessThanOrEqualTo(2);
    assertThat(LatencyErrors.median(outcomes[1])).isLessThan(60);
    assertThat(outcomes[1]).allMatch(Outcome::tripped);
  }

  @Test
  void oneInstanceOfFour_isToldAndAllOfThemAreTheVersion() {
    Fault[] faults = {Fault.inOne(3, 4), Fault.everywhere(3, 4)};
    Outcome[][] outcomes =
        LatencyDelays.measure(LatencyErrors.slower(0.99, 1e-4), HEALTHY, faults, 10, 2);
    assertThat(outcomes[0]).allMatch(outcome -> outcome.seconds() < 10 && !outcome.tripped());
    assertThat(outcomes[1]).allMatch(Outcome::tripped);
  }

  @Test
  void healthyCanary_raisesNoAlarm() {
    assertThat(LatencyDelays.falseAlarms(LatencyErrors.slower(0.99, 0.05), 36_000, 3)).isZero();
  }
}
