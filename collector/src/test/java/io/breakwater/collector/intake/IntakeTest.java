package io.breakwater.collector.intake;

import static org.assertj.core.api.Assertions.assertThat;

import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpRequestWriter;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.breakwater.collector.OtlpRequests;
import io.breakwater.collector.RpcStatus;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceResponse;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** What senders are told, by either transport, when something is in the way. */
class IntakeTest {
  private static final IntakeLimits LIMITS = new IntakeLimits(10_000, 100, 256, 12_000, 1_000);

  private final Sink sink = new Sink();
  private final IntakeMetrics metrics = new IntakeMetrics(new PrometheusRegistry());
  private final Intake intake = new Intake(sink, metrics, LIMITS, Runnable::run);
  private final HttpService http = new MetricsService(intake);
  private final HttpService grpc = new GrpcMetricsService(intake);

  @Test
  void lanesThatAreBehind_askToComeBack() throws Exception {
    sink.behind = true;

    AggregatedHttpResponse answer = post(http, PROTOBUF, points(1));
    assertThat(answer.status().code()).isEqualTo(503);
    assertThat(answer.headers().get("retry-after")).isEqualTo("1");
    assertThat(RpcStatus.parse(answer.content().array()).code()).isEqualTo(14);

    answer = post(grpc, GRPC, framed(points(1)));
    assertThat(answer.trailers().get("grpc-status")).isEqualTo("14");
    assertThat(retryInfo(answer)).isTrue();
    assertThat(metrics.droppedCount(Drop.OVERLOADED)).isEqualTo(2);
    assertThat(sink.points).isEmpty();
  }

  @Test
  void bodiesThatWaitedTooLongToBeDecoded_askToComeBack() throws Exception {
    List<Runnable> waiting = new CopyOnWriteArrayList<>();
    AtomicLong nanos = new AtomicLong();
    Intake busy = new Intake(sink, metrics, LIMITS, waiting::add, nanos::get);
    HttpService busyHttp = new MetricsService(busy);
    HttpRequest old = HttpRequest.of(headers(PROTOBUF), HttpData.wrap(points(1)));
    CompletableFuture<AggregatedHttpResponse> late = busyHttp.serve(context(old), old).aggregate();
    await(() -> waiting.size() == 1);
    nanos.addAndGet(2_000_000_000L);
    HttpRequest young = HttpRequest.of(headers(PROTOBUF), HttpData.wrap(points(1)));
    CompletableFuture<AggregatedHttpResponse> inTime =
        busyHttp.serve(context(young), young).aggregate();
    await(() -> waiting.size() == 2);
    nanos.addAndGet(1);
    waiting.forEach(Runnable::run);

    assertThat(late.join().status().code()).isEqualTo(503);
    assertThat(late.join().headers().get("retry-after")).isEqualTo("1");
    assertThat(inTime.join().status().code()).isEqualTo(200);
    assertThat(metrics.droppedCount(Drop.OVERLOADED)).isEqualTo(1);
    assertThat(sink.points).hasSize(1);
    assertThat(busy.pendingBytes()).isZero();
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    for (int i = 0; i < 10_000 && !condition.getAsBoolean(); i++) {
      Thread.sleep(1);
    }
  }

  @Test
  void bodiesBeyondTheMemoryForThem_askToComeBack() throws Exception {
    HttpRequestWriter slow = HttpRequest.streaming(headers(PROTOBUF));
    HttpResponse waiting = http.serve(context(slow), slow);
    slow.write(HttpData.wrap(new byte[9_000]));
    await(() -> intake.pendingBytes() >= 9_000);

    AggregatedHttpResponse answer = post(http, PROTOBUF, new byte[9_000]);
    assertThat(answer.status().code()).isEqualTo(429);
    assertThat(answer.headers().get("retry-after")).isEqualTo("1");
    answer = post(grpc, GRPC, framed(new byte[9_000]));
    assertThat(answer.trailers().get("grpc-status")).isEqualTo("8");
    assertThat(retryInfo(answer)).isTrue();
    assertThat(metrics.droppedCount(Drop.BODIES_FULL)).isEqualTo(2);

    slow.close();
    assertThat(waiting.aggregate().join().status().code()).isEqualTo(400);
    assertThat(post(http, PROTOBUF, points(1)).status().code()).isEqualTo(200);
  }

  @Test
  void largerThanAllowed_isNothingToTryAgain() throws Exception {
    assertThat(post(http, PROTOBUF, new byte[10_001]).status().code()).isEqualTo(413);
    AggregatedHttpResponse answer = post(grpc, GRPC, framed(new byte[10_001]));
    assertThat(answer.trailers().get("grpc-status")).isEqualTo("8");
    assertThat(retryInfo(answer)).isFalse();
    assertThat(metrics.droppedCount(Drop.OVERSIZED)).isEqualTo(2);
  }

