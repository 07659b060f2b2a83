package io.breakwater.collector.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import io.breakwater.collector.OtlpRequests;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OtlpDecoderTest {
  private static final long START = 1_000_000_000L;
  private static final long END = 1_100_000_000L;

  private final SeriesTable series = new SeriesTable(1_000, 1 << 20);
  private final RepeatFilter repeats = new RepeatFilter();

  @Test
  void calls_areReadWithEverythingThatTellsThemApart() throws Exception {
    Batch batch =
        decode(
            OtlpRequests.from("i-1")
                .calls("credit", "2", "boom", 7, START, END)
                .with("ml.traffic", "live")
                .beat(END)
                .bytes());

    List<Point> points = batch.fresh(repeats);
    assertThat(points).hasSize(2).contains(new Point.Beat("i-1"));
    Point.Calls calls = (Point.Calls) points.get(1);
    assertThat(calls.model()).isEqualTo("credit");
    assertThat(calls.version()).isEqualTo("2");
    assertThat(calls.errorType()).isEqualTo("boom");
    assertThat(calls.instance()).isEqualTo("i-1");
    assertThat(calls.traffic()).isEqualTo(Point.Traffic.LIVE);
    assertThat(calls.count()).isEqualTo(7);
    assertThat(calls.durations().count()).isEqualTo(7);
    assertThat(calls.durations().quantile(0.5)).isBetween(0.00098, 0.00102);
  }

  @Test
  void samePoint_isKnownAgainWhateverTheOrderOfItsAttributes() throws Exception {
    ExportMetricsServiceRequest request =
        OtlpRequests.from("i-1").calls("credit", "2", "boom", 7, START, END).build();
    ExportMetricsServiceRequest.Builder shuffled = request.toBuilder();
    ExponentialHistogramDataPoint.Builder point =
        shuffled
            .getResourceMetricsBuilder(0)
            .getScopeMetricsBuilder(0)
            .getMetricsBuilder(0)
            .getExponentialHistogramBuilder()
            .getDataPointsBuilder(0);
    var attributes = new ArrayList<>(point.getAttributesList());
    Collections.reverse(attributes);
    point.clearAttributes().addAllAttributes(attributes);

    assertThat(decode(request.toByteArray()).fresh(repeats)).hasSize(1);
    assertThat(decode(shuffled.build().toByteArray()).fresh(repeats)).isEmpty();
  }

  @Test
  void anotherInstanceIntervalOrVersion_isAnotherPoint() throws Exception {
    assertThat(fresh(OtlpRequests.from("a").calls("m", "1", null, 1, START, END))).isEqualTo(1);
    assertThat(fresh(OtlpRequests.from("b").calls("m", "1", null, 1, START, END))).isEqualTo(1);
    assertThat(fresh(OtlpRequests.from("a").calls("m", "2", null, 1, START, END))).isEqualTo(1);
    assertThat(fresh(OtlpRequests.from("a").calls("m", "1", "e", 1, START, END))).isEqualTo(1);
    assertThat(fresh(OtlpRequests.from("a").calls("m", "1", null, 1, START, END + 1))).isEqualTo(1);
    assertThat(fresh(OtlpRequests.from("a").calls("m", "1", null, 1, START, END))).isZero();
  }

  @Test
  void fieldsInAnyOrder_areRead() throws Exception {
    ExportMetricsServiceRequest request =
        OtlpRequests.from("i-1").calls("credit", "2", null, 7, START, END).build();

    List<Point> points = decode(reversed(request)).fresh(repeats);

    assertThat(points).hasSize(1);
    assertThat(points.get(0).instance()).isEqualTo("i-1");
  }

  /** The request with the resource behind the scopes. */
  private static byte[] reversed(ExportMetricsServiceRequest request) throws IOException {
    ByteArrayOutputStream inner = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(inner);
    out.writeMessage(2, request.getResourceMetrics(0).getScopeMetrics(0));
    out.writeMessage(1, request.getResourceMetrics(0).getResource());
    out.flush();
    ByteArrayOutputStream outer = new ByteArrayOutputStream();
    out = CodedOutputStream.newInstance(outer);
    out.writeByteArray(1, inner.toByteArray());
    out.flush();
    return outer.toByteArray();
  }

  @Test
  void unknownFields_areSkipped() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    out.writeString(999, "from the future");
    out.writeFixed64(998, 1);
    out.writeTag(997, WireFormat.WIRETYPE_START_GROUP);
    out.writeInt32(1, 1);
    out.writeTag(997, WireFormat.WIRETYPE_END_GROUP);
    out.writeRawBytes(OtlpRequests.from("i").calls("m", "1", null, 1, START, END).bytes());
    out.flush();

    assertThat(decode(bytes.toByteArray()).fresh(repeats)).hasSize(1);
  }

  @Test
  void whatCannotBeUsed_isRefusedByReason() throws Exception {
    String tooLong = "x".repeat(257);

    assertThat(refused(OtlpRequests.from("i").calls("m", "", null, 1, START, END)))
        .containsOnly(Map.entry(Drop.NO_IDENTITY, 1L));
    assertThat(refused(OtlpRequests.from("i").calls(tooLong, "1", null, 1, START, END)))
        .containsOnly(Map.entry(Drop.ATTRIBUTE_TOO_LONG, 1L));
    assertThat(refused(OtlpRequests.from(tooLong).calls("m", "1", null, 1, START, END)))
        .containsOnly(Map.entry(Drop.ATTRIBUTE_TOO_LONG, 1L));
    assertThat(refused(OtlpRequests.from("i").calls("m", "1", null, -1, START, END)))
        .containsOnly(Map.entry(Drop.BAD_POINT, 1L));
    assertThat(refused(OtlpRequests.from("i").calls("m", "1", null, 1L << 50, START, END)))
        .containsOnly(Map.entry(Drop.BAD_POINT, 1L));
    assertThat(refused(OtlpRequests.from("i").gauge("jvm.memory.used", END)))
        .containsOnly(Map.entry(Drop.UNKNOWN_METRIC, 1L));
  }

  @Test
  void countThatIsNotTheSumOfTheBuckets_isRefused() throws Exception {
    ExportMetricsServiceRequest.Builder request =
        OtlpRequests.from("i").calls("m", "1", null, 5, START, END).build().toBuilder();
    request
        .getResourceMetricsBuilder(0)
        .getScopeMetricsBuilder(0)
        .getMetricsBuilder(0)
        .getExponentialHistogramBuilder()
        .getDataPointsBuilder(0)
        .setCount(6);

    assertThat(decode(request.build().toByteArray()).refused())
        .containsOnly(Map.entry(Drop.BAD_POINT, 1L));
  }

  @Test
  void deeplyNestedAttribute_isSkippedByItsLength() throws Exception {
    AnyValue deep = AnyValue.newBuilder().setStringValue("x").build();
    ByteString nested = deep.toByteString();
    for (int i = 0; i < 5_000; i++) {
      nested = list(nested);
    }
    ByteString attribute = keyValue("deep", nested);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    out.writeBytes(1, message(1, message(1, attribute)));
    out.flush();

    assertThat(decode(bytes.toByteArray()).size()).isZero();
  }

  private static ByteString list(ByteString value) throws IOException {
    return message(5, message(ArrayValue.VALUES_FIELD_NUMBER, value));
  }

  private static ByteString keyValue(String key, ByteString value) throws IOException {
    return message(1, ByteString.copyFromUtf8(key)).concat(message(2, value));
  }

  private static ByteString message(int field, ByteString content) throws IOException {
    ByteString.Output bytes = ByteString.newOutput();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    out.writeBytes(field, content);
    out.flush();
    return bytes.toByteString();
  }

  @Test
  void groupsNestedWithoutEnd_areMalformed() {
    byte[] groups = new byte[100_000];
    java.util.Arrays.fill(groups, (byte) ((15 << 3) | WireFormat.WIRETYPE_START_GROUP));

    assertThatThrownBy(() -> decode(groups)).isInstanceOf(InvalidProtocolBufferException.class);
  }

  @Test
  void morePointsThanAllowed_areRefusedAsAWhole() {
    OtlpRequests request = OtlpRequests.from("i");
    for (int i = 0; i < 11; i++) {
      request.calls("m", "1", null, 1, START, END + i);
    }

    assertThatThrownBy(
            () -> decode(request.bytes(), new IntakeLimits(1 << 20, 10, 256, 1 << 20, 1_000)))
        .isInstanceOf(OversizedException.class)
        .hasMessageContaining("more than 10 data points");
  }

  @Test
  void randomBytesAndTruncations_neverDoWorseThanMalformed() {
    Random random = new Random(11);
    byte[] good = OtlpRequests.from("i-1").calls("m", "1", "e", 3, START, END).beat(END).bytes();
    for (int i = 0; i < 20_000; i++) {
      byte[] bad = java.util.Arrays.copyOf(good, random.nextInt(good.length + 1));
      for (int flips = random.nextInt(6); flips > 0 && bad.length > 0; flips--) {
        bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
      }
      try {
        assertThat(decode(bad).size()).isLessThanOrEqualTo(bad.length);
      } catch (IOException e) {
        assertThat(e).isInstanceOf(InvalidProtocolBufferException.class);
      }
    }
  }

  private long fresh(OtlpRequests request) throws IOException {
    return decode(request.bytes()).fresh(repeats).size();
  }

  private Map<Drop, Long> refused(OtlpRequests request) throws IOException {
    return decode(request.bytes()).refused();
  }

  private Batch decode(byte[] data) throws IOException {
    return decode(data, IntakeLimits.DEFAULTS);
  }

  private Batch decode(byte[] data, IntakeLimits limits) throws IOException {
    return new OtlpDecoder(
            data,
            limits,
            new StreamHash(1, 2),
            series,
            new CumulativeStreams(100, 1 << 20, System::nanoTime))
        .decode();
  }
}
