package io.breakwater.examples.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.backend.kit.TripsUnderLoad;
import io.breakwater.backend.kit.VersionServer;
import io.breakwater.backend.webhook.WebhookBackendProvider;
import io.breakwater.engine.backend.BackendSettings;
import io.breakwater.engine.backend.DeploymentBackend;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Trips on a busy router through the webhook backend; the times are printed, not judged. */
class RouterUnderLoadTest {
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
        Router router = Router.start(options(one, two));
        DeploymentBackend backend = new WebhookBackendProvider().create(settings(router))) {
      int port = router.address().getPort();
      return TripsUnderLoad.run(backend, port, repetitions, requestsPerSecond);
    }
  }

  private static RouterOptions options(VersionServer one, VersionServer two) {
    Map<String, URI> targets = new LinkedHashMap<>();
    targets.put("1", URI.create("http://127.0.0.1:" + one.port()));
    targets.put("2", URI.create("http://127.0.0.1:" + two.port()));
    Split split = Split.of(Map.of("1", 0.8, "2", 0.2), targets.keySet());
    return new RouterOptions("127.0.0.1", 0, 0, targets, split, Spread.Kind.RANDOM, null);
  }

  private static BackendSettings settings(Router router) {
    String url = "http://127.0.0.1:" + router.adminAddress().getPort() + "/traffic";
    return BackendSettings.of("credit", Map.of("type", "webhook", "url", url));
  }

  /** Arguments: repetitions and requests per second. */
  public static void main(String[] args) throws Exception {
    System.out.print(run(Integer.parseInt(args[0]), Double.parseDouble(args[1])).table());
    System.exit(0); // the router's own threads would keep the process
  }
}