  @Test
  void pointsTurnedAwayByTheLanes_areAPartialSuccess() throws Exception {
    sink.refuses = Drop.TOO_MANY_MODELS;

    AggregatedHttpResponse answer = post(http, PROTOBUF, points(3));
    assertThat(answer.status().code()).isEqualTo(200);
    assertThat(
            ExportMetricsServiceResponse.parseFrom(answer.content().array())
                .getPartialSuccess()
                .getRejectedDataPoints())
        .isEqualTo(3);
    assertThat(metrics.droppedCount(Drop.TOO_MANY_MODELS)).isEqualTo(3);
    assertThat(metrics.usedCount()).isZero();

    answer = post(http, JSON, "{}".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    assertThat(answer.contentUtf8()).isEqualTo("{}");
  }

  @Test
  void jsonIsAnsweredInJson() throws Exception {
    AggregatedHttpResponse answer = post(http, JSON, utf8("{\"resourceMetrics\":[7]}"));
    assertThat(answer.status().code()).isEqualTo(400);
    assertThat(answer.contentType().is(com.linecorp.armeria.common.MediaType.JSON)).isTrue();
    assertThat(answer.contentUtf8())
        .isEqualTo(
            "{\"code\":3,\"message\":\"the request is not a valid OTLP metrics request:"
                + " line 1, column 21: 7 (expected: an object)\"}");

    answer =
        post(
            http,
            JSON,
            utf8(
                "{\"resourceMetrics\":[{\"scopeMetrics\":[{\"metrics\":["
                    + "{\"name\":\"ml.inference.score\",\"sum\":{\"dataPoints\":[{\"asInt\":1}]}}"
                    + "]}]}]}"));
    assertThat(answer.contentUtf8())
        .isEqualTo(
            "{\"partialSuccess\":{\"rejectedDataPoints\":\"1\",\"errorMessage\":"
                + "\"1 refused: ml.model.name and ml.model.version are required\"}}");
  }

  @Test
  void framesThatAreNone_areMalformed() throws Exception {
    byte[] two = new byte[2 * framed(points(1)).length];
    System.arraycopy(framed(points(1)), 0, two, 0, two.length / 2);
    for (byte[] body : List.of(new byte[0], new byte[4], two, new byte[] {2, 0, 0, 0, 0})) {
      assertThat(post(grpc, GRPC, body).trailers().get("grpc-status")).isEqualTo("3");
    }
    assertThat(post(grpc, GRPC, new byte[] {1, 0, 0, 0, 0}).trailers().get("grpc-message"))
        .contains("without grpc-encoding");
    assertThat(post(grpc, PROTOBUF, new byte[0]).status().code()).isEqualTo(415);
  }

  @Test
  void messages_arePercentEncoded() {
    assertThat(GrpcAnswers.percentEncoded("50 % é\n")).isEqualTo("50 %25 %C3%A9%0A");
  }

  private static final String PROTOBUF = "application/x-protobuf";
  private static final String JSON = "application/json";
  private static final String GRPC = "application/grpc+proto";

  private static byte[] utf8(String text) {
    return text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
  }

  private static byte[] points(int count) {
    OtlpRequests request = OtlpRequests.from("i");
    for (int i = 0; i < count; i++) {
      request.calls("m", "1", null, 1, 1, 2 + i);
    }
    return request.bytes();
  }

  private static byte[] framed(byte[] message) {
    return java.nio.ByteBuffer.allocate(5 + message.length)
        .put((byte) 0)
        .putInt(message.length)
        .put(message)
        .array();
  }

  private static boolean retryInfo(AggregatedHttpResponse answer) throws Exception {
    byte[] details =
        java.util.Base64.getDecoder().decode(answer.trailers().get("grpc-status-details-bin"));
    return RpcStatus.parse(details).hasRetryInfo();
  }

  private static RequestHeaders headers(String type) {
    String path = type.equals(GRPC) ? GrpcMetricsService.PATH : MetricsService.PATH;
    return RequestHeaders.builder(HttpMethod.POST, path).set("content-type", type).build();
  }

  private static ServiceRequestContext context(HttpRequest request) {
    return ServiceRequestContext.of(request);
  }

  private static AggregatedHttpResponse post(HttpService service, String type, byte[] body)
      throws Exception {
    HttpRequest request = HttpRequest.of(headers(type), HttpData.wrap(body));
    return service.serve(context(request), request).aggregate().join();
  }

  private static final class Sink implements PointSink {
    private final List<Point> points = new ArrayList<>();
    private boolean behind;
    private Drop refuses;

    @Override
    public boolean isBehind() {
      return behind;
    }

    @Override
    public Map<Drop, Long> offer(Batch offered) {
      if (refuses != null) {
        Map<Drop, Long> refused = new EnumMap<>(Drop.class);
        refused.put(refuses, (long) offered.size());
        return refused;
      }
      for (int i = 0; i < offered.size(); i++) {
        points.add(offered.point(i));
      }
      return Map.of();
    }
  }
}
