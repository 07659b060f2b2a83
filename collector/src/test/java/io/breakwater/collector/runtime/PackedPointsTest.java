package io.breakwater.collector.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.collector.OtlpRequests;
import io.breakwater.collector.intake.Batch;
import io.breakwater.collector.intake.Batches;
import io.breakwater.collector.intake.Point;
import io.breakwater.engine.Distribution.Numbers;
import io.breakwater.engine.Pane.Reading;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Points taken as they stand in a request lead to what the same points as objects lead to. */
class PackedPointsTest {
  private static final Instant START = Instant.parse("2026-11-21T02:20:00.030Z");

  private final Random random = new Random(17);

  @Test
  void packedPoints_areWhatTheirObjectsAre() throws Exception {
    int compared = 0;
    for (int round = 0; round < 60; round++) {
      LaneSignals packed = new LaneSignals(new CellQuota(10_000_000));
      LaneSignals objects = new LaneSignals(new CellQuota(10_000_000));
      for (int look = 0; look < 3; look++) {
        Batch batch = Batches.decode(request(1 + random.nextInt(40), look == 2));
        for (int i = 0; i < batch.size(); i++) {
          if (batch.series(i) == null) {
            assertThat(packed.add((Point.OfSignal) batch.point(i), START)).isNull();
          } else {
            assertThat(packed.add(batch, i, batch.series(i), START)).isNull();
          }
          assertThat(objects.add((Point.OfSignal) batch.point(i), START)).isNull();
        }
        List<Reading> one = packed.take(START, START.plusSeconds(60L * (look + 1)));
        List<Reading> other = objects.take(START, START.plusSeconds(60L * (look + 1)));
        assertThat(one).hasSameSizeAs(other);
        for (int i = 0; i < one.size(); i++) {
          same((Numbers) one.get(i).values(), (Numbers) other.get(i).values());
          compared++;
        }
      }
    }
    assertThat(compared).isGreaterThan(300);
  }

  private static void same(Numbers one, Numbers other) {
    assertThat(one.values().count()).isEqualTo(other.values().count());
    assertThat(one.values().parts()).hasSameSizeAs(other.values().parts());
    for (int part = 0; part < one.values().parts().size(); part++) {
      var left = one.values().parts().get(part);
      var right = other.values().parts().get(part);
      assertThat(left.scale()).isEqualTo(right.scale());
      assertThat(left.zeroCount()).isEqualTo(right.zeroCount());
      assertThat(left.zeroThreshold()).isEqualTo(right.zeroThreshold());
      assertThat(left.positive()).isEqualTo(right.positive());
      assertThat(left.negative()).isEqualTo(right.negative());
    }
  }

  private byte[] request(int points, boolean odd) {
    OtlpRequests request = OtlpRequests.from("i");
    for (int i = 0; i < points; i++) {
      ExponentialHistogramDataPoint.Builder point =
          ExponentialHistogramDataPoint.newBuilder()
              .setStartTimeUnixNano(1)
              .setTimeUnixNano(2 + i)
              .setScale(odd ? random.nextInt(14) - 3 : 5)
              .setSum(1)
              .setZeroThreshold(random.nextInt(4) == 0 ? 1e-9 : 0)
              .setZeroCount(random.nextInt(3));
      long total = point.getZeroCount();
      ExponentialHistogramDataPoint.Buckets.Builder up = side(odd);
      ExponentialHistogramDataPoint.Buckets.Builder down = side(odd);
      for (long count : up.getBucketCountsList()) {
        total += count;
      }
      point.setPositive(up);
      if (random.nextBoolean()) {
        for (long count : down.getBucketCountsList()) {
          total += count;
        }
        point.setNegative(down);
      }
      request.histogram(
          "ml.inference.feature",
          point.setCount(total),
          "ml.model.name",
          "m",
          "ml.model.version",
          "1",
          "ml.feature.name",
          "f" + random.nextInt(3));
    }
    return request.bytes();
  }

  private ExponentialHistogramDataPoint.Buckets.Builder side(boolean odd) {
    ExponentialHistogramDataPoint.Buckets.Builder side =
        ExponentialHistogramDataPoint.Buckets.newBuilder().setOffset(random.nextInt(60) - 30);
    int size = random.nextInt(odd ? 120 : 60);
    int bits = random.nextInt(odd ? 40 : 15);
    for (int i = 0; i < size; i++) {
      side.addBucketCounts(random.nextInt(3) == 0 ? 0 : random.nextLong() >>> (63 - bits));
    }
    return side;
  }
}
