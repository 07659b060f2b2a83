package io.breakwater.collector.intake;

import static org.assertj.core.api.Assertions.assertThat;

import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.server.Server;
import io.breakwater.collector.OtlpRequests;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** More comes than can be taken: senders are told so before they give up. */
class OverloadTest {
  private static final int REQUESTS = 60;

  private final ExecutorService decoder = Executors.newSingleThreadExecutor();
  private final IntakeMetrics metrics = new IntakeMetrics(new PrometheusRegistry());
  private final Intake intake = new Intake(new SlowSink(), metrics, IntakeLimits.DEFAULTS, decoder);
  private final Server server =
      Server.builder().http(0).service(MetricsService.PATH, new MetricsService(intake)).build();

  @AfterEach
  void stop() {
    server.stop().join();
    decoder.shutdownNow();
  }

  @Test
  void requestsThatCannotBeTakenInTime_areRefusedAndNoneTimesOut() {
    server.start().join();
    WebClient client =
        WebClient.builder("http://127.0.0.1:" + server.activeLocalPort())
            .responseTimeout(Duration.ofMinutes(1))
            .build();
    List<CompletableFuture<AggregatedHttpResponse>> answers = new ArrayList<>();
    for (int i = 0; i < REQUESTS; i++) {
      byte[] body = OtlpRequests.from("i").calls("m", "1", null, 1, 1, 2 + i).bytes();
      answers.add(
          client
              .execute(
                  RequestHeaders.of(
                      HttpMethod.POST,
                      MetricsService.PATH,
                      "content-type",
                      "application/x-protobuf"),
                  body)
              .aggregate());
    }

    int taken = 0;
    for (CompletableFuture<AggregatedHttpResponse> answer : answers) {
      AggregatedHttpResponse told = answer.join();
      taken += told.status().code() == 200 ? 1 : 0;
      assertThat(told.status().code()).isIn(200, 503);
      assertThat(told.headers().get("retry-after"))
          .isEqualTo(told.status().code() == 200 ? null : "1");
    }
    assertThat(taken).isBetween(1, REQUESTS - 1);
    assertThat(metrics.usedCount()).isEqualTo(taken);
    assertThat(metrics.droppedCount(Drop.OVERLOADED)).isEqualTo(REQUESTS - taken);
  }

  /** Takes half a second for a request, so that all together take longer than a sender waits. */
  private static final class SlowSink implements PointSink {
    @Override
    public boolean isBehind() {
      return false;
    }

    @Override
    public Map<Drop, Long> offer(Batch batch) {
      try {
        Thread.sleep(500);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return Map.of();
    }
  }
}
