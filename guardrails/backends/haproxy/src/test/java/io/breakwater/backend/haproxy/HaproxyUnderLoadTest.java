package io.breakwater.backend.haproxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.backend.kit.TripsUnderLoad;
import io.breakwater.backend.kit.VersionServer;
import io.breakwater.engine.backend.BackendSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Trips on a real HAProxy that is busy; the times are printed, not judged. */
class HaproxyUnderLoadTest {
  @Test
  @Timeout(60)
  void trips_costNoClientAnError_andReachTheVeryLastRequest() throws Exception {
    TripsUnderLoad.Outcome outcome = run(5, 1_000);
    System.out.print(outcome.table());
    assertThat(outcome.errors()).isEmpty();
    assertThat(outcome.trips())
        .allSatisfy(
            trip ->
                assertThat(trip.lastSent())
                    .as("sent after the weights were read back, answered by version 2")
                    .isLessThan(trip.verified()));
  }

  private static TripsUnderLoad.Outcome run(int repetitions, double requestsPerSecond)
      throws Exception {
    try (VersionServer one = new VersionServer("1");
        VersionServer two = new VersionServer("2");
        HaproxyProcess haproxy = HaproxyProcess.with("level admin", servers(one, two))) {
      HaproxyBackend backend =
          new HaproxyBackend(HaproxySettings.of(BackendSettings.of("credit", haproxy.settings())));
      return TripsUnderLoad.run(backend, haproxy.port(), repetitions, requestsPerSecond);
    }
  }

  private static String servers(VersionServer one, VersionServer two) {
    return """
        balance roundrobin
        server blue 127.0.0.1:%d weight 80
        server green 127.0.0.1:%d weight 20
        """
        .formatted(one.port(), two.port());
  }

  /** Arguments: repetitions and requests per second. */
  public static void main(String[] args) throws Exception {
    System.out.print(run(Integer.parseInt(args[0]), Double.parseDouble(args[1])).table());
  }
}
