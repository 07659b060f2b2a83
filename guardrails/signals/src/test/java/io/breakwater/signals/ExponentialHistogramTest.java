package io.breakwater.signals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExponentialHistogramTest {
  /** Seeded streams of very different shape. */
  enum Shape {
    NORMAL,
    LOGNORMAL,
    OFFSET,
    NEGATIVE,
    ANY_DOUBLE,
    SMALL_INTEGERS,
    SUBNORMAL;

    double[] values(int count, long seed) {
      Random gauss = new Random(seed);
      SplittableRandom random = new SplittableRandom(seed);
      DoubleSupplier next;
      switch (this) {
        case NORMAL:
          next = gauss::nextGaussian;
          break;
        case LOGNORMAL:
          next = () -> Math.exp(gauss.nextGaussian());
          break;
        case OFFSET:
          next = () -> 100 + 15 * gauss.nextGaussian();
          break;
        case NEGATIVE:
          next = () -> -Math.exp(3 * gauss.nextGaussian());
          break;
        case ANY_DOUBLE:
          next = () -> anyFinite(random);
          break;
        case SMALL_INTEGERS:
          next = () -> random.nextInt(-8, 9);
          break;
        default:
          next = () -> random.nextInt(0, 1000) * Double.MIN_VALUE;
      }
      double[] values = new double[count];
      Arrays.setAll(values, i -> next.getAsDouble());
      return values;
    }

    private static double anyFinite(SplittableRandom random) {
      double value = Double.longBitsToDouble(random.nextLong());
      return Double.isFinite(value) ? value : 0;
    }
  }

  private static HistogramSnapshot recorded(int scale, double... values) {
    ExponentialHistogram histogram = ExponentialHistogram.ofScale(scale);
    for (double value : values) {
      assertThat(histogram.record(value)).isTrue();
    }
    return histogram.snapshot();
  }

  private static void assertSameCounts(HistogramSnapshot actual, HistogramSnapshot expected) {
    assertThat(actual.scale()).isEqualTo(expected.scale());
    assertThat(actual.count()).isEqualTo(expected.count());
    assertThat(actual.zeroCount()).isEqualTo(expected.zeroCount());
    assertThat(actual.positive()).isEqualTo(expected.positive());
    assertThat(actual.negative()).isEqualTo(expected.negative());
    assertThat(actual.min()).isEqualTo(expected.min());
    assertThat(actual.max()).isEqualTo(expected.max());
  }

  @ParameterizedTest
  @EnumSource(Shape.class)
  void everyValue_isInTheBucketOfItsIndex(Shape shape) {
    double[] values = shape.values(5_000, 1);
    HistogramSnapshot snapshot = recorded(10, values);
    BucketIndex buckets = BucketIndex.ofScale(snapshot.scale());
    long[] zeros = {0};
    for (double value : values) {
      if (value == 0) {
        zeros[0]++;
      } else {
        BucketCounts side = value > 0 ? snapshot.positive() : snapshot.negative();
        assertThat(side.countAt(buckets.indexOf(Math.abs(value)))).isPositive();
      }
    }
    assertThat(snapshot.zeroCount()).isEqualTo(zeros[0]);
    assertThat(snapshot.count()).isEqualTo(values.length);
    assertThat(snapshot.min()).isEqualTo(Arrays.stream(values).min().getAsDouble());
    assertThat(snapshot.max()).isEqualTo(Arrays.stream(values).max().getAsDouble());
  }

  @ParameterizedTest
  @EnumSource(Shape.class)
  void scale_isTheFinestThatFits_whateverTheOrder(Shape shape) {
    double[] values = shape.values(3_000, 2);
    HistogramSnapshot snapshot = recorded(10, values);
    assertThat(snapshot.positive().size()).isLessThanOrEqualTo(160);
    assertThat(snapshot.negative().size()).isLessThanOrEqualTo(160);
    if (snapshot.scale() < 10) {
      BucketIndex finer = BucketIndex.ofScale(snapshot.scale() + 1);
      assertThat(Math.max(span(finer, values, 1), span(finer, values, -1))).isGreaterThan(160);
    }
    List<Double> shuffled = new ArrayList<>();
    Arrays.stream(values).forEach(shuffled::add);
    Collections.shuffle(shuffled, new Random(3));
    double[] other = shuffled.stream().mapToDouble(Double::doubleValue).toArray();
    assertSameCounts(recorded(10, other), snapshot);
  }

  private static int span(BucketIndex buckets, double[] values, int sign) {
    int[] indexes =
        Arrays.stream(values)
            .filter(value -> value * sign > 0)
            .mapToInt(value -> buckets.indexOf(Math.abs(value)))
            .sorted()
            .toArray();
    return indexes.length == 0 ? 0 : indexes[indexes.length - 1] - indexes[0] + 1;
  }

  @ParameterizedTest
  @EnumSource(Shape.class)
  void mergedParts_equalTheWhole_inAnyOrder(Shape shape) {
    double[] values = shape.values(4_000, 4);
    List<HistogramSnapshot> parts = new ArrayList<>();
    for (int from = 0; from < values.length; from += 500) {
      parts.add(recorded(10, Arrays.copyOfRange(values, from, from + 500)));
    }
    HistogramSnapshot whole = recorded(10, values);
    for (int seed = 0; seed < 5; seed++) {
      Collections.shuffle(parts, new Random(seed));
      ExponentialHistogram merged = ExponentialHistogram.ofScale(10);
      parts.forEach(merged::merge);
      assertSameCounts(merged.snapshot(), whole);
      if (Math.abs(whole.sum()) < 1e300) {
        assertThat(merged.snapshot().sum())
            .isCloseTo(whole.sum(), within(1e-9 * (1 + Math.abs(whole.sum()))));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Shape.class)
  void snapshotMerge_equalsRecordingAtTheCoarserScale(Shape shape) {
    double[] first = shape.values(1_000, 5);
    double[] second = shape.values(1_000, 6);
    HistogramSnapshot fine = recorded(10, first);
    HistogramSnapshot coarse = recorded(-2, second);
    HistogramSnapshot both = recorded(-2, first).merge(recorded(-2, second));
    assertSameCounts(fine.merge(coarse), both);
    assertSameCounts(coarse.merge(fine), both);
    double[] all = Arrays.copyOf(first, 2_000);
    System.arraycopy(second, 0, all, 1_000, 1_000);
    assertSameCounts(both.atScale(-4), recorded(-4, all));
  }

  @ParameterizedTest
  @ValueSource(ints = {-10, -3, 0, 2, 6, 9})
  void coarsening_equalsRecordingAtTheCoarserScale(int scale) {
    double[] values = Shape.OFFSET.values(2_000, 7);
    HistogramSnapshot fine =
        ExponentialHistogramTest.recordedWith(ExponentialHistogram.of(10, 4_000), values);
    HistogramSnapshot coarse =
        ExponentialHistogramTest.recordedWith(ExponentialHistogram.of(scale, 4_000), values);
    assertSameCounts(fine.atScale(scale), coarse);
  }

  private static HistogramSnapshot recordedWith(ExponentialHistogram histogram, double... values) {
    for (double value : values) {
      histogram.record(value);
    }
    return histogram.snapshot();
  }

  @ParameterizedTest
  @EnumSource(Shape.class)
  void quantile_isWithinItsRelativeError(Shape shape) {
    double[] values = shape.values(2_001, 8);
    HistogramSnapshot snapshot = recorded(10, values);
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    double error = Math.pow(2, Math.scalb(1.0, -snapshot.scale()) / 2) - 1;
    for (double q : new double[] {0, 0.001, 0.01, 0.25, 0.5, 0.75, 0.99, 0.999, 1}) {
      double exact = sorted[Math.max(0, (int) Math.ceil(q * sorted.length) - 1)];
      double slack = Math.abs(exact) * error * (1 + 1e-9) + Double.MIN_VALUE;
      assertThat(snapshot.quantile(q)).isBetween(exact - slack, exact + slack);
    }
  }

  @ParameterizedTest
  @EnumSource(Shape.class)
  void countAtOrBelow_bracketsTheTrueCount_andIsExactOnBounds(Shape shape) {
    double[] values = shape.values(2_000, 9);
    HistogramSnapshot snapshot = recorded(10, values);
    BucketIndex buckets = BucketIndex.ofScale(snapshot.scale());
    for (int i = 0; i < 200; i++) {
      double edge = values[i];
      assertBrackets(snapshot, values, edge);
      if (edge != 0) {
        double bound = buckets.upperBound(buckets.indexOf(Math.abs(edge)));
        double parting = edge > 0 ? bound : -Math.nextUp(bound);
        assertBrackets(snapshot, values, parting);
        assertThat(snapshot.countAtOrBelow(parting).isExact()).isTrue();
      }
    }
    assertThat(snapshot.countAtOrBelow(0).isExact()).isTrue();
    assertBrackets(snapshot, values, 0);
    assertBrackets(snapshot, values, Double.NEGATIVE_INFINITY);
    assertBrackets(snapshot, values, Double.POSITIVE_INFINITY);
  }

  private static void assertBrackets(HistogramSnapshot snapshot, double[] values, double edge) {
    long exact = Arrays.stream(values).filter(value -> value <= edge).count();
    CountRange range = snapshot.countAtOrBelow(edge);
    assertThat(exact).as("at or below %s", edge).isBetween(range.lower(), range.upper());
  }

  @Test
  void countAtOrBelow_withinABucket_isInDoubtByThatBucket() {
    HistogramSnapshot snapshot = recorded(0, 1.5, 1.75, 3, -1.5);
    assertThat(snapshot.countAtOrBelow(1.6)).hasToString("1..3");
    assertThat(snapshot.countAtOrBelow(2)).hasToString("3");
    assertThat(snapshot.countAtOrBelow(-1.6)).hasToString("0..1");
    assertThat(snapshot.countAtOrBelow(-1)).hasToString("1");
    assertThat(snapshot.countAtOrBelow(Math.nextDown(-1.0))).hasToString("1");
  }

  @Test
  void zeroBucket_putsEdgesWithinItInDoubt() {
    HistogramSnapshot snapshot =
        HistogramSnapshot.of(
            3, 0.5, 10, 0, Double.NaN, Double.NaN, BucketCounts.of(0, 1), BucketCounts.of(0, 2));
    assertThat(snapshot.countAtOrBelow(-0.6)).hasToString("2");
    assertThat(snapshot.countAtOrBelow(-0.5)).hasToString("2..12");
    assertThat(snapshot.countAtOrBelow(0)).hasToString("2..12");
    assertThat(snapshot.countAtOrBelow(0.5)).hasToString("12");
  }

  @Test
  void empty_hasNoQuantileAndNoExtremes() {
    HistogramSnapshot snapshot = ExponentialHistogram.ofScale(5).snapshot();
    assertThat(snapshot.isEmpty()).isTrue();
    assertThat(snapshot.quantile(0.5)).isNaN();
    assertThat(snapshot.min()).isNaN();
    assertThat(snapshot.max()).isNaN();
    assertThat(snapshot.countAtOrBelow(1)).hasToString("0");
    assertThat(snapshot.positive().isEmpty()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
  void notFinite_isNotRecorded(double value) {
    ExponentialHistogram histogram = ExponentialHistogram.ofScale(5);
    assertThat(histogram.record(value)).isFalse();
    assertThat(histogram.count()).isZero();
    assertThat(histogram.snapshot().sum()).isZero();
  }

  @Test
  void bothZeros_areZero() {
    HistogramSnapshot snapshot = recorded(5, 0.0, -0.0);
    assertThat(snapshot.zeroCount()).isEqualTo(2);
    assertThat(snapshot.quantile(1)).isZero();
  }

  @Test
  void allOfTheDoubles_fitTheCoarsestScale() {
    ExponentialHistogram histogram = ExponentialHistogram.of(10, 4);
    histogram.record(Double.MIN_VALUE);
    histogram.record(Double.MAX_VALUE);
    histogram.record(1);
    assertThat(histogram.snapshot().positive().total()).isEqualTo(3);
    assertThat(histogram.scale()).isEqualTo(-10);
  }

  @Test
  void countsBeyondAnInt_areKept() {
    ExponentialHistogram histogram = ExponentialHistogram.ofScale(5);
    histogram.record(2, 5_000_000_000L);
    histogram.merge(histogram.snapshot());
    assertThat(histogram.snapshot().positive().count(0)).isEqualTo(10_000_000_000L);
    assertThat(histogram.snapshot().sum()).isEqualTo(2e10);
  }

  @Test
  void countsBeyondALong_areRefused() {
    HistogramSnapshot huge =
        HistogramSnapshot.of(
            0, 0, 0, 0, 1, 1, BucketCounts.of(0, Long.MAX_VALUE), BucketCounts.EMPTY);
    assertThatThrownBy(() -> huge.merge(huge)).isInstanceOf(ArithmeticException.class);
    ExponentialHistogram histogram = ExponentialHistogram.ofScale(0);
    histogram.merge(huge);
    assertThatThrownBy(() -> histogram.merge(huge)).isInstanceOf(ArithmeticException.class);
    assertThat(histogram.snapshot().positive()).isEqualTo(huge.positive());
    assertThatThrownBy(
            () ->
                HistogramSnapshot.of(
                    0, 0, 1, 0, 1, 1, BucketCounts.of(0, Long.MAX_VALUE), BucketCounts.EMPTY))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("2^63");
  }

  @Test
  void reset_startsAgainAtTheFirstScale() {
    ExponentialHistogram histogram = ExponentialHistogram.ofScale(10);
    histogram.record(1e-30);
    histogram.record(1e30);
    histogram.record(-1);
    assertThat(histogram.snapshotAndReset().scale()).isLessThan(1);
    assertThat(histogram.scale()).isEqualTo(10);
    assertThat(histogram.snapshot().isEmpty()).isTrue();
    histogram.record(7);
    assertSameCounts(histogram.snapshot(), recorded(10, 7));
  }

  @Test
  void durations_areNotResolvedBeyondTheirScale() {
    HistogramSnapshot snapshot =
        recordedWith(ExponentialHistogram.ofScale(ExponentialHistogram.DURATION_SCALE), 0.01);
    assertThat(snapshot.scale()).isEqualTo(5);
    assertThat(snapshot.quantile(0.5)).isEqualTo(0.01); // the only value is also the extreme
  }

  @Test
  void mergeOfUnknownExtremes_knowsNone() {
    HistogramSnapshot known = recorded(5, 1, 2);
    HistogramSnapshot unknown = recorded(5, 3).withoutExtremes();
    assertThat(known.merge(unknown).max()).isNaN();
    ExponentialHistogram histogram = ExponentialHistogram.ofScale(5);
    histogram.merge(known);
    histogram.merge(unknown);
    assertThat(histogram.snapshotAndReset().max()).isNaN();
    histogram.record(4);
    assertThat(histogram.snapshot().max()).isEqualTo(4);
  }

  @Test
  void mergeWithEmpty_changesNothing() {
    HistogramSnapshot some = recorded(5, 1, -2, 0);
    assertSameCounts(some.merge(HistogramSnapshot.empty(5)), some);
    assertSameCounts(HistogramSnapshot.empty(5).merge(some), some);
  }

  @Test
  void mergeOfFarApartBuckets_coarsensInsteadOfGrowing() {
    HistogramSnapshot merged = recorded(10, 1e-300).merge(recorded(10, 1e300));
    assertThat(merged.positive().size()).isLessThanOrEqualTo(4_096);
    assertThat(merged.count()).isEqualTo(2);
    assertThat(merged.scale()).isEqualTo(1);
  }

  @Test
  void finerScalesOffTheWire_areFolded() {
    BucketCounts fine = BucketCounts.of(1 << 20, 1, 0, 4);
    HistogramSnapshot snapshot =
        HistogramSnapshot.of(20, 0, 0, 10, Double.NaN, Double.NaN, fine, BucketCounts.EMPTY);
    assertThat(snapshot.scale()).isEqualTo(10);
    assertThat(snapshot.positive()).isEqualTo(BucketCounts.of(1 << 10, 5));
    assertThat(snapshot.quantile(0.5)).isCloseTo(2, within(0.002));
  }

  @Test
  void bucketsBeyondTheDoubles_areRefused() {
    BucketCounts beyond = BucketCounts.of(1_024 << 5, 1);
    assertThatThrownBy(() -> HistogramSnapshot.of(5, 0, 0, 0, 0, 0, beyond, BucketCounts.EMPTY))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("range of a double at scale 5");
  }

  @Test
  void badParts_areRefused() {
    assertThatThrownBy(() -> BucketCounts.of(0, 1, -1, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("counts[1]: -1 (expected: >= 0)");
    assertThatThrownBy(() -> BucketCounts.of(Integer.MAX_VALUE, 1, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> HistogramSnapshot.empty(-11))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("scale: -11 (expected: >= -10)");
    assertThatThrownBy(() -> recorded(5, 1).quantile(1.1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> recorded(5, 1).atScale(6))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> recorded(5, 1).countAtOrBelow(Double.NaN))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ExponentialHistogram.of(5, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("maxBuckets: 3 (expected: >= 4)");
  }

  @Test
  void emptyBucketsAtEitherEnd_areLeftOut() {
    assertThat(BucketCounts.of(5, 0, 0, 3, 0, 1, 0)).isEqualTo(BucketCounts.of(7, 3, 0, 1));
    assertThat(BucketCounts.of(5, 0, 0)).isEqualTo(BucketCounts.EMPTY);
  }
}
