package io.breakwater.benchmarks;

import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import java.util.List;
import java.util.function.BiConsumer;

/** Requests with exponential histograms in OTLP/JSON: 64-bit integers as texts. */
final class OtlpJsonText {
  private final StringBuilder text = new StringBuilder();

  private OtlpJsonText() {}

  static String of(ExportMetricsServiceRequest request) {
    OtlpJsonText json = new OtlpJsonText();
    json.text.append('{');
    json.list("resourceMetrics", request.getResourceMetricsList(), OtlpJsonText::resourceMetrics);
    return json.text.append('}').toString();
  }

  private void resourceMetrics(ResourceMetrics metrics) {
    text.append("\"resource\":{");
    list("attributes", metrics.getResource().getAttributesList(), OtlpJsonText::attribute);
    text.append("},");
    list("scopeMetrics", metrics.getScopeMetricsList(), OtlpJsonText::scopeMetrics);
  }

  private void scopeMetrics(ScopeMetrics metrics) {
    list("metrics", metrics.getMetricsList(), OtlpJsonText::metric);
  }

  private void metric(Metric metric) {
    text.append("\"name\":\"").append(metric.getName());
    text.append("\",\"unit\":\"").append(metric.getUnit());
    text.append("\",\"exponentialHistogram\":{\"aggregationTemporality\":");
    text.append(metric.getExponentialHistogram().getAggregationTemporalityValue()).append(',');
    list("dataPoints", metric.getExponentialHistogram().getDataPointsList(), OtlpJsonText::point);
    text.append('}');
  }

  private void point(ExponentialHistogramDataPoint point) {
    list("attributes", point.getAttributesList(), OtlpJsonText::attribute);
    text.append(",\"startTimeUnixNano\":\"").append(point.getStartTimeUnixNano());
    text.append("\",\"timeUnixNano\":\"").append(point.getTimeUnixNano());
    text.append("\",\"count\":\"").append(point.getCount());
    text.append("\",\"sum\":").append(point.getSum());
    text.append(",\"scale\":").append(point.getScale());
    text.append(",\"zeroCount\":\"").append(point.getZeroCount()).append('"');
    buckets("positive", point.getPositive());
    buckets("negative", point.getNegative());
  }

  private void buckets(String side, ExponentialHistogramDataPoint.Buckets buckets) {
    text.append(",\"").append(side).append("\":{\"offset\":").append(buckets.getOffset());
    text.append(",\"bucketCounts\":[");
    for (int i = 0; i < buckets.getBucketCountsCount(); i++) {
      text.append(i == 0 ? "\"" : ",\"").append(buckets.getBucketCounts(i)).append('"');
    }
    text.append("]}");
  }

  private void attribute(KeyValue attribute) {
    text.append("\"key\":\"").append(attribute.getKey());
    text.append("\",\"value\":{\"stringValue\":\"");
    text.append(attribute.getValue().getStringValue()).append("\"}");
  }

  private <T> void list(String name, List<T> items, BiConsumer<OtlpJsonText, T> each) {
    text.append('"').append(name).append("\":[");
    String separator = "{";
    for (T item : items) {
      text.append(separator);
      each.accept(this, item);
      text.append('}');
      separator = ",{";
    }
    text.append(']');
  }
}
