package io.breakwater.backend.haproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.breakwater.engine.backend.ApplyOutcome;
import io.breakwater.engine.backend.BackendException;
import io.breakwater.engine.backend.BackendSettings;
import io.breakwater.engine.backend.Plan;
import io.breakwater.engine.backend.TargetView;
import io.breakwater.engine.backend.TrafficShift;
import io.breakwater.engine.backend.Verification;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is particular to HAProxy, with a real one. */
class HaproxyBackendTest {
  private static final String CANARY =
      """
          balance roundrobin
          server blue 127.0.0.1:9 weight 80
          server green 127.0.0.1:9 weight 20
      """;

  private HaproxyProcess haproxy;

  @AfterEach
  void stop() throws IOException {
    if (haproxy != null) {
      haproxy.close();
    }
  }

  @Test
  void trip_isOneCommand() throws Exception {
    HaproxyBackend backend = start(CANARY);
    Plan plan = backend.plan(shift(0), backend.describe());
    assertThat(plan.description()).isEqualTo("set server scoring/green weight 0");
    backend.apply(plan);
    assertThat(haproxy.weight("blue")).isEqualTo(80);
    assertThat(haproxy.weight("green")).isZero();
  }

  @Test
  void operatorLevel_canBeRead_andIsRefusedSayingWhichLevel() throws Exception {
    haproxy = HaproxyProcess.with("level operator", CANARY);
    HaproxyBackend backend = backend(Map.of());
    TargetView seen = backend.describe();
    assertThat(seen.shares()).isEqualTo(Map.of("1", 0.8, "2", 0.2));
    assertThatThrownBy(() -> backend.plan(shift(0), seen))
        .isInstanceOf(BackendException.class)
        .hasMessage(
            "HAProxy at "
                + haproxy.name()
                + ": the socket has 'level operator' (expected: 'level admin' on its 'stats socket'"
                + " line)");
  }

  @Test
  void staticAlgorithm_takesAllOrNothing() throws Exception {
    HaproxyBackend backend = start(CANARY.replace("roundrobin", "static-rr"));
    apply(backend, shift(0));
    apply(backend, shift(0.2));
    assertThat(haproxy.weight("green")).isEqualTo(20);
    Plan plan = backend.plan(shift(0.01), backend.describe());
    assertThatThrownBy(() -> backend.apply(plan))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("static LB algorithm")
        .hasMessageContaining("'balance static-rr' (expected: roundrobin, leastconn");
  }

  @Test
  void unknownServer_isRefusedNamingTheKnown() throws Exception {
    start(CANARY);
    HaproxyBackend backend = backend(Map.of("servers", Map.of("1", "blue", "2", "gruen-2")));
    assertThatThrownBy(backend::describe)
        .hasMessageContaining("no server gruen-2 in backend scoring (it has: [blue, green])");
  }

  @Test
  void unknownBackend_isRefusedNamingTheKnown() throws Exception {
    start(CANARY);
    assertThatThrownBy(backend(Map.of("backend", "scorin"))::describe)
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("no backend scorin (it has: [")
        .hasMessageContaining("scoring");
  }

  @Test
  void serverWithoutAVersion_isRefusedWhileItTakesTraffic() throws Exception {
    HaproxyBackend backend = start(CANARY + "    server red 127.0.0.1:9 weight 5\n");
    assertThatThrownBy(backend::describe)
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("server red of backend scoring takes traffic but has no version");
    haproxy.ask("set server scoring/red weight 0");
    assertThat(backend.describe().shares()).isEqualTo(Map.of("1", 0.8, "2", 0.2));
  }

  @Test
  void backupServer_takesNoShare() throws Exception {
    HaproxyBackend backend = start(CANARY + "    server red 127.0.0.1:9 backup\n");
    assertThat(backend.describe().shares()).isEqualTo(Map.of("1", 0.8, "2", 0.2));
    HaproxyBackend mapped =
        backend(Map.of("servers", Map.of("1", "blue", "2", "green", "3", "red")));
    assertThatThrownBy(mapped::describe).hasMessageContaining("red is a backup server");
  }

