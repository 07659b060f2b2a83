package io.breakwater.collector.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.collector.OtlpRequests;
import io.breakwater.signals.HistogramSnapshot;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Scores, classes, features, categories and what is missing of them, as they are read. */
class SignalPointsTest {
  private static final long START = 1_000_000_000L;
  private static final long END = 1_100_000_000L;
  private static final String WHO = "ml.model.name";
  private static final String VERSION = "ml.model.version";

  @Test
  void numbers_nameTheirSignal() throws Exception {
    List<Point> points =
        points(
            from()
                .values("ml.inference.score", 3, START, END, WHO, "m", VERSION, "1")
                .values("ml.inference.score", 4, START, END, with("ml.output.name", "y"))
                .values("ml.inference.score.complement", 4, START, END, with("ml.output.name", "y"))
                .values("ml.inference.feature", 5, START, END, with("ml.feature.name", "age")));

    assertThat(points)
        .extracting(point -> ((Point.Values) point).signal())
        .containsExactly("score", "score:y", "score:y", "feature:age");
    assertThat(points)
        .extracting(point -> ((Point.Values) point).complement())
        .containsExactly(false, false, true, false);
    HistogramSnapshot ages = ((Point.Values) points.get(3)).values();
    assertThat(ages.count()).isEqualTo(5);
    assertThat(ages.scale()).isEqualTo(5);
  }

  @Test
  void counts_nameTheirSignal() throws Exception {
    List<Point> points =
        points(
            from()
                .sum("ml.inference.predictions", 7, START, END, with("ml.output.class", "yes"))
                .sum(
                    "ml.inference.feature.category",
                    8,
                    START,
                    END,
                    with("ml.feature.name", "city", "ml.feature.category", "Rome"))
                .sum("ml.inference.feature.missing", 9, START, END, with("ml.feature.name", "age"))
                .sum("ml.inference.feature.missing", 2, START, END, with("ml.output.name", "y")));

    assertThat(points)
        .containsExactly(
            new Point.Named("i", "m", "1", "class", "yes", 7),
            new Point.Named("i", "m", "1", "category:city", "Rome", 8),
            new Point.Missing("i", "m", "1", "feature:age", 9),
            new Point.Missing("i", "m", "1", "score:y", 2));
  }

  @Test
  void valuesOutsideTheWindow_keepSideBoundAndSeries() throws Exception {
    List<Point> points =
        points(
            from()
                .sum(
                    "ml.inference.out_of_range",
                    3,
                    START,
                    END,
                    with("ml.feature.name", "age", "ml.range", "high", "ml.range.bound", 120.5))
                .sum(
                    "ml.inference.out_of_range",
                    4,
                    START,
                    END,
                    with(
                        "ml.output.name",
                        "y",
                        "ml.range",
                        "low",
                        "ml.range.bound",
                        Double.NEGATIVE_INFINITY,
                        "ml.range.series",
                        "complement")));

    assertThat(points)
        .containsExactly(
            new Point.Outside("i", "m", "1", "feature:age", false, false, 120.5, 3),
            new Point.Outside("i", "m", "1", "score:y", true, true, Double.NEGATIVE_INFINITY, 4));
  }

  @Test
  void wholeNumbersSentAsDoubles_areCounts() throws Exception {
    assertThat(
            points(
                from()
                    .sum(
                        "ml.inference.predictions",
                        NumberDataPoint.newBuilder().setTimeUnixNano(END).setAsDouble(3.0),
                        with("ml.output.class", "no"))))
        .containsExactly(new Point.Named("i", "m", "1", "class", "no", 3));
  }

  @Test
  void shadowTraffic_isNoSignal() throws Exception {
    assertThat(
            points(
                from()
                    .values("ml.inference.score", 3, START, END, with("ml.traffic", "shadow"))
                    .sum(
                        "ml.inference.predictions",
                        7,
                        START,
                        END,
                        with("ml.output.class", "yes", "ml.traffic", "probe"))))
        .containsExactly(new Point.Other("i"), new Point.Other("i"));
  }

  @Test
  void countsThatCannotBe_areRefused() throws Exception {
    for (double value : new double[] {-1, 0.5, Double.NaN, 1e300}) {
      assertThat(
              refused(
                  from()
                      .sum(
                          "ml.inference.predictions",
                          NumberDataPoint.newBuilder().setTimeUnixNano(END).setAsDouble(value),
                          with("ml.output.class", "no"))))
          .containsOnly(Map.entry(Drop.BAD_POINT, 1L));
    }
    assertThat(refused(from().sum("ml.inference.predictions", 1, START, END, with())))
        .as("a class without a name")
        .containsOnly(Map.entry(Drop.BAD_POINT, 1L));
    assertThat(refused(from().values("ml.inference.feature", 1, START, END, with())))
        .as("a feature without a name")
        .containsOnly(Map.entry(Drop.BAD_POINT, 1L));
    assertThat(
            refused(
                from()
                    .sum(
                        "ml.inference.out_of_range",
                        3,
                        START,
                        END,
                        with("ml.feature.name", "age", "ml.range", "up", "ml.range.bound", 1.0))))
        .containsOnly(Map.entry(Drop.BAD_POINT, 1L));
    assertThat(
            refused(
                from()
                    .sum(
                        "ml.inference.out_of_range",
                        3,
                        START,
                        END,
                        with("ml.feature.name", "age", "ml.range", "low"))))
        .containsOnly(Map.entry(Drop.BAD_POINT, 1L));
  }

  @Test
  void namesThatAreTooLong_areRefused() throws Exception {
    String tooLong = "x".repeat(257);

    assertThat(
            refused(
                from()
                    .sum(
                        "ml.inference.predictions", 1, START, END, with("ml.output.class", tooLong))
                    .values("ml.inference.feature", 1, START, END, with("ml.feature.name", tooLong))
                    .sum(
                        "ml.inference.feature.category",
                        1,
                        START,
                        END,
                        with("ml.feature.name", "a", "ml.feature.category", tooLong))))
        .containsOnly(Map.entry(Drop.ATTRIBUTE_TOO_LONG, 3L));
  }

  @Test
  void anotherType_isRefused() throws Exception {
    assertThat(
            refused(
                from()
                    .sum("ml.inference.score", 1, START, END, with())
                    .histogram(
                        "ml.inference.predictions",
                        ExponentialHistogramDataPoint.newBuilder().setTimeUnixNano(END),
                        with("ml.output.class", "yes"))))
        .containsOnly(Map.entry(Drop.WRONG_TYPE, 2L));
  }

  private static OtlpRequests from() {
    return OtlpRequests.from("i");
  }

  private static Object[] with(Object... more) {
    Object[] all = new Object[4 + more.length];
    System.arraycopy(new Object[] {WHO, "m", VERSION, "1"}, 0, all, 0, 4);
    System.arraycopy(more, 0, all, 4, more.length);
    return all;
  }

  private static List<Point> points(OtlpRequests request) throws IOException {
    Batch batch = decode(request);
    assertThat(batch.refused()).isEmpty();
    return batch.fresh(new RepeatFilter());
  }

  private static Map<Drop, Long> refused(OtlpRequests request) throws IOException {
    return decode(request).refused();
  }

  private static Batch decode(OtlpRequests request) throws IOException {
    return new OtlpDecoder(
            request.bytes(),
            IntakeLimits.DEFAULTS,
            new StreamHash(1, 2),
            new SeriesTable(1_000, 1 << 20),
            new CumulativeStreams(100, 1 << 20, System::nanoTime))
        .decode();
  }
}
