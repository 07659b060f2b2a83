package io.breakwater.collector.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.RequestHeadersBuilder;
import io.breakwater.collector.access.AccessException.Kind;
import io.breakwater.collector.config.CollectorConfig;
import io.breakwater.collector.config.CollectorConfig.Listen;
import io.breakwater.collector.config.CollectorConfig.Role;
import io.breakwater.collector.config.CollectorConfig.Token;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GateTest {
  private static final InetAddress HERE = InetAddress.getLoopbackAddress();
  private static final AccessMetrics METRICS = new AccessMetrics(new PrometheusRegistry());
  private static final AtomicLong NOW = new AtomicLong();
  private static final Gate OPEN = gate(List.of());
  private static final Gate GUARDED =
      gate(
          List.of(
              new Token("agents", Role.EMIT, "emit-secret"),
              new Token("board", Role.READ, "read-secret"),
              new Token("deployer", Role.OPERATE, "operate-secret")));

  private static Gate gate(List<Token> tokens) {
    CollectorConfig config =
        new CollectorConfig("b.yaml", "d", Listen.DEFAULTS, tokens, List.of(), List.of());
    return new Gate(() -> config, METRICS, NOW::get);
  }

  @ParameterizedTest
  @CsvSource({
    "emit-secret, EMIT, agents",
    "emit-secret, READ, ",
    "emit-secret, OPERATE, ",
    "read-secret, EMIT, ",
    "read-secret, READ, board",
    "read-secret, OPERATE, ",
    "operate-secret, EMIT, ",
    "operate-secret, READ, deployer",
    "operate-secret, OPERATE, deployer",
  })
  void role_isEnoughOrNot(String secret, Need need, String name) throws Exception {
    RequestHeaders headers =
        to("collector.example:9470")
            .set("authorization", "Bearer " + secret)
            .set(Gate.CHANGE_HEADER, "1")
            .build();

    if (name == null) {
      assertThatThrownBy(() -> GUARDED.admit(need, headers, null, HERE))
          .isInstanceOfSatisfying(
              AccessException.class, e -> assertThat(e.kind()).isEqualTo(Kind.FORBIDDEN))
          .hasMessageContaining("is not allowed this")
          .hasMessageNotContaining(secret);
    } else {
      assertThat(GUARDED.admit(need, headers, null, HERE)).isEqualTo(name);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Bearer",
        "Bearer ",
        "Bearer operate-secre",
        "Bearer operate-secrett",
        "Bearer OPERATE-SECRET",
        "Bearer operate-secret,emit-secret",
        "Bearer operate -secret",
        "Basic operate-secret",
        "Basic b3BlcmF0ZS1zZWNyZXQ=",
        "operate-secret",
        "Bearer null",
        "Bearer *",
        "Bearer deployer",
      })
  void otherCredentials_areNobodys(String authorization) {
    RequestHeaders headers = to("localhost").set("authorization", authorization).build();

    assertThatThrownBy(() -> GUARDED.admit(Need.READ, headers, null, HERE))
        .isInstanceOfSatisfying(
            AccessException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNAUTHENTICATED));
  }

  @Test
  void noCredentials_areNobodys() {
    assertThatThrownBy(() -> GUARDED.admit(Need.EMIT, to("localhost").build(), null, HERE))
        .hasMessage("no known token");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"localhost", "LOCALHOST:1", "127.0.0.1:9470", "127.1.2.3", "[::1]:9470", "[::1]"})
  void withoutTokens_loopbackIsAnswered(String host) throws Exception {
    assertThat(OPEN.admit(Need.READ, to(host).build(), null, HERE)).isNull();
    assertThat(OPEN.admit(Need.EMIT, to(host).build(), null, HERE)).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "127.evil.example",
        "127.0.0.1.evil.example:9470",
        "127.0.0.1.",
        "localhost.evil.example",
        "evil.example:80@localhost",
        "localhost.",
        "[::1].evil.example",
        "[::2]",
        "10.0.0.1",
        "0.0.0.0",
        "2130706433",
      })
  void withoutTokens_otherHostsAreNot(String host) {
    for (Need need : List.of(Need.READ, Need.EMIT, Need.OPERATE)) {
      assertThatThrownBy(
              () -> OPEN.admit(need, to(host).set(Gate.CHANGE_HEADER, "1").build(), null, HERE))
          .isInstanceOf(AccessException.class)
          .hasMessageContaining("and no tokens are configured");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://evil.example",
        "null",
        "http://localhost:9471",
        "http://localhost",
        "http://localhost:9470@evil.example",
        "%%%",
        "file://",
      })
  void pageFromElsewhere_isRefusedWithAndWithoutTokens(String origin) {
    RequestHeadersBuilder headers = to("localhost:9470").set("origin", origin);
    headers.set(Gate.CHANGE_HEADER, "1").set("authorization", "Bearer operate-secret");

    for (Gate gate : List.of(OPEN, GUARDED)) {
      assertThatThrownBy(() -> gate.admit(Need.OPERATE, headers.build(), null, HERE))
          .isInstanceOf(AccessException.class)
          .hasMessageContaining("a request that a page of");
      assertThatThrownBy(() -> gate.admit(Need.READ, headers.build(), null, HERE))
          .isInstanceOf(AccessException.class);
    }
  }

  @Test
  void ownPage_passes() throws Exception {
    RequestHeaders headers =
        to("Localhost:9470")
            .set("origin", "http://localhost:9470")
            .set(Gate.CHANGE_HEADER, "1")
            .build();

    assertThat(OPEN.admit(Need.OPERATE, headers, null, HERE)).isNull();
  }

  @Test
  void change_needsTheHeader() {
    assertThatThrownBy(() -> OPEN.admit(Need.OPERATE, to("localhost").build(), null, HERE))
        .hasMessageContaining("without the header X-Breakwater-Request");
  }

  @Test
  void whatNeedsNothing_passesFromAnywhere() throws Exception {
    assertThat(GUARDED.admit(Need.NOTHING, to("evil.example").build(), null, HERE)).isNull();
  }

  @Test
  void manyWrongTokens_areToldToWait_andARightOnePasses() throws Exception {
    Gate gate = gate(List.of(new Token("board", Role.READ, "read-secret")));
    double unknown = METRICS.refusedCount(Need.READ, Kind.UNAUTHENTICATED);
    double tooMany = METRICS.refusedCount(Need.OPERATE, Kind.TOO_MANY);
    for (int i = 0; i < 20; i++) {
      assertThat(refusal(gate, Need.READ, "guess-" + i, HERE).kind())
          .isEqualTo(Kind.UNAUTHENTICATED);
    }

    NOW.addAndGet(TimeUnit.SECONDS.toNanos(10));
    AccessException refusal = refusal(gate, Need.OPERATE, "guess-20", HERE);
    assertThat(refusal.kind()).isEqualTo(Kind.TOO_MANY);
    assertThat(refusal.retrySeconds()).isBetween(50L, 51L);
    assertThat(refusal(gate, Need.EMIT, "guess-20", InetAddress.getByName("127.0.0.2")).kind())
        .as("another address")
        .isEqualTo(Kind.UNAUTHENTICATED);
    assertThat(refusal(gate, Need.READ, null, HERE).kind())
        .as("no token is no guess")
        .isEqualTo(Kind.UNAUTHENTICATED);
    assertThat(gate.admit(Need.READ, bearer("read-secret"), null, HERE)).isEqualTo("board");
    assertThat(refusal(gate, Need.OPERATE, "read-secret", HERE).kind()).isEqualTo(Kind.FORBIDDEN);

    NOW.addAndGet(TimeUnit.SECONDS.toNanos(51));
    assertThat(refusal(gate, Need.READ, "guess-21", HERE).kind()).isEqualTo(Kind.UNAUTHENTICATED);
    assertThat(METRICS.refusedCount(Need.READ, Kind.UNAUTHENTICATED) - unknown).isEqualTo(22);
    assertThat(METRICS.refusedCount(Need.OPERATE, Kind.TOO_MANY) - tooMany).isEqualTo(1);
  }

  private static AccessException refusal(
      Gate gate, Need need, @Nullable String token, InetAddress from) {
    return catchThrowableOfType(
        AccessException.class, () -> gate.admit(need, bearer(token), null, from));
  }

  private static RequestHeaders bearer(@Nullable String token) {
    RequestHeadersBuilder headers = to("localhost").set(Gate.CHANGE_HEADER, "1");
    return token == null
        ? headers.build()
        : headers.set("authorization", "Bearer " + token).build();
  }

  private static RequestHeadersBuilder to(String authority) {
    return RequestHeaders.builder(HttpMethod.GET, "/api/v1/models")
        .scheme("http")
        .set(":authority", authority);
  }
}
