package io.breakwater.collector.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.collector.OtlpRequests;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Streams whose points say everything since their start. */
class CumulativeTest {
  private static final String[] WHO = {"ml.model.name", "m", "ml.model.version", "1"};

  private final AtomicLong nanos = new AtomicLong();
  private CumulativeStreams streams = new CumulativeStreams(100, 1 << 20, nanos::get);

  @Test
  void firstPoint_isABaselineAndLaterOnesCountFromIt() throws Exception {
    Batch first = decode(score(10, 20, 0, 5, 7));
    assertThat(first.size()).isZero();
    assertThat(first.refused()).containsOnlyKeys(Drop.BASELINE);

    assertThat(counts(decode(score(10, 30, 0, 5, 9)))).containsExactly(2L);
    assertThat(counts(decode(score(10, 40, 0, 6, 9)))).containsExactly(1L);
    assertThat(counts(decode(score(10, 50, 0, 6, 9)))).containsExactly(0L);
  }

  @Test
  void pointThatCameBefore_isARepeat() throws Exception {
    decode(score(10, 20, 0, 5));
    decode(score(10, 30, 0, 6));

    assertThat(decode(score(10, 30, 0, 6)).refused()).containsOnlyKeys(Drop.REPEATED);
    assertThat(decode(score(10, 20, 0, 5)).refused()).containsOnlyKeys(Drop.REPEATED);
    assertThat(counts(decode(score(10, 40, 0, 8)))).containsExactly(2L);
  }

  @Test
  void countThatWentDown_isAResetThatCountsFromZero() throws Exception {
    decode(score(10, 20, 0, 5));

    assertThat(counts(decode(score(10, 30, 0, 3)))).containsExactly(3L);
    assertThat(counts(decode(score(10, 40, 0, 4)))).containsExactly(1L);
  }

  @Test
  void startBehindTheLastEnd_isAResetThatCountsFromZero() throws Exception {
    decode(score(10, 20, 0, 5));

    assertThat(counts(decode(score(25, 30, 0, 7)))).containsExactly(7L);
  }

  @Test
  void startThatMovedOtherwise_isABaseline() throws Exception {
    decode(score(10, 20, 0, 5));

    assertThat(decode(score(15, 30, 0, 7)).refused()).containsOnlyKeys(Drop.BASELINE);
    assertThat(counts(decode(score(15, 40, 0, 8)))).containsExactly(1L);
  }

  @Test
  void scaleThatShrank_leavesDifferencesExact() throws Exception {
    // Buckets 0 to 3 of scale 2 are 0 and 1 of scale 1.
    decode(at(2, 10, 20, 0, 1, 2, 3, 4));

    Point.Values values =
        (Point.Values) decode(at(1, 10, 30, 0, 5, 7, 1)).fresh(new RepeatFilter()).get(0);

    assertThat(values.values().scale()).isEqualTo(1);
    assertThat(values.values().positive().toArray()).containsExactly(2, 0, 1);
    assertThat(values.values().count()).isEqualTo(3);
  }

  @Test
  void sumsAndExplicitHistograms_areSubtractedToo() throws Exception {
    decode(from().sum("ml.inference.predictions", 5, 10, 20, named()).bytes());
    Batch sums = decode(from().sum("ml.inference.predictions", 9, 10, 30, named()).bytes());
    assertThat(((Point.Named) sums.fresh(new RepeatFilter()).get(0)).count()).isEqualTo(4);

    decode(explicit(10, 20, 1, 2, 3));
    Batch calls = decode(explicit(10, 30, 1, 4, 3));
    Point.Calls one = (Point.Calls) calls.fresh(new RepeatFilter()).get(0);
    assertThat(one.count()).isEqualTo(2);
    assertThat(one.durations().count()).isEqualTo(2);
    assertThat(one.durations().countAtOrBelow(0.1).upper()).isZero();
  }

  @Test
  void streamsBeyondTheLimit_areRefusedUntilOthersFellSilent() throws Exception {
    streams = new CumulativeStreams(2, 1 << 20, nanos::get);
    decode(from("a").values("ml.inference.score", 1, 10, 20, (Object[]) WHO).bytes());
    decode(from("b").values("ml.inference.score", 1, 10, 20, (Object[]) WHO).bytes());

    byte[] third = from("c").values("ml.inference.score", 1, 10, 20, (Object[]) WHO).bytes();
    assertThat(decode(third).refused()).containsOnlyKeys(Drop.TOO_MANY_STREAMS);
    nanos.addAndGet(15 * 60_000_000_000L);
    assertThat(decode(third).refused()).containsOnlyKeys(Drop.BASELINE);
  }

  private static OtlpRequests from() {
    return from("i");
  }

  private static OtlpRequests from(String instance) {
    return OtlpRequests.from(instance).cumulative();
  }

  private static Object[] named() {
    return new Object[] {WHO[0], WHO[1], WHO[2], WHO[3], "ml.output.class", "yes"};
  }

  private static byte[] score(long start, long end, int offset, long... counts) {
    return at(5, start, end, offset, counts);
  }

  private static byte[] at(int scale, long start, long end, int offset, long... counts) {
    ExponentialHistogramDataPoint.Buckets.Builder buckets =
        ExponentialHistogramDataPoint.Buckets.newBuilder().setOffset(offset);
    long total = 0;
    for (long count : counts) {
      buckets.addBucketCounts(count);
      total += count;
    }
    return from()
        .histogram(
            "ml.inference.score",
            ExponentialHistogramDataPoint.newBuilder()
                .setStartTimeUnixNano(start)
                .setTimeUnixNano(end)
                .setScale(scale)
                .setCount(total)
                .setPositive(buckets),
            (Object[]) WHO)
        .bytes();
  }

  private static byte[] explicit(long start, long end, long... counts) {
    HistogramDataPoint.Builder point =
        HistogramDataPoint.newBuilder()
            .setStartTimeUnixNano(start)
            .setTimeUnixNano(end)
            .addExplicitBounds(0.1)
            .addExplicitBounds(0.5);
    long total = 0;
    for (long count : counts) {
      point.addBucketCounts(count);
      total += count;
    }
    return from().explicit("ml.inference.duration", point.setCount(total), (Object[]) WHO).bytes();
  }

  private static List<Long> counts(Batch batch) {
    return batch.fresh(new RepeatFilter()).stream()
        .map(point -> ((Point.Values) point).values().count())
        .toList();
  }

  private Batch decode(byte[] data) throws IOException {
    return new OtlpDecoder(
            data,
            IntakeLimits.DEFAULTS,
            new StreamHash(1, 2),
            new SeriesTable(1_000, 1 << 20),
            streams)
        .decode();
  }
}
