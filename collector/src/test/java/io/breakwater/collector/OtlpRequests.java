package io.breakwater.collector;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogram;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Gauge;
import io.opentelemetry.proto.metrics.v1.Histogram;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import io.opentelemetry.proto.metrics.v1.Sum;
import io.opentelemetry.proto.resource.v1.Resource;
import java.util.ArrayList;
import java.util.List;

/** Requests as an agent sends them. */
public final class OtlpRequests {
  private final String instance;
  private final List<ExponentialHistogramDataPoint> calls = new ArrayList<>();
  private final List<Metric> others = new ArrayList<>();
  private AggregationTemporality temporality = AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA;

  private OtlpRequests(String instance) {
    this.instance = instance;
  }

  public static OtlpRequests from(String instance) {
    return new OtlpRequests(instance);
  }

  /** Calls of 1 ms in the interval that ends at {@code end}; with an error type they failed. */
  public OtlpRequests calls(
      String model, String version, String errorType, long count, long start, long end) {
    ExponentialHistogramDataPoint.Builder point =
        ExponentialHistogramDataPoint.newBuilder()
            .setStartTimeUnixNano(start)
            .setTimeUnixNano(end)
            .setCount(count)
            .setSum(count * 0.001)
            .setScale(5)
            .setMin(0.001)
            .setMax(0.001)
            .setPositive(
                ExponentialHistogramDataPoint.Buckets.newBuilder()
                    .setOffset(-319)
                    .addBucketCounts(count));
    attribute(point, "ml.model.name", model);
    attribute(point, "ml.model.version", version);
    if (errorType != null) {
      attribute(point, "error.type", errorType);
    }
    calls.add(point.build());
    return this;
  }

  /**
   * Values of a model's series in the interval that ends at {@code end}: one in each of {@code
   * buckets} buckets of scale 5 from 1 on.
   *
   * @param attributes names and values in turn; a {@link Double} is sent as a number
   */
  public OtlpRequests values(
      String metric, long buckets, long start, long end, Object... attributes) {
    ExponentialHistogramDataPoint.Buckets.Builder positive =
        ExponentialHistogramDataPoint.Buckets.newBuilder().setOffset(0);
    for (int i = 0; i < buckets; i++) {
      positive.addBucketCounts(1);
    }
    return histogram(
        metric,
        ExponentialHistogramDataPoint.newBuilder()
            .setStartTimeUnixNano(start)
            .setTimeUnixNano(end)
            .setCount(buckets)
            .setScale(5)
            .setPositive(positive),
        attributes);
  }

  /** A histogram of one of the model's series. */
  public OtlpRequests histogram(
      String metric, ExponentialHistogramDataPoint.Builder point, Object... attributes) {
    point.addAllAttributes(keyValues(attributes));
    others.add(
        Metric.newBuilder()
            .setName(metric)
            .setExponentialHistogram(
                ExponentialHistogram.newBuilder()
                    .setAggregationTemporality(temporality)
                    .addDataPoints(point))
            .build());
    return this;
  }

  /** A histogram with explicit buckets of one of the model's series. */
  public OtlpRequests explicit(
      String metric, HistogramDataPoint.Builder point, Object... attributes) {
    point.addAllAttributes(keyValues(attributes));
    others.add(
        Metric.newBuilder()
            .setName(metric)
            .setHistogram(
                Histogram.newBuilder().setAggregationTemporality(temporality).addDataPoints(point))
            .build());
    return this;
  }

  /** A count of one of the model's series. */
  public OtlpRequests sum(String metric, long count, long start, long end, Object... attributes) {
    return sum(
        metric,
        NumberDataPoint.newBuilder()
            .setStartTimeUnixNano(start)
            .setTimeUnixNano(end)
            .setAsInt(count),
        attributes);
  }

  /** A number of one of the model's series. */
  public OtlpRequests sum(String metric, NumberDataPoint.Builder point, Object... attributes) {
    point.addAllAttributes(keyValues(attributes));
    others.add(
        Metric.newBuilder()
            .setName(metric)
            .setSum(
                Sum.newBuilder()
                    .setAggregationTemporality(temporality)
                    .setIsMonotonic(true)
                    .addDataPoints(point))
            .build());
    return this;
  }

  private static List<KeyValue> keyValues(Object... attributes) {
    List<KeyValue> pairs = new ArrayList<>();
    for (int i = 0; i < attributes.length; i += 2) {
      pairs.add(
          attributes[i + 1] instanceof Double number
              ? KeyValue.newBuilder()
                  .setKey((String) attributes[i])
                  .setValue(AnyValue.newBuilder().setDoubleValue(number))
                  .build()
              : keyValue((String) attributes[i], (String) attributes[i + 1]));
    }
    return pairs;
  }

  /** One more attribute on the latest calls. */
  public OtlpRequests with(String key, String value) {
    int last = calls.size() - 1;
    ExponentialHistogramDataPoint.Builder point = calls.get(last).toBuilder();
    attribute(point, key, value);
    calls.set(last, point.build());
    return this;
  }

  public OtlpRequests cumulative() {
    temporality = AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE;
    return this;
  }

  public OtlpRequests beat(long at) {
    return gauge("breakwater.agent.heartbeat", at);
  }

  public OtlpRequests gauge(String name, long at) {
    others.add(
        Metric.newBuilder()
            .setName(name)
            .setGauge(
                Gauge.newBuilder()
                    .addDataPoints(NumberDataPoint.newBuilder().setTimeUnixNano(at).setAsInt(1)))
            .build());
    return this;
  }

  public ExportMetricsServiceRequest build() {
    ScopeMetrics.Builder scope =
        ScopeMetrics.newBuilder()
            .setScope(InstrumentationScope.newBuilder().setName("io.breakwater.agent"))
            .addAllMetrics(others);
    if (!calls.isEmpty()) {
      scope.addMetrics(
          Metric.newBuilder()
              .setName("ml.inference.duration")
              .setUnit("s")
              .setExponentialHistogram(
                  ExponentialHistogram.newBuilder()
                      .setAggregationTemporality(temporality)
                      .addAllDataPoints(calls)));
    }
    return ExportMetricsServiceRequest.newBuilder()
        .addResourceMetrics(
            ResourceMetrics.newBuilder()
                .setResource(
                    Resource.newBuilder()
                        .addAttributes(keyValue("service.name", "scoring"))
                        .addAttributes(keyValue("service.instance.id", instance)))
                .addScopeMetrics(scope))
        .build();
  }

  public byte[] bytes() {
    return build().toByteArray();
  }

  private static void attribute(
      ExponentialHistogramDataPoint.Builder point, String key, String value) {
    point.addAttributes(keyValue(key, value));
  }

  private static KeyValue keyValue(String key, String value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setStringValueBytes(ByteString.copyFromUtf8(value)))
        .build();
  }
}
