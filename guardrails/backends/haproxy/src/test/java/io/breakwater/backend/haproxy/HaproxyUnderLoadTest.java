package io.breakwater.backend.haproxy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Trips on a real HAProxy that is busy; the times are printed, not judged. */
class HaproxyUnderLoadTest {
  @BeforeAll
  static void assumeHaproxy() {
    HaproxyProcess.assumeInstalled();
  }

  @Test
  @Timeout(60)
  void trips_costNoClientAnError_andReachTheVeryLastRequest() throws Exception {
    TripsUnderLoad.Outcome outcome = TripsUnderLoad.run(5, 1_000);
    System.out.print(TripsUnderLoad.table(outcome));
    assertThat(outcome.errors()).isEmpty();
    assertThat(outcome.trips())
        .allSatisfy(
            trip ->
                assertThat(trip.lastSent())
                    .as("sent after the weights were read back, answered by version 2")
                    .isLessThan(trip.verified()));
  }
}
