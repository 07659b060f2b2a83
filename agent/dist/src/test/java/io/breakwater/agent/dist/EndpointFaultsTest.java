package io.breakwater.agent.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.breakwater.agent.dist.FaultyEndpoint.Fault;
import io.breakwater.agent.dist.HostJvm.Result;
import io.breakwater.agent.dist.host.OwnCodeHost;
import io.breakwater.agent.dist.host.ResidentHost;
import io.breakwater.agent.dist.host.SteadyHost;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * An endpoint that misbehaves costs its host a line and a bounded amount of memory.
 *
 * <p>With {@code -Dbreakwater.faults=true} for minutes, else for seconds.
 */
class EndpointFaultsTest {
  private static final boolean LONG = Boolean.getBoolean("breakwater.faults");

  @Test
  void endpointAtFault_leavesTheHeapFlat() throws Exception {
    long millis = LONG ? 180_000 : 3_000;
    Map<Fault, Future<Result>> running = new EnumMap<>(Fault.class);
    ExecutorService threads = Executors.newCachedThreadPool();
    try {
      for (Fault fault : Fault.values()) {
        running.put(
            fault,
            threads.submit(
                () -> {
                  try (FaultyEndpoint endpoint = FaultyEndpoint.start(fault)) {
                    return HostJvm.on(Jdk.current())
                        .withAgent()
                        .with("-Dbreakwater.endpoint=" + endpoint.url())
                        .with("-Dbreakwater.flush.feature=1s", "-Xmx64m")
                        .withVariable("OTEL_EXPORTER_OTLP_TIMEOUT", "1000")
                        .within(millis / 1_000 + 60)
                        .run(SteadyHost.class, millis);
                  }
                }));
      }
      for (Map.Entry<Fault, Future<Result>> each : running.entrySet()) {
        Result result = each.getValue().get();
        assertThat(result.out).as(each.getKey().toString()).containsExactly("heap flat");
        assertThat(result.exitCode).as(each.getKey().toString()).isZero();
        assertThat(result.ownErr()).as(each.getKey().toString()).isEmpty();
        assertThat(result.agentLines().size())
            .as(each.getKey() + ": " + result.agentLines())
            .isLessThanOrEqualTo(each.getKey() == Fault.FLAPPING ? 200 : 2);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  void endOfAHost_doesNotWaitForTheEndpoint(Fault fault) throws Exception {
    try (FaultyEndpoint endpoint = FaultyEndpoint.start(fault)) {
      Result result =
          HostJvm.on(Jdk.current())
              .withAgent()
              .with("-Dbreakwater.endpoint=" + endpoint.url())
              .within(60)
              .run(OwnCodeHost.class, 100);

      assertThat(result.out).containsExactly("true");
      assertThat(result.exitCode).isZero();
      assertThat(result.ownErr()).isEmpty();
    }
  }

  /**
   * 5 models of 30 features; 6,000 flushes of the outcome lane a minute instead of 600. Without C2,
   * which keeps megabytes of what it needed to compile a large method, see docs/agent-faults.md.
   */
  @Test
  void deadCollector_leavesTheResidentSetFlat() throws Exception {
    assumeTrue(LONG, "four minutes: with -Dbreakwater.faults=true");
    try (FaultyEndpoint endpoint = FaultyEndpoint.start(Fault.REFUSING)) {
      Result result =
          HostJvm.on(Jdk.current())
              .withAgent()
              .with("-Dbreakwater.endpoint=" + endpoint.url())
              .with("-Dbreakwater.flush.outcome=10ms", "-Dbreakwater.flush.feature=1s")
              .with("-Xms48m", "-Xmx48m", "-XX:+AlwaysPreTouch", "-XX:+UseSerialGC")
              .with("-XX:TieredStopAtLevel=1")
              .within(400)
              .run(ResidentHost.class, 240, 10);

      List<Long> resident = result.out.stream().map(Long::valueOf).collect(Collectors.toList());
      System.out.println("resident set, KiB, every 10 s: " + resident);
      long settled = resident.get(resident.size() / 8);
      assertThat(resident.get(resident.size() - 1) - settled).isLessThanOrEqualTo(1024);
    }
  }
}
