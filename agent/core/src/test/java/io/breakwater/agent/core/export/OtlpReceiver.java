package io.breakwater.agent.core.export;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.zip.GZIPInputStream;

/** An OTLP/HTTP endpoint on loopback that answers as told and keeps what it took. */
public final class OtlpReceiver implements AutoCloseable {
  private static final long DEADLINE_NANOS = 30_000_000_000L;

  private final HttpServer server;
  private final ConcurrentLinkedDeque<Integer> nextStatuses = new ConcurrentLinkedDeque<>();
  private final List<ExportMetricsServiceRequest> taken = new CopyOnWriteArrayList<>();
  private final List<Headers> headers = new CopyOnWriteArrayList<>();

  public OtlpReceiver() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/v1/metrics", this::handle);
    server.start();
  }

  private void handle(HttpExchange exchange) throws IOException {
    boolean gzip = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
    try (InputStream raw = exchange.getRequestBody();
        InputStream body = gzip ? new GZIPInputStream(raw) : raw) {
      ExportMetricsServiceRequest request = ExportMetricsServiceRequest.parseFrom(body);
      Integer status = nextStatuses.poll();
      if (status == null) {
        taken.add(request);
        headers.add(exchange.getRequestHeaders());
      }
      exchange.sendResponseHeaders(status == null ? 200 : status, -1);
    } finally {
      exchange.close();
    }
  }

  /** Refuses the next requests with these. */
  public void refuseNext(Integer... statuses) {
    nextStatuses.addAll(List.of(statuses));
  }

  public String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  public List<ExportMetricsServiceRequest> taken() {
    return taken;
  }

  public List<Headers> headers() {
    return headers;
  }

  /** Resource attributes of the last request. */
  public Map<String, String> resource() {
    ResourceMetrics last = taken.get(taken.size() - 1).getResourceMetrics(0);
    Map<String, String> attributes = new TreeMap<>();
    for (KeyValue attribute : last.getResource().getAttributesList()) {
      attributes.put(attribute.getKey(), attribute.getValue().getStringValue());
    }
    return attributes;
  }

  /** All parts of a metric so far. */
  public List<Metric> metrics(String name) {
    List<Metric> found = new ArrayList<>();
    for (ExportMetricsServiceRequest request : taken) {
      for (ResourceMetrics resource : request.getResourceMetricsList()) {
        for (ScopeMetrics scope : resource.getScopeMetricsList()) {
          for (Metric metric : scope.getMetricsList()) {
            if (metric.getName().equals(name)) {
              found.add(metric);
            }
          }
        }
      }
    }
    return found;
  }

  /** Values in all histogram points of a metric so far. */
  public long histogramCount(String name) {
    return metrics(name).stream()
        .flatMap(metric -> metric.getExponentialHistogram().getDataPointsList().stream())
        .mapToLong(point -> point.getCount())
        .sum();
  }

  /** Waits for something, and fails where it does not come. */
  public static void await(String what, BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + DEADLINE_NANOS;
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("waited in vain: " + what);
      }
      Thread.sleep(5);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
