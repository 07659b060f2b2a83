package io.breakwater.collector.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.linecorp.armeria.common.util.EventLoopGroups;
import io.breakwater.collector.OtlpRequests;
import io.breakwater.collector.action.Backends;
import io.breakwater.collector.alert.AlertDispatcher;
import io.breakwater.collector.alert.AlertMetrics;
import io.breakwater.collector.alert.AlertRouter;
import io.breakwater.collector.config.CollectorConfig;
import io.breakwater.collector.config.CollectorConfig.Listen;
import io.breakwater.collector.intake.Batches;
import io.breakwater.collector.intake.Drop;
import io.breakwater.collector.intake.IntakeMetrics;
import io.breakwater.collector.store.Store;
import io.netty.channel.EventLoopGroup;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One model that sends more than its lane can take. */
class NoisyModelTest {
  private static final CollectorConfig CONFIG =
      new CollectorConfig("b.yaml", "d", Listen.DEFAULTS, List.of(), List.of(), List.of());

  @TempDir Path folder;

  @Test
  void noisyModel_losesItsOwnPointsOnly() throws Exception {
    EventLoopGroup eventLoops = EventLoopGroups.newEventLoopGroup(1, "test-io", true);
    AlertRouter router = new AlertRouter(() -> CONFIG);
    PrometheusRegistry registry = new PrometheusRegistry();
    try (Store store = Store.open(folder, router, Clock.systemUTC());
        AlertDispatcher alerts =
            new AlertDispatcher(
                eventLoops,
                Clock.systemUTC(),
                System::nanoTime,
                new AlertMetrics(registry),
                store.journal()::delivered);
        Lanes lanes =
            new Lanes(
                CONFIG,
                Backends.installed(),
                store,
                alerts,
                router,
                new IntakeMetrics(registry),
                Clock.systemUTC(),
                System::nanoTime)) {
      // The lanes' threads do not run yet: everything waits.
      long refused = 0;
      for (int request = 0; request < 5; request++) {
        refused +=
            lanes.offer(Batches.decode(calls("noisy", 5_000))).getOrDefault(Drop.LANE_FULL, 0L);
      }
      assertThat(refused).isEqualTo(5_000);
      assertThat(lanes.isBehind()).isFalse();
      assertThat(lanes.offer(Batches.decode(calls("quiet", 100)))).isEmpty();

      lanes.start();
      await(lanes, "quiet", 100);
      await(lanes, "noisy", 20_000);
      assertThat(lanes.offer(Batches.decode(calls("noisy", 1)))).isEmpty();
    } finally {
      eventLoops.shutdownGracefully();
    }
  }

  private static byte[] calls(String model, int points) {
    OtlpRequests request = OtlpRequests.from("i");
    for (int i = 0; i < points; i++) {
      request.calls(model, "1", null, 1, 1, 2 + i);
    }
    return request.bytes();
  }

  private static void await(Lanes lanes, String model, long calls) throws InterruptedException {
    long deadline = System.nanoTime() + 30_000_000_000L;
    while (calls(lanes, model) != calls && System.nanoTime() < deadline) {
      Thread.sleep(5);
    }
    assertThat(calls(lanes, model)).isEqualTo(calls);
  }

  private static long calls(Lanes lanes, String model) {
    return lanes.totals().stream()
        .filter(totals -> totals.model().equals(model))
        .flatMap(totals -> totals.read().stream())
        .mapToLong(ModelTotals.Totals::calls)
        .sum();
  }
}
