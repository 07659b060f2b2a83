package io.breakwater.agent.core.export;

import io.breakwater.agent.core.config.OtlpEndpoint;
import io.breakwater.agent.core.record.Drops;
import io.breakwater.signals.Metrics;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.metrics.MeterProvider;
import io.opentelemetry.common.ComponentLoader;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporterBuilder;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.common.export.HttpSender;
import io.opentelemetry.sdk.common.export.HttpSenderConfig;
import io.opentelemetry.sdk.common.export.HttpSenderProvider;
import io.opentelemetry.sdk.common.export.MemoryMode;
import io.opentelemetry.sdk.resources.Resource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The way out: batches become OTLP requests, requests wait in a bounded queue, and a daemon thread
 * {@code breakwater-export} delivers them. An endpoint that is down, slow or senseless costs at
 * most {@value #MAX_QUEUE_BYTES} bytes and the latest flush, and delays nobody.
 *
 * <p>Not thread-safe but for the delivery: one thread exports.
 */
public final class OtlpExport {
  /** Bytes that wait at most beside the latest flush; a flush of 30 features is 10 kB. */
  static final int MAX_QUEUE_BYTES = 768 << 10;

  /** Requests that wait at most: a minute and a half of the outcome lane. */
  static final int MAX_QUEUE_REQUESTS = 1_000;

  private static final String THREAD = "breakwater-export";

  private final RequestQueue queue = new RequestQueue(MAX_QUEUE_REQUESTS, MAX_QUEUE_BYTES);
  private final Resource resource;
  private final InstrumentationScopeInfo scope;
  private final OtlpHttpMetricExporter exporter;
  private final SenderOfQueue senders;
  private final BiConsumer<String, Runnable> threads;

  /**
   * An export that begins to deliver at once.
   *
   * @param threads starts a daemon thread of a name
   * @param messages told when delivery stops working and when it works again
   * @throws IOException if the certificate cannot be read
   */
  public OtlpExport(
      OtlpEndpoint endpoint,
      Map<String, String> resourceAttributes,
      Drops drops,
      BiConsumer<String, Runnable> threads,
      Consumer<String> messages)
      throws IOException {
    this.resource = resource(resourceAttributes);
    this.scope = InstrumentationScopeInfo.create(Metrics.SCOPE_NAME);
    this.threads = threads;
    this.senders = new SenderOfQueue(queue, endpoint, drops, threads, messages);
    this.exporter = exporter(endpoint, senders);
  }

  private static Resource resource(Map<String, String> attributes) {
    AttributesBuilder builder = io.opentelemetry.api.common.Attributes.builder();
    attributes.forEach(builder::put);
    return Resource.create(builder.build());
  }

  private static OtlpHttpMetricExporter exporter(OtlpEndpoint endpoint, ComponentLoader senders)
      throws IOException {
    OtlpHttpMetricExporterBuilder builder =
        OtlpHttpMetricExporter.builder()
            .setEndpoint(endpoint.url().toString())
            .setTimeout(endpoint.timeout())
            .setConnectTimeout(endpoint.timeout())
            .setCompression(endpoint.gzip() ? "gzip" : "none")
            .setMemoryMode(MemoryMode.IMMUTABLE_DATA)
            .setMeterProvider(MeterProvider.noop())
            .setComponentLoader(senders);
    endpoint.headers().forEach(builder::addHeader);
    String certificate = endpoint.certificate();
    if (certificate != null) {
      builder.setTrustedCertificates(Files.readAllBytes(Path.of(certificate)));
    }
    String clientCertificate = endpoint.clientCertificate();
    String clientKey = endpoint.clientKey();
    if (clientCertificate != null && clientKey != null) {
      builder.setClientTls(
          Files.readAllBytes(Path.of(clientKey)), Files.readAllBytes(Path.of(clientCertificate)));
    }
    return builder.build();
  }

  /** Hands over what a flush collected. */
  void send(MetricBatch batch) {
    senders.nextHolds(batch.points(), batch.endNanos());
    exporter.export(batch.metrics(resource, scope));
  }

  /** Aborts a delivery that takes longer than all its time-outs; to be called now and then. */
  public void watch() {
    Delivery delivery = senders.delivery;
    if (delivery != null) {
      delivery.abortIfOverdue(System.nanoTime(), threads);
    }
  }

  /** The process ends: from now on what cannot be delivered at once is dropped. */
  public void hurry() {
    queue.hurry();
  }

  /** Waits until all is delivered or dropped, at most so long. */
  public void awaitDelivered(long millis) throws InterruptedException {
    queue.awaitEmpty(millis);
  }

  int waiting() {
    return queue.size();
  }

  long waitingBytes() {
    return queue.bytes();
  }

  /** Waits until all is delivered, at most so long, and ends the delivery. */
  public void close(long millis) throws InterruptedException {
    queue.close();
    queue.awaitEmpty(millis);
  }

  /** Gives the exporter our sender, wherever it looks for one. */
  private static final class SenderOfQueue implements ComponentLoader, HttpSenderProvider {
    private final RequestQueue queue;
    private final OtlpEndpoint endpoint;
    private final Drops drops;
    private final BiConsumer<String, Runnable> threads;
    private final Consumer<String> messages;
    private @Nullable QueueingSender sender;
    private @Nullable Delivery delivery;

    SenderOfQueue(
        RequestQueue queue,
        OtlpEndpoint endpoint,
        Drops drops,
        BiConsumer<String, Runnable> threads,
        Consumer<String> messages) {
      this.queue = queue;
      this.endpoint = endpoint;
      this.drops = drops;
      this.threads = threads;
      this.messages = messages;
    }

    @Override
    public <T> Iterable<T> load(Class<T> service) {
      return service == HttpSenderProvider.class ? List.of(service.cast(this)) : List.of();
    }

    @Override
    public HttpSender createSender(HttpSenderConfig config) {
      QueueingSender queueing = new QueueingSender(queue, config.getCompressor(), drops);
      sender = queueing;
      try {
        Duration longest = endpoint.timeout().multipliedBy(2).plusSeconds(1);
        Delivery created =
            new Delivery(queue, new HttpPost(config), endpoint.address(), longest, drops, messages);
        delivery = created;
        threads.accept(THREAD, created);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return queueing;
    }

    void nextHolds(int points, long flush) {
      if (sender != null) {
        sender.nextHolds(points, flush);
      }
    }
  }
}
