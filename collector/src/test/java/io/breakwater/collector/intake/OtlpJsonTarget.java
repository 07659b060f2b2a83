package io.breakwater.collector.intake;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Metrics in OTLP, as JSON; what holds for protobuf holds for them. */
public final class OtlpJsonTarget extends OtlpTarget {
  @Override
  public String name() {
    return "otlp-json";
  }

  @Override
  String contentType() {
    return "application/json";
  }

  @Override
  public List<byte[]> seeds() {
    List<byte[]> seeds = new ArrayList<>();
    for (byte[] request : super.seeds()) {
      try {
        String json = JsonFormat.printer().print(ExportMetricsServiceRequest.parseFrom(request));
        seeds.add(json.getBytes(StandardCharsets.UTF_8));
      } catch (InvalidProtocolBufferException e) {
        throw new IllegalStateException(e);
      }
    }
    return seeds;
  }

  @Override
  public List<String> words() {
    List<String> words = new ArrayList<>(super.words());
    words.addAll(
        List.of(
            "\"resourceMetrics\"",
            "\"scopeMetrics\"",
            "\"metrics\"",
            "\"exponentialHistogram\"",
            "\"sum\"",
            "\"gauge\"",
            "\"histogram\"",
            "\"dataPoints\"",
            "\"bucketCounts\"",
            "\"explicitBounds\"",
            "\"positive\"",
            "\"offset\"",
            "\"scale\"",
            "\"asInt\"",
            "\"asDouble\"",
            "\"attributes\"",
            "\"stringValue\"",
            "\"timeUnixNano\"",
            "null",
            "[",
            "]",
            "{",
            "}",
            "\"NaN\"",
            "\"-Infinity\"",
            "1e400",
            "\"18446744073709551615\"",
            "\\ud800"));
    return words;
  }
}
