package io.breakwater.backend.haproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.breakwater.backend.kit.Fault;
import io.breakwater.engine.backend.BackendException;
import io.breakwater.engine.backend.BackendSettings;
import io.breakwater.engine.backend.Plan;
import io.breakwater.engine.backend.TrafficShift;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Answers that only some HAProxy gives at some time. */
class FakeHaproxyTest {
  private FakeHaproxy haproxy;
  private HaproxyBackend backend;

  @BeforeEach
  void start() throws IOException {
    haproxy = new FakeHaproxy(Map.of("1", 0.0, "2", 1.0));
    backend =
        new HaproxyBackend(HaproxySettings.of(BackendSettings.of("credit", haproxy.settings())));
  }

  @AfterEach
  void stop() throws IOException {
    haproxy.close();
  }

  @Test
  void metadataAddress_isNotConnectedTo() {
    Map<String, Object> settings = new HashMap<>(haproxy.settings());
    settings.put("socket", "tcp:169.254.169.254:9999");
    HaproxyBackend elsewhere =
        new HaproxyBackend(HaproxySettings.of(BackendSettings.of("credit", settings)));

    assertThatThrownBy(elsewhere::describe)
        .isInstanceOf(BackendException.class)
        .hasMessageStartingWith(
            "HAProxy at tcp:169.254.169.254:9999: 169.254.169.254 is a link-local or metadata");
  }

  @Test
  void allCommands_goInOneRoundTrip_raisingFirst() throws Exception {
    Plan plan = backend.plan(shift(), backend.describe());
    assertThat(plan.description())
        .isEqualTo("set server scoring/s1 weight 1; set server scoring/s2 weight 0");
    backend.apply(plan);
    assertThat(haproxy.lines)
        .filteredOn(line -> line.startsWith("set "))
        .containsExactly("set server scoring/s1 weight 1;set server scoring/s2 weight 0");
  }

  @Test
  void incarnation_changesWithPidOrStart() throws Exception {
    assertThat(backend.describe().incarnation()).isEqualTo("pid 7 started 1795230960");
    info("Pid: 7\nStart_time_sec: 1795230961\n"); // one second: the same start, rounded otherwise
    assertThat(backend.describe().incarnation()).isEqualTo("pid 7 started 1795230960");
    info("Pid: 7\nStart_time_sec: 1795231000\n");
    assertThat(backend.describe().incarnation()).isEqualTo("pid 7 started 1795231000");
    info("Pid: 8\nStart_time_sec: 1795231000\n");
    assertThat(backend.describe().incarnation()).isEqualTo("pid 8 started 1795231000");
  }

  @Test
  void incarnation_withoutAPrintedStart_isStableByUptime() throws Exception {
    info("Pid: 7\nUptime_sec: 100\n");
    String first = backend.describe().incarnation();
    assertThat(backend.describe().incarnation()).isEqualTo(first);
    info("Pid: 7\nUptime_sec: 3\n");
    assertThat(backend.describe().incarnation()).isNotEqualTo(first);
  }

  @Test
  void garbage_isAnErrorNamingTheSocket() {
    haproxy.canned = Map.of("show servers state", "HTTP/1.1 400 Bad Request\n");
    assertThatThrownBy(backend::describe)
        .isInstanceOf(BackendException.class)
        .hasMessageContaining(haproxy.name())
        .hasMessageContaining("HTTP/1.1 400 Bad Request");
    haproxy.canned =
        Map.of("show servers state", "# be_id be_name srv_name\n3 scoring s1\n3 scoring s2\n");
    assertThatThrownBy(backend::describe)
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("srv_admin_state: null");
  }

  @Test
  void permissionDenied_saysWhichLevelIsNeeded() throws Exception {
    Plan plan = backend.plan(shift(), backend.describe());
    haproxy.suffer(Fault.REFUSING);
    assertThatThrownBy(() -> backend.apply(plan))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("Permission denied")
        .hasMessageContaining("(expected: 'level admin' on its 'stats socket' line)");
  }

  @Test
  void endlessAnswer_isNotTakenIn() {
    haproxy.canned = Map.of("show info", "x".repeat(5_000_000));
    assertThatThrownBy(backend::describe)
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("answer above 4194304 bytes");
  }

  @Test
  void agentCheck_isAManager() throws Exception {
    haproxy.canned =
        Map.of(
            "show servers state",
            """
            # be_id be_name srv_name srv_op_state srv_admin_state srv_uweight srv_iweight srv_agent_state
            3 scoring s1 2 0 80 80 0
            3 scoring s2 2 0 20 20 22
            """);
    assertThat(backend.describe().managers()).containsExactly("agent check of server s2");
  }

  @Test
  void action_mayOvertakeAStalledJournal() {
    assertThat(backend.idempotent()).isTrue();
  }

  private void info(String answer) {
    haproxy.canned = Map.of("show info", answer);
  }

  private static TrafficShift shift() {
    return new TrafficShift("d-1.1", "d-1", "credit", "2", "1", 0);
  }
}
