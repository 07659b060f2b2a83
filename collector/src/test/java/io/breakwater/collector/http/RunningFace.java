package io.breakwater.collector.http;

import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import io.breakwater.collector.access.AccessMetrics;
import io.breakwater.collector.access.Gate;
import io.breakwater.collector.config.CollectorConfig;
import io.breakwater.collector.config.CollectorConfig.Listen;
import io.breakwater.collector.config.CollectorConfig.Token;
import io.breakwater.collector.config.ConfigDiff;
import io.breakwater.collector.http.HttpFace.Surroundings;
import io.breakwater.collector.runtime.Models;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;

/** An HTTP face on a free port of loopback. */
public final class RunningFace implements AutoCloseable {
  private final Server server;
  private final HttpFace face;

  public RunningFace(Models models, List<Token> tokens) {
    CollectorConfig config =
        new CollectorConfig("b.yaml", "d1ce57", Listen.DEFAULTS, tokens, List.of(), List.of());
    ServerBuilder builder =
        Server.builder().http(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    face =
        HttpFace.addTo(
            builder,
            models,
            new Surroundings(
                new Gate(
                    () -> config, new AccessMetrics(new PrometheusRegistry()), System::nanoTime),
                List::of,
                by -> new HttpFace.Reloaded(config, ConfigDiff.between(config, config)),
                () -> true,
                List::of,
                new PrometheusRegistry(),
                Clock.fixed(FakeModels.NOW, ZoneOffset.UTC)));
    server = builder.build();
    server.start().join();
  }

  public String url() {
    return "http://127.0.0.1:" + server.activeLocalPort();
  }

  /** Ends the event streams, as a collector does that stops. */
  @Override
  public void close() {
    face.close();
    server.closeAsync(); // takes two seconds that no test has to wait for
  }
}
