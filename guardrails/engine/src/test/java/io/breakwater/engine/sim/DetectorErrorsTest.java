package io.breakwater.engine.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The short version of {@link DetectorErrors}. */
class DetectorErrorsTest {
  @Test
  void halfOfTheCallsFailing_isFoundAsSoonAfterAnHourAsAtTheStart() {
    Map<Duration, Map<Double, double[]>> delays =
        Delays.measure(
            new Delays.Load(true, 0.01),
            List.of(Duration.ofSeconds(20), Duration.ofHours(1)),
            new double[] {0.5, 1},
            2,
            1_000);
    for (Map<Double, double[]> byShare : delays.values()) {
      assertThat(byShare.get(0.5)[1]).isLessThanOrEqualTo(0.6);
      assertThat(byShare.get(1.0)[1]).isLessThanOrEqualTo(0.2);
    }
  }

  @Test
  void healthyCanary_alarmsNoMoreOftenThanDeclared() {
    int alarms =
        FalseAlarms.count(
            FalseAlarms.canary(0.05),
            FalseAlarms.steady(10, 40, 0.01),
            FalseAlarms.PANES_PER_DAY,
            1);
    assertThat(alarms).isLessThanOrEqualTo(DetectorErrors.poissonQuantile(0.05, 0.99));
  }

  @Test
  void versionAtItsLimit_alarmsNoMoreOftenThanDeclared() {
    int alarms =
        FalseAlarms.count(
            FalseAlarms.limit(0.05, 0.05),
            FalseAlarms.steady(10, 0, 0.05),
            FalseAlarms.PANES_PER_DAY,
            2);
    assertThat(alarms).isLessThanOrEqualTo(DetectorErrors.poissonQuantile(0.05, 0.99));
  }

  @Test
  void bothVersionsJumping_alarmNobody() {
    for (int run = 0; run < 5; run++) {
      assertThat(
              FalseAlarms.count(
                  FalseAlarms.canary(1e-4), FalseAlarms.jump(10, 40), 18_000, 500L + run))
          .isZero();
    }
  }

  @Test
  void streams_haveTheRatesTheyClaim() {
    Traffic traffic = Traffic.poisson(10, 0.3, 40, 0.01);
    SplittableRandom random = new SplittableRandom(5);
    long calls = 0;
    long errors = 0;
    long againstBad = 0;
    for (int pane = 0; pane < 100_000; pane++) {
      var tally = traffic.next(random);
      calls += tally.calls();
      errors += tally.bad();
      againstBad += tally.againstBad();
    }
    assertThat(calls / 1e5).isBetween(9.9, 10.1);
    assertThat(errors / 1e5).isBetween(2.97, 3.03);
    assertThat(againstBad / 1e5).isBetween(0.39, 0.41);
  }
}
