package io.breakwater.collector;

import static java.util.Objects.requireNonNull;

import com.linecorp.armeria.common.SessionProtocol;
import com.linecorp.armeria.common.util.EventLoopGroups;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import io.breakwater.collector.access.AccessMetrics;
import io.breakwater.collector.access.Gate;
import io.breakwater.collector.action.Backends;
import io.breakwater.collector.alert.AlertDispatcher;
import io.breakwater.collector.alert.AlertMetrics;
import io.breakwater.collector.alert.AlertRouter;
import io.breakwater.collector.config.CollectorConfig;
import io.breakwater.collector.config.ConfigDiff;
import io.breakwater.collector.config.ConfigException;
import io.breakwater.collector.config.GuardrailFile;
import io.breakwater.collector.http.HttpFace;
import io.breakwater.collector.intake.EmitGate;
import io.breakwater.collector.intake.GrpcMetricsService;
import io.breakwater.collector.intake.Intake;
import io.breakwater.collector.intake.IntakeLimits;
import io.breakwater.collector.intake.IntakeMetrics;
import io.breakwater.collector.intake.MetricsService;
import io.breakwater.collector.runtime.Lanes;
import io.breakwater.collector.runtime.ModelTotals;
import io.breakwater.collector.runtime.Models;
import io.breakwater.collector.store.Journal;
import io.breakwater.collector.store.Store;
import io.breakwater.collector.store.StoreException;
import io.breakwater.collector.store.StoreMetrics;
import io.breakwater.collector.tls.ReloadingTls;
import io.breakwater.collector.tls.TlsException;
import io.breakwater.collector.tls.TlsFiles;
import io.netty.channel.EventLoopGroup;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running collector: intake, lanes, store, actions, alerts, API. Safe for use by many threads;
 * {@link #close} stops everything and leaves traffic as it is.
 */
public final class Collector implements AutoCloseable {
  private static final int EVENT_LOOPS = 2;
  private static final int DECODERS = 2;
  private static final Logger log = LoggerFactory.getLogger(Collector.class);

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final Clock clock = Clock.systemUTC();
  private final Store store;
  private final AlertDispatcher alerts;
  private final Lanes lanes;
  private final Server otlpGrpc;
  private final Server otlpHttp;
  private final @Nullable ReloadingTls tls;
  private final Gate gate;
  private @Nullable HttpFace face;
  private final Server http;
  private volatile CollectorConfig config;
  private volatile boolean ready;

  private Collector(CollectorConfig config, Path dataDir) {
    this.config = requireNonNull(config, "config");
    this.gate = new Gate(() -> this.config, new AccessMetrics(registry), System::nanoTime);
    try {
      tls = tls(config);
      EventLoopGroup eventLoops =
          EventLoopGroups.newEventLoopGroup(EVENT_LOOPS, "breakwater-io", true);
      parts.push(
          () -> {
            Future<?> unused = eventLoops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
          });
      AlertRouter router = new AlertRouter(() -> this.config);
      store = part(Store.open(dataDir, router, clock));
      store.setRetention(config.retention());
      StoreMetrics.register(store, registry);
      alerts =
          part(
              new AlertDispatcher(
                  eventLoops,
                  clock,
                  System::nanoTime,
                  new AlertMetrics(registry),
                  store.journal()::delivered));
      IntakeMetrics metrics = new IntakeMetrics(registry);
      lanes =
          part(
              new Lanes(
                  config,
                  Backends.installed(),
                  store,
                  alerts,
                  router,
                  metrics,
                  clock,
                  System::nanoTime));
      Intake intake = intake(metrics);
      otlpGrpc =
          otlpServer(config.listen().otlpGrpcPort(), eventLoops, intake)
              .maxRequestLength(0) // the service counts
              .serviceUnder("/", new GrpcMetricsService(intake))
              .build();
      otlpHttp =
          otlpServer(config.listen().otlpHttpPort(), eventLoops, intake)
              .service(MetricsService.PATH, new MetricsService(intake))
              .build();
      http = httpServer(eventLoops);
      parts.push(
          () -> CompletableFuture.allOf(otlpGrpc.stop(), otlpHttp.stop(), http.stop()).join());
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /**
   * Starts a collector.
   *
   * @param dataDir where journal and history are kept; made when absent
   * @throws CollectorException when it cannot start, with the reason and what would be right
   * @throws io.breakwater.engine.backend.SettingException when a backend's setting is wrong
   */
  public static Collector start(CollectorConfig config, Path dataDir) {
    Collector collector;
    try {
      collector = new Collector(config, dataDir);
    } catch (StoreException e) {
      throw new CollectorException(String.valueOf(e.getMessage()), e);
    }
    try {
      collector.startLanes();
      listen(
          "OTLP/gRPC", collector.otlpGrpc, config.listen().host(), config.listen().otlpGrpcPort());
      listen(
          "OTLP/HTTP", collector.otlpHttp, config.listen().host(), config.listen().otlpHttpPort());
      listen("HTTP", collector.http, config.listen().host(), config.listen().httpPort());
      collector.ready = true;
      collector.alerts.rehearse(
          (collector.tls == null ? "http://" : "https://")
              + config.listen().host()
              + ":"
              + collector.httpPort()
              + "/-/healthy");
      return collector;
    } catch (RuntimeException e) {
      collector.close();
      throw e;
    }
  }

  private @Nullable ReloadingTls tls(CollectorConfig config) {
    TlsFiles files = config.security().tls();
    try {
      return files == null ? null : part(ReloadingTls.watching(files, clock));
    } catch (TlsException e) {
      throw new CollectorException("tls: " + e.getMessage(), e);
    }
  }

  private void startLanes() {
    alerts.use(config);
    lanes.onReload(alerts::use);
    lanes.onReload(changed -> store.setRetention(changed.retention()));
    alerts.send(store.journal().outbox());
    lanes.start();
  }

  private Intake intake(IntakeMetrics metrics) {
    ExecutorService decoders =
        Executors.newFixedThreadPool(
            DECODERS,
            work -> {
              Thread thread = new Thread(work, "breakwater-decode");
              thread.setDaemon(true);
              return thread;
            });
    parts.push(decoders::shutdownNow);
    Intake intake = new Intake(lanes, metrics, IntakeLimits.of(config.limits()), decoders);
    lanes.onReload(changed -> intake.use(IntakeLimits.of(changed.limits())));
    return intake;
  }

  private ServerBuilder otlpServer(int port, EventLoopGroup eventLoops, Intake intake) {
    return server(port, eventLoops)
        .maxRequestLength(config.limits().requestSize()) // services set that in force
        .decorator(new EmitGate(gate, intake));
  }

  private Server httpServer(EventLoopGroup eventLoops) {
    ServerBuilder server = server(config.listen().httpPort(), eventLoops);
    HttpFace.Surroundings around =
        new HttpFace.Surroundings(
            gate, lanes::totals, this::reload, () -> ready, store::troubles, registry, clock);
    face = part(HttpFace.addTo(server, lanes, around));
    return server.build();
  }

  private ServerBuilder server(int port, EventLoopGroup eventLoops) {
    SessionProtocol protocol = tls == null ? SessionProtocol.HTTP : SessionProtocol.HTTPS;
    ServerBuilder server =
        Server.builder()
            .port(new InetSocketAddress(config.listen().host(), port), protocol)
            .workerGroup(eventLoops, false)
            .maxNumConnections(config.limits().connections());
    if (tls != null) {
      tls.addTo(server);
    }
    return server;
  }

  private static void listen(String what, Server server, String host, int port) {
    try {
      server.start().join();
    } catch (CompletionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new CollectorException(
          what + " cannot listen on " + host + ":" + port + ": " + cause.getMessage(), e);
    }
  }

  private <T extends AutoCloseable> T part(T part) {
    parts.push(part);
    return part;
  }

  /** The models as the API sees them. */
  public Models models() {
    return lanes;
  }

  /** What was received of every model since the start, by name. */
  public List<ModelTotals> totals() {
    return lanes.totals();
  }

  /** Has {@code commits} told of every transaction of the journal that is on disk. */
  public void onCommit(Journal.Commits commits) {
    store.journal().onCommit(commits);
  }

  /** The metrics that {@code /metrics} shows. */
  public PrometheusRegistry registry() {
    return registry;
  }

  /** Port that takes OTLP/gRPC. */
  public int otlpGrpcPort() {
    return otlpGrpc.activeLocalPort();
  }

  /** Port that takes OTLP/HTTP. */
  public int otlpHttpPort() {
    return otlpHttp.activeLocalPort();
  }

  /** Port of API and metrics. */
  public int httpPort() {
    return http.activeLocalPort();
  }

  /**
   * Reads the guardrail file again and puts it in force, all of it or nothing; ports stay as they
   * are. What changed is logged and recorded.
   *
   * @param by who asked for it
   * @throws ConfigException when the file is refused; the one before stays
   */
  public synchronized HttpFace.Reloaded reload(String by) throws ConfigException {
    CollectorConfig before = config;
    CollectorConfig next = GuardrailFile.reader().readAgain(before);
    ConfigDiff diff = ConfigDiff.between(before, next);
    lanes.reload(next);
    config = next;
    if (tls != null) {
      tls.look();
    }
    boolean sameAccess =
        next.tokens().equals(before.tokens())
            && next.security().clients().equals(before.security().clients());
    if (face != null && !sameAccess) {
      face.accessChanged();
    }
    diff.changes().forEach(change -> log.info("{}", change));
    diff.restart().forEach(change -> log.warn("{}, from the next start on", change));
    lanes.noteReload(clock.instant(), by, next, diff);
    return new HttpFace.Reloaded(next, diff);
  }

  @Override
  public void close() {
    ready = false;
    while (!parts.isEmpty()) {
      try {
        parts.pop().close();
      } catch (Exception e) {
        log.warn("A part of the collector did not stop as it should", e);
      }
    }
  }
}
