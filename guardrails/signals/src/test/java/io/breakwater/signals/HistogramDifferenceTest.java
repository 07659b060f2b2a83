package io.breakwater.signals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;

class HistogramDifferenceTest {
  @Test
  void whatWasAddedSince_isTheDifferenceWhateverBecameOfTheScale() {
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      ExponentialHistogram all = ExponentialHistogram.ofScale(10);
      record(all, random, 50);
      HistogramSnapshot before = all.snapshot();
      ExponentialHistogram since = ExponentialHistogram.ofScale(10);
      for (int i = 0; i < 60; i++) {
        double value = Math.exp(3 * random.nextGaussian()) * (random.nextBoolean() ? 1 : -1);
        all.record(value);
        since.record(value);
      }

      HistogramSnapshot difference = all.snapshot().minus(before);

      HistogramSnapshot expected = since.snapshot();
      assertThat(difference.count()).isEqualTo(60);
      assertThat(difference.scale()).isLessThanOrEqualTo(expected.scale());
      assertThat(difference.positive()).isEqualTo(expected.atScale(difference.scale()).positive());
      assertThat(difference.negative()).isEqualTo(expected.atScale(difference.scale()).negative());
    }
  }

  private static void record(ExponentialHistogram histogram, Random random, int values) {
    for (int i = 0; i < values; i++) {
      histogram.record(Math.exp(0.1 * random.nextGaussian()));
    }
  }

  @Test
  void zeroThresholdThatGrew_takesBucketsAlong() {
    HistogramSnapshot before = histogram(0, 1, 2, 3, 4);
    // At scale 0 the buckets end at 2, 4 and 8.
    HistogramSnapshot now = histogram(4, 1 + 2 + 3 + 10, 0, 0, 5);

    HistogramSnapshot difference = now.minus(before);

    assertThat(difference.zeroCount()).isEqualTo(10);
    assertThat(difference.positive()).isEqualTo(BucketCounts.of(2, 1));
  }

  private static HistogramSnapshot histogram(double threshold, long zeros, long... counts) {
    return HistogramSnapshot.of(
        0,
        threshold,
        zeros,
        0,
        Double.NaN,
        Double.NaN,
        BucketCounts.of(0, counts),
        BucketCounts.EMPTY);
  }

  @Test
  void whatIsNoLaterState_isRefused() {
    HistogramSnapshot one = histogram(0, 0, 5, 6);

    assertRefused(histogram(0, 0, 4, 7), one);
    assertRefused(histogram(0, 0, 5), one);
    assertRefused(one, histogram(0, 1, 5, 6));
    assertRefused(one, histogram(4, 0, 0));
    assertRefused(one, one.withBounds(7));
    assertThat(one.minus(one).isEmpty()).isTrue();
  }

  private static void assertRefused(HistogramSnapshot now, HistogramSnapshot before) {
    assertThatThrownBy(() -> now.minus(before)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void valuesRoundedDifferently_areMixed() {
    HistogramSnapshot one = histogram(0, 0, 5).withBounds(7);

    assertThat(one.merge(one).bounds()).isEqualTo(7);
    assertThat(one.merge(HistogramSnapshot.empty(3)).bounds()).isEqualTo(7);
    assertThat(HistogramSnapshot.empty(3).merge(one).bounds()).isEqualTo(7);
    assertThat(one.merge(histogram(0, 0, 5)).bounds()).isEqualTo(HistogramSnapshot.MIXED_BOUNDS);
    assertThat(one.atScale(-1).withoutExtremes().bounds()).isEqualTo(7);
  }
}
