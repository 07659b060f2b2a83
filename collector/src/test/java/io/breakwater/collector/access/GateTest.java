package io.breakwater.collector.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.RequestHeadersBuilder;
import io.breakwater.collector.access.AccessException.Kind;
import io.breakwater.collector.config.CollectorConfig;
import io.breakwater.collector.config.CollectorConfig.Listen;
import io.breakwater.collector.config.CollectorConfig.Role;
import io.breakwater.collector.config.CollectorConfig.Token;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GateTest {
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
    return new Gate(() -> config);
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
      assertThatThrownBy(() -> GUARDED.admit(need, headers, null))
          .isInstanceOfSatisfying(
              AccessException.class, e -> assertThat(e.kind()).isEqualTo(Kind.FORBIDDEN))
          .hasMessageContaining("is not allowed this")
          .hasMessageNotContaining(secret);
    } else {
      assertThat(GUARDED.admit(need, headers, null)).isEqualTo(name);
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

    assertThatThrownBy(() -> GUARDED.admit(Need.READ, headers, null))
        .isInstanceOfSatisfying(
            AccessException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNAUTHENTICATED));
  }

  @Test
  void noCredentials_areNobodys() {
    assertThatThrownBy(() -> GUARDED.admit(Need.EMIT, to("localhost").build(), null))
        .hasMessage("no known token");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"localhost", "LOCALHOST:1", "127.0.0.1:9470", "127.1.2.3", "[::1]:9470", "[::1]"})
  void withoutTokens_loopbackIsAnswered(String host) throws Exception {
    assertThat(OPEN.admit(Need.READ, to(host).build(), null)).isNull();
    assertThat(OPEN.admit(Need.EMIT, to(host).build(), null)).isNull();
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
              () -> OPEN.admit(need, to(host).set(Gate.CHANGE_HEADER, "1").build(), null))
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
      assertThatThrownBy(() -> gate.admit(Need.OPERATE, headers.build(), null))
          .isInstanceOf(AccessException.class)
          .hasMessageContaining("a request that a page of");
      assertThatThrownBy(() -> gate.admit(Need.READ, headers.build(), null))
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

    assertThat(OPEN.admit(Need.OPERATE, headers, null)).isNull();
  }

  @Test
  void change_needsTheHeader() {
    assertThatThrownBy(() -> OPEN.admit(Need.OPERATE, to("localhost").build(), null))
        .hasMessageContaining("without the header X-Breakwater-Request");
  }

  @Test
  void whatNeedsNothing_passesFromAnywhere() throws Exception {
    assertThat(GUARDED.admit(Need.NOTHING, to("evil.example").build(), null)).isNull();
  }

  private static RequestHeadersBuilder to(String authority) {
    return RequestHeaders.builder(HttpMethod.GET, "/api/v1/models")
        .scheme("http")
        .set(":authority", authority);
  }
}