  @Test
  void severalServersOfAVersion_shareItsPartAsConfigured() throws Exception {
    haproxy =
        HaproxyProcess.with(
            "level admin",
            """
                balance roundrobin
                server blue-1 127.0.0.1:9 weight 60
                server blue-2 127.0.0.1:9 weight 20
                server green 127.0.0.1:9 weight 20
            """,
            Map.of("1", "blue-1, blue-2", "2", "green"));
    HaproxyBackend backend = backend(Map.of());
    assertThat(backend.describe().shares()).isEqualTo(Map.of("1", 0.8, "2", 0.2));
    apply(backend, shift(0));
    assertThat(haproxy.weight("blue-1")).isEqualTo(60);
    assertThat(haproxy.weight("blue-2")).isEqualTo(20);
    apply(backend, shift(0.5));
    assertThat(haproxy.weight("blue-1")).isEqualTo(3 * haproxy.weight("blue-2"));
    assertThat(haproxy.weight("green")).isEqualTo(4 * haproxy.weight("blue-2"));
  }

  @Test
  void drainAndMaintenance_countAsNoShare_andAreLeftToWhoSetThem() throws Exception {
    HaproxyBackend backend = start(CANARY);
    for (String state : new String[] {"drain", "maint"}) {
      haproxy.ask("set server scoring/green state " + state);
      TargetView view = backend.describe();
      assertThat(view.shares()).isEqualTo(Map.of("1", 1.0, "2", 0.0));
      assertThat(view.ready()).containsExactly("1");
      assertThatThrownBy(() -> backend.plan(shift(0.1), view))
          .isInstanceOf(BackendException.class)
          .hasMessageContaining("version 2 cannot take traffic: none of its servers green is up");
    }
    // Back in service it would have its weight again: a shift to 0 takes that too.
    Plan plan = backend.plan(shift(0), backend.describe());
    assertThat(backend.verify(plan).kind()).isEqualTo(Verification.Kind.PENDING);
    apply(backend, shift(0));
    haproxy.ask("set server scoring/green state ready");
    assertThat(backend.describe().shares()).isEqualTo(Map.of("1", 1.0, "2", 0.0));
  }

  @Test
  void targetThatIsDown_isNotGivenTraffic() throws Exception {
    HaproxyBackend backend =
        start(
            CANARY.replace(
                "server blue 127.0.0.1:9 weight 80",
                "server blue 127.0.0.1:9 weight 80 check inter 50ms fall 1"));
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    TargetView view = backend.describe();
    while (view.ready().contains("1") && System.nanoTime() < deadline) {
      view = backend.describe();
    }
    TargetView down = view;
    assertThat(down.ready()).containsExactly("2");
    assertThat(down.shares()).isEqualTo(Map.of("1", 0.8, "2", 0.2));
    assertThatThrownBy(() -> backend.plan(shift(0), down))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("version 1 cannot take traffic: none of its servers blue is up");
  }

  @Test
  void restart_bringsConfiguredWeightsBack_andShowsInTheIncarnation() throws Exception {
    HaproxyBackend backend = start(CANARY);
    Plan plan = backend.plan(shift(0), backend.describe());
    backend.apply(plan);
    String before = backend.describe().incarnation();
    haproxy.stop();
    haproxy.start();
    TargetView after = backend.describe();
    assertThat(after.incarnation()).isNotNull().isNotEqualTo(before);
    assertThat(after.shares()).isEqualTo(Map.of("1", 0.8, "2", 0.2));
    assertThat(backend.apply(plan).kind()).isEqualTo(ApplyOutcome.Kind.STALE);
    apply(backend, shift(0));
  }

  @Test
  void cookiePersistence_isSaidInThePlan() throws Exception {
    HaproxyBackend backend =
        start(
            """
                balance roundrobin
                cookie SRV insert
                server blue 127.0.0.1:9 weight 80 cookie b
                server green 127.0.0.1:9 weight 20 cookie g
            """);
    assertThat(backend.plan(shift(0), backend.describe()).description())
        .contains("sessions that cookie SRV binds stay until they end");
  }

  private HaproxyBackend start(String backendLines) throws IOException {
    haproxy = HaproxyProcess.with("level admin", backendLines);
    return backend(Map.of());
  }

  private HaproxyBackend backend(Map<String, Object> changed) {
    Map<String, Object> settings = new HashMap<>(haproxy.settings());
    settings.putAll(changed);
    return new HaproxyBackend(HaproxySettings.of(BackendSettings.of("credit", settings)));
  }

  private static void apply(HaproxyBackend backend, TrafficShift shift) throws BackendException {
    Plan plan = backend.plan(shift, backend.describe());
    assertThat(backend.apply(plan).kind()).isEqualTo(ApplyOutcome.Kind.APPLIED);
    assertThat(backend.verify(plan).kind()).isEqualTo(Verification.Kind.CONVERGED);
  }

  private static TrafficShift shift(double share) {
    return new TrafficShift("d-1.1", "d-1", "credit", "2", "1", share);
  }
}
