package io.breakwater.collector.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.util.JsonFormat;
import io.breakwater.collector.OtlpRequests;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OtlpJsonTest {
  private static final long START = 1_700_000_000_000_000_000L;
  private static final long END = START + 100_000_000L;

  @Test
  void whatAnotherWriterWrites_isReadAsItWas() throws Exception {
    ExportMetricsServiceRequest request =
        OtlpRequests.from("i-1")
            .calls("credit", "2", "boom \"quoted\" é", 7, START, END)
            .values("ml.inference.score", 5, START, END, "ml.model.name", "m")
            .sum("ml.inference.predictions", 3, START, END, "ml.range.bound", -0.1)
            .beat(END)
            .build();

    String json = JsonFormat.printer().print(request);

    assertThat(parsed(json)).isEqualTo(request);
  }

  @Test
  void explicitHistogramsAndEveryKindOfAttribute_areRead() throws Exception {
    String json =
        """
        {"resourceMetrics":[{"resource":{"attributes":[
            {"key":"a","value":{"boolValue":true}},
            {"key":"b","value":{"intValue":"-9007199254740993"}},
            {"key":"c","value":{"arrayValue":{"values":[{"intValue":3},{"stringValue":"x"}]}}},
            {"key":"d","value":{"kvlistValue":{"values":[{"key":"k","value":{"doubleValue":0.5}}]}}},
            {"key":"e","value":{"bytesValue":"AQID"}}]},
          "scopeMetrics":[{"metrics":[{"name":"ml.inference.score","histogram":{
            "aggregationTemporality":2,
            "dataPoints":[{"startTimeUnixNano":"1700000000000000000","timeUnixNano":1700000000100000000,
              "count":"18446744073709551615","sum":"NaN","bucketCounts":["1",2],
              "explicitBounds":[0.5,"Infinity"],"flags":1,"min":-1e-3,"max":7,
              "exemplars":[{"traceId":"5b8efff798038103d269b633813fc60c","asDouble":1.5}]}]}}]}]}],
         "fromTheFuture":{"deep":[[{"x":null}]]}}
        """;

    ExportMetricsServiceRequest read = parsed(json);

    assertThat(read.getResourceMetrics(0).getResource().getAttributesList())
        .extracting(KeyValue::getValue)
        .extracting(AnyValue::getValueCase)
        .containsExactly(
            AnyValue.ValueCase.BOOL_VALUE,
            AnyValue.ValueCase.INT_VALUE,
            AnyValue.ValueCase.ARRAY_VALUE,
            AnyValue.ValueCase.KVLIST_VALUE,
            AnyValue.ValueCase.BYTES_VALUE);
    assertThat(read.getResourceMetrics(0).getResource().getAttributes(1).getValue().getIntValue())
        .isEqualTo(-9007199254740993L);
    HistogramDataPoint point =
        read.getResourceMetrics(0).getScopeMetrics(0).getMetrics(0).getHistogram().getDataPoints(0);
    assertThat(point.getStartTimeUnixNano()).isEqualTo(START);
    assertThat(point.getTimeUnixNano()).isEqualTo(END);
    assertThat(point.getCount()).isEqualTo(-1);
    assertThat(point.getSum()).isNaN();
    assertThat(point.getBucketCountsList()).containsExactly(1L, 2L);
    assertThat(point.getExplicitBoundsList()).containsExactly(0.5, Double.POSITIVE_INFINITY);
    assertThat(point.getMin()).isEqualTo(-0.001);
    assertThat(point.getFlags()).isEqualTo(1);
  }

  @Test
  void whatIsNoRequest_isRefusedWithThePlace() {
    assertThatThrownBy(() -> parsed("{\"resourceMetrics\":\n [{\"resource\": 7}]}"))
        .isInstanceOf(IOException.class)
        .hasMessage("line 2, column 16: 7 (expected: an object)");
    assertThatThrownBy(() -> parsed("{\"resourceMetrics\": [{]}"))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("line 1, column 2");
    assertThatThrownBy(() -> parsed("")).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> parsed("{} {}")).hasMessageContaining("expected: the end");
    assertThatThrownBy(() -> parsed(point("\"asInt\": 1.5")))
        .hasMessageContaining("expected: a 64-bit integer");
    assertThatThrownBy(() -> parsed(point("\"asInt\": \"1e999999999\"")))
        .hasMessageContaining("expected: a 64-bit integer");
    assertThatThrownBy(() -> parsed(point("\"asInt\": 1e99999999"))) // once took half a minute
        .hasMessageContaining("expected: a 64-bit integer");
    assertThatThrownBy(() -> parsed(point("\"asDouble\": \"much\"")))
        .hasMessageContaining("expected: a number");
    assertThatThrownBy(() -> parsed(point("\"attributes\": {}")))
        .hasMessageContaining("expected: a list");
  }

  private static String point(String field) {
    return "{\"resourceMetrics\":[{\"scopeMetrics\":[{\"metrics\":[{\"sum\":{\"dataPoints\":[{"
        + field
        + "}]}}]}]}]}";
  }

  @Test
  void nestingAndSize_areBounded() {
    String deep = "[".repeat(200) + "]".repeat(200);
    assertThatThrownBy(() -> parsed("{\"x\":" + deep + "}")).isInstanceOf(IOException.class);

    byte[] wide = ("{\"resourceMetrics\":[" + "{},".repeat(10_000) + "{}]}").getBytes(UTF);
    assertThatThrownBy(() -> OtlpJson.toProtobuf(wide, 20_000))
        .isInstanceOf(OversizedException.class);
  }

  private static final java.nio.charset.Charset UTF = StandardCharsets.UTF_8;

  @Test
  void randomChangesAndTruncations_neverDoWorseThanMalformed() throws Exception {
    Random random = new Random(5);
    byte[] good =
        JsonFormat.printer()
            .print(OtlpRequests.from("i").calls("m", "1", "e", 3, START, END).beat(END).build())
            .getBytes(UTF);
    for (int i = 0; i < 5_000; i++) {
      byte[] bad = java.util.Arrays.copyOf(good, random.nextInt(good.length + 1));
      for (int flips = random.nextInt(6); flips > 0 && bad.length > 0; flips--) {
        bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
      }
      try {
        ExportMetricsServiceRequest.parseFrom(OtlpJson.toProtobuf(bad, 1 << 20));
      } catch (IOException e) {
        assertThat(e.getMessage()).isNotNull();
      }
    }
  }

  private static ExportMetricsServiceRequest parsed(String json) throws IOException {
    return ExportMetricsServiceRequest.parseFrom(OtlpJson.toProtobuf(json.getBytes(UTF), 1 << 20));
  }
}
