package io.breakwater.agent.dist;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Stands in for the collector: keeps every metric that is sent to it. */
final class Receiver implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Metric> metrics = new CopyOnWriteArrayList<>();
  private volatile int status = 200;

  private Receiver() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::receive);
    server.start();
  }

  static Receiver start() throws IOException {
    return new Receiver();
  }

  /** Answers with another status from now on, and with a page that no client expects. */
  void answerWith(int newStatus) {
    status = newStatus;
  }

  String url() {
    return "http://" + server.getAddress().getHostString() + ":" + server.getAddress().getPort();
  }

  private void receive(HttpExchange exchange) throws IOException {
    try {
      ExportMetricsServiceRequest request =
          ExportMetricsServiceRequest.parseFrom(exchange.getRequestBody());
      request.getResourceMetricsList().stream()
          .flatMap(resource -> resource.getScopeMetricsList().stream())
          .forEach(scope -> metrics.addAll(scope.getMetricsList()));
      byte[] answer = status == 200 ? new byte[0] : "<html>garbage".getBytes("UTF-8");
      exchange.sendResponseHeaders(status, answer.length == 0 ? -1 : answer.length);
      if (answer.length > 0) {
        exchange.getResponseBody().write(answer);
      }
    } finally {
      exchange.close();
    }
  }

  /** Calls of a model, failed ones too. */
  long calls(String model) {
    return durations(model).mapToLong(ExponentialHistogramDataPoint::getCount).sum();
  }

  /** Names of all models that had a call. */
  Set<String> models() {
    return points("ml.inference.duration")
        .map(point -> String.valueOf(text(point.getAttributesList(), "ml.model.name")))
        .collect(Collectors.toSet());
  }

  /** What the agent says it dropped for a reason. */
  long dropped(String reason) {
    return metrics.stream()
        .filter(each -> each.getName().equals("breakwater.agent.dropped"))
        .flatMap(each -> each.getSum().getDataPointsList().stream())
        .filter(point -> reason.equals(text(point.getAttributesList(), "reason")))
        .mapToLong(NumberDataPoint::getAsInt)
        .sum();
  }

  /** Failed calls of a model. */
  long errors(String model) {
    return durations(model)
        .filter(point -> text(point.getAttributesList(), "error.type") != null)
        .mapToLong(ExponentialHistogramDataPoint::getCount)
        .sum();
  }

  private Stream<ExponentialHistogramDataPoint> durations(String model) {
    return points("ml.inference.duration")
        .filter(point -> model.equals(text(point.getAttributesList(), "ml.model.name")));
  }

  /** How many values each feature of a model had. */
  Map<String, Long> features(String model) {
    return points("ml.inference.feature")
        .filter(point -> model.equals(text(point.getAttributesList(), "ml.model.name")))
        .collect(
            Collectors.groupingBy(
                point -> String.valueOf(text(point.getAttributesList(), "ml.feature.name")),
                Collectors.summingLong(ExponentialHistogramDataPoint::getCount)));
  }

  /** How often each value of a categorical feature of a model was seen, as it was sent. */
  Map<String, Long> categories(String model, String feature) {
    return metrics.stream()
        .filter(each -> each.getName().equals("ml.inference.feature.category"))
        .flatMap(each -> each.getSum().getDataPointsList().stream())
        .filter(point -> model.equals(text(point.getAttributesList(), "ml.model.name")))
        .filter(point -> feature.equals(text(point.getAttributesList(), "ml.feature.name")))
        .collect(
            Collectors.groupingBy(
                point -> String.valueOf(text(point.getAttributesList(), "ml.feature.category")),
                Collectors.summingLong(NumberDataPoint::getAsInt)));
  }

  private Stream<ExponentialHistogramDataPoint> points(String metric) {
    return metrics.stream()
        .filter(each -> each.getName().equals(metric))
        .flatMap(each -> each.getExponentialHistogram().getDataPointsList().stream());
  }

  /** Values of a metric, of all models. */
  long count(String metric) {
    return points(metric).mapToLong(ExponentialHistogramDataPoint::getCount).sum();
  }

  /** Whether anything at all has arrived. */
  boolean hasHeard() {
    return !metrics.isEmpty();
  }

  private static String text(List<KeyValue> attributes, String key) {
    return attributes.stream()
        .filter(attribute -> attribute.getKey().equals(key))
        .map(attribute -> attribute.getValue().getStringValue())
        .findFirst()
        .orElse(null);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
