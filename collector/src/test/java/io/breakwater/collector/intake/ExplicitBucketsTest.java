package io.breakwater.collector.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.breakwater.signals.HistogramSnapshot;
import org.junit.jupiter.api.Test;

class ExplicitBucketsTest {
  private static final double[] SECONDS = {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10};
  private static final double[] TENTHS = {0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1};

  @Test
  void roundedUp_sharesAtEveryBoundAreExact() {
    long[] counts = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 0};

    HistogramSnapshot histogram = ExplicitBuckets.of(TENTHS, counts, 55).rounded(true, 1);

    long below = 0;
    for (int i = 0; i < TENTHS.length; i++) {
      below += counts[i];
      double justAbove = TENTHS[i] * 1.03; // the end of the bucket of scale 5 that holds the bound
      assertThat(histogram.countAtOrBelow(justAbove).lower()).isEqualTo(below);
      assertThat(histogram.countAtOrBelow(TENTHS[i] * 0.97).upper()).isEqualTo(below - counts[i]);
    }
    assertThat(histogram.count()).isEqualTo(55);
  }

  @Test
  void roundedDown_callsAreSlowOnlyWhereTheySurelyWere() {
    long[] counts = {100, 50, 20, 10, 5, 4, 3, 2, 1, 1, 1};
    HistogramSnapshot histogram = ExplicitBuckets.of(SECONDS, counts, 197).rounded(false, 1);

    assertThat(197 - histogram.countAtOrBelow(0.05).upper()).isEqualTo(5 + 4 + 3 + 2 + 1 + 1 + 1);
    // 0.08 lies within the bucket from 0.05 to 0.1: those in it may have been faster.
    assertThat(197 - histogram.countAtOrBelow(0.08).upper()).isEqualTo(4 + 3 + 2 + 1 + 1 + 1);
    assertThat(histogram.countAtOrBelow(0.005).lower()).isEqualTo(100);
  }

  @Test
  void valuesBeyondTheLastBoundAndBelowZero_keepTheirOrder() {
    double[] bounds = {-10, 0, 10};
    long[] counts = {1, 2, 4, 8};

    HistogramSnapshot histogram = ExplicitBuckets.of(bounds, counts, 15).rounded(true, 1);

    assertThat(histogram.countAtOrBelow(-9.5).lower()).isEqualTo(1);
    assertThat(histogram.countAtOrBelow(0).lower()).isEqualTo(3);
    assertThat(histogram.countAtOrBelow(10.3).lower()).isEqualTo(7);
    assertThat(histogram.countAtOrBelow(11).lower()).isEqualTo(15);
  }

  @Test
  void boundsAreKnownAgain() {
    HistogramSnapshot one = ExplicitBuckets.of(TENTHS, new long[11], 0).rounded(true, 0);
    HistogramSnapshot same = ExplicitBuckets.of(TENTHS.clone(), new long[11], 0).rounded(true, 0);
    HistogramSnapshot other = ExplicitBuckets.of(SECONDS, new long[11], 0).rounded(true, 0);

    assertThat(one.bounds()).isNotZero().isEqualTo(same.bounds()).isNotEqualTo(other.bounds());
  }

  @Test
  void theWidestBounds_takeFewBuckets() {
    double[] bounds = {1e-300, 1e-3, 1, 1e300};

    HistogramSnapshot histogram =
        ExplicitBuckets.of(bounds, new long[] {1, 1, 1, 1, 1}, 5).rounded(true, 0);

    assertThat(histogram.positive().size()).isLessThan(400);
    assertThat(histogram.count()).isEqualTo(5);
  }

  @Test
  void bucketsThatCannotBe_areRefused() {
    assertRefused(TENTHS, new long[10], 0);
    assertRefused(TENTHS, new long[11], 1);
    assertRefused(new double[] {2, 1}, new long[3], 0);
    assertRefused(new double[] {1, Double.NaN}, new long[3], 0);
    assertRefused(new double[] {1}, new long[] {-1, 1}, 0);
    assertRefused(new double[] {1, Double.POSITIVE_INFINITY}, new long[] {0, 0, 1}, 1);
    assertThat(
            ExplicitBuckets.of(new double[] {1, Double.POSITIVE_INFINITY}, new long[] {1, 2, 0}, 3)
                .rounded(true, 0)
                .count())
        .isEqualTo(3);
  }

  private static void assertRefused(double[] bounds, long[] counts, long count) {
    assertThatThrownBy(() -> ExplicitBuckets.of(bounds, counts, count))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
