package io.breakwater.collector.intake;

import static io.breakwater.collector.fuzz.FuzzTarget.check;

import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.breakwater.collector.OtlpRequests;
import io.breakwater.collector.fuzz.FuzzTarget;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Metrics in OTLP, as protobuf: taken, or refused with a status that says whose fault it is; never
 * more points than a request may hold.
 */
public class OtlpTarget implements FuzzTarget {
  private static final IntakeLimits LIMITS = IntakeLimits.DEFAULTS;
  private static final long NOW = 1_795_227_600_000_000_000L;

  private final AtomicLong points = new AtomicLong();
  private final MetricsService service =
      new MetricsService(
          new Intake(
              new PointSink() {
                @Override
                public boolean isBehind() {
                  return false;
                }

                @Override
                public Map<Drop, Long> offer(Batch offered) {
                  int most = LIMITS.pointsPerRequest();
                  check(offered.size() <= most, offered.size() + " points in one request");
                  for (int i = 0; i < offered.size(); i++) {
                    check(offered.point(i).instance() != null, "a point of nobody");
                  }
                  points.addAndGet(offered.size());
                  return Map.of();
                }
              },
              new IntakeMetrics(new PrometheusRegistry()),
              LIMITS,
              Runnable::run));

  @Override
  public String name() {
    return "otlp";
  }

  /** What the body is said to be. */
  String contentType() {
    return "application/x-protobuf";
  }

  @Override
  public List<byte[]> seeds() {
    List<byte[]> seeds = new ArrayList<>();
    seeds.add(
        OtlpRequests.from("i-1")
            .calls("credit", "1", null, 20, NOW - 100_000_000L, NOW)
            .calls("credit", "2", "java.lang.IllegalStateException", 3, NOW - 100_000_000L, NOW)
            .bytes());
    seeds.add(
        OtlpRequests.from("i-2")
            .calls("m", "1", null, 1, NOW - 1, NOW)
            .with("ml.traffic", "shadow")
            .bytes());
    return seeds;
  }

  @Override
  public List<String> words() {
    return List.of(
        "ml.inference.duration",
        "ml.inference.score",
        "ml.inference.predictions",
        "ml.inference.feature",
        "ml.inference.out_of_range",
        "ml.model.name",
        "ml.model.version",
        "ml.range",
        "ml.range.bound",
        "ml.feature.name",
        "ml.output.class",
        "error.type",
        "breakwater.agent.heartbeat",
        "service.instance.id",
        "\n",
        "\u0012",
        "\u001a",
        "\u0080\u0001");
  }

  @Override
  public String run(byte[] input) throws Exception {
    RequestHeaders headers =
        RequestHeaders.of(HttpMethod.POST, "/v1/metrics", "content-type", contentType());
    HttpRequest request = HttpRequest.of(headers, HttpData.wrap(input));
    AggregatedHttpResponse answer =
        service.serve(ServiceRequestContext.of(request), request).aggregate().get();
    int status = answer.status().code();
    check(status == 200 || status == 400 || status == 413, "status " + status);
    check(answer.content().length() < 10_000, "an answer of " + answer.content().length());
    String text = FuzzTarget.way(new String(answer.content().array(), StandardCharsets.ISO_8859_1));
    return (status == 200 ? "ok " : status + " ") + text;
  }
}
