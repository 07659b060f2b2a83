package io.breakwater.collector.intake;

import static org.assertj.core.api.Assertions.assertThat;

import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.RequestHeadersBuilder;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.breakwater.collector.access.AccessMetrics;
import io.breakwater.collector.access.Gate;
import io.breakwater.collector.config.CollectorConfig;
import io.breakwater.collector.config.CollectorConfig.Listen;
import io.breakwater.collector.config.CollectorConfig.Role;
import io.breakwater.collector.config.CollectorConfig.Token;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Refusals in the form that the sender speaks. */
class EmitGateTest {
  private final IntakeMetrics metrics = new IntakeMetrics(new PrometheusRegistry());
  private final CollectorConfig config =
      new CollectorConfig(
          "b.yaml",
          "d",
          Listen.DEFAULTS,
          List.of(
              new Token("agents", Role.EMIT, "emit-secret"),
              new Token("deployer", Role.OPERATE, "operate-secret")),
          List.of(),
          List.of());
  private final PointSink nowhere =
      new PointSink() {
        @Override
        public boolean isBehind() {
          return false;
        }

        @Override
        public Map<Drop, Long> offer(Batch points) {
          return Map.of();
        }
      };
  private final EmitGate gate =
      new EmitGate(
          new Gate(() -> config, new AccessMetrics(new PrometheusRegistry()), () -> 0),
          new Intake(nowhere, metrics, IntakeLimits.DEFAULTS, Runnable::run));

  @Test
  void grpc_isAnsweredWithItsOwnStatus() throws Exception {
    AggregatedHttpResponse unknown = send("application/grpc", null);
    assertThat(unknown.status().code()).isEqualTo(200);
    assertThat(unknown.trailers().get("grpc-status")).isEqualTo("16");
    assertThat(unknown.trailers().get("grpc-message")).startsWith("no known token");

    AggregatedHttpResponse other = send("application/grpc+proto", "operate-secret");
    assertThat(other.trailers().get("grpc-status")).isEqualTo("7");
    assertThat(metrics.droppedCount(Drop.UNAUTHORIZED)).isEqualTo(2);
  }

  @Test
  void json_isAnsweredInJson() throws Exception {
    AggregatedHttpResponse answer = send("application/json", null);

    assertThat(answer.status().code()).isEqualTo(401);
    assertThat(answer.contentUtf8()).startsWith("{\"code\":16,\"message\":\"no known token");
  }

  @Test
  void protobuf_isAnsweredInProtobuf() throws Exception {
    assertThat(send("application/x-protobuf", null).status().code()).isEqualTo(401);
    assertThat(send("application/x-protobuf", "operate-secret").status().code()).isEqualTo(403);
    assertThat(send("application/x-protobuf", "emit-secret").contentUtf8()).isEqualTo("taken");
  }

  private AggregatedHttpResponse send(String contentType, String token) throws Exception {
    RequestHeadersBuilder headers =
        RequestHeaders.builder(HttpMethod.POST, "/v1/metrics")
            .scheme("http")
            .authority("localhost")
            .set("content-type", contentType);
    if (token != null) {
      headers.set("authorization", "Bearer " + token);
    }
    HttpRequest request = HttpRequest.of(headers.build(), HttpData.empty());
    ServiceRequestContext context = ServiceRequestContext.of(request);
    return gate.serve((ctx, passed) -> HttpResponse.of("taken"), context, request)
        .aggregate()
        .get();
  }
}
