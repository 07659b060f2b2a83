package io.breakwater.signals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.function.DoubleSupplier;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PinnedHistogramTest {
  private static PinnedHistogram pinnedOn(double... values) {
    PinnedHistogram histogram = new PinnedHistogram();
    Arrays.stream(values).forEach(histogram::record);
    histogram.snapshotAndReset();
    return histogram;
  }

  private static PinnedHistogram pinnedOn(DoubleSupplier values) {
    return pinnedOn(DoubleStream.generate(values).limit(1_000).toArray());
  }

  private static PinnedSnapshot interval(PinnedHistogram histogram, double... values) {
    Arrays.stream(values).forEach(histogram::record);
    return histogram.snapshotAndReset();
  }

  private static double[] constant(double value) {
    double[] values = new double[1_000];
    Arrays.fill(values, value);
    return values;
  }

  @Test
  void before1000Values_itIsAutoScaled() {
    PinnedHistogram histogram = new PinnedHistogram();
    double[] values = new Random(1).doubles(999).toArray();
    PinnedSnapshot snapshot = interval(histogram, values);
    ExponentialHistogram auto = ExponentialHistogram.ofScale(10);
    Arrays.stream(values).forEach(auto::record);
    assertThat(snapshot.isPinned()).isFalse();
    assertThat(snapshot.histogram().positive()).isEqualTo(auto.snapshot().positive());
    assertThat(snapshot.histogram().scale()).isEqualTo(auto.scale());
    assertThat(interval(histogram, 0.5).isPinned()).isFalse();
    assertThat(interval(histogram, 0.5).isPinned()).isTrue();
  }

  @Test
  void onceManyFellOutside_itLearnsAnewAndPinsOnWhatCameThen() {
    PinnedHistogram histogram = pinnedOn(new Random(2)::nextGaussian);
    double[] moved = new Random(3).doubles(1_000, 1e6, 2e6).toArray();
    PinnedSnapshot outside = interval(histogram, moved);
    assertThat(outside.isPinned()).isTrue();
    assertThat(outside.high()).isEqualTo(1_000);
    assertThat(outside.histogram().isEmpty()).isTrue();
    PinnedSnapshot learning = interval(histogram, moved);
    assertThat(learning.isPinned()).isFalse();
    assertThat(learning.histogram().count()).isEqualTo(1_000);
    PinnedSnapshot again = interval(histogram, moved);
    assertThat(again.isPinned()).isTrue();
    assertThat(again.high()).isZero();
    assertThat(again.lowBound()).isBetween(0.5e6, 1e6);
    assertThat(again.highBound()).isBetween(2e6, 4e6);
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 11})
  void onePercentOutside_isTheMostThatIsBorne(int outside) {
    PinnedHistogram histogram = pinnedOn(constant(5));
    double[] values = constant(5);
    Arrays.fill(values, 0, outside, 1e9);
    assertThat(interval(histogram, values).high()).isEqualTo(outside);
    assertThat(interval(histogram, 5).isPinned()).isEqualTo(outside == 10);
  }

  @Test
  void fewValues_doNotUnpin_butAddUpOverIntervals() {
    PinnedHistogram histogram = pinnedOn(constant(5));
    for (int i = 0; i < 10; i++) {
      double[] values = new double[100];
      Arrays.fill(values, 1e9);
      assertThat(interval(histogram, values).isPinned()).isTrue();
    }
    assertThat(interval(histogram, 1e9).isPinned()).isFalse();
  }

  @Test
  void everyValue_isCountedOnce() {
    PinnedHistogram histogram = pinnedOn(new Random(4)::nextGaussian);
    PinnedSnapshot snapshot =
        interval(
            histogram,
            1,
            -1,
            0.0,
            -0.0,
            1e-300,
            -Double.MIN_VALUE,
            1e30,
            -1e30,
            Double.NaN,
            Double.POSITIVE_INFINITY,
            Double.NEGATIVE_INFINITY);
    assertThat(snapshot.missing()).isEqualTo(1);
    assertThat(snapshot.low()).isEqualTo(2);
    assertThat(snapshot.high()).isEqualTo(2);
    assertThat(snapshot.histogram().count()).isEqualTo(6);
    assertThat(snapshot.histogram().zeroCount()).isEqualTo(4);
    assertThat(snapshot.histogram().sum()).isCloseTo(0, within(1e-200));
    assertThat(snapshot.count()).isEqualTo(10);
    assertThat(histogram.snapshotAndReset().count()).isZero();
  }

  @Test
  void infinities_areOutsideWhileLearningToo() {
    PinnedSnapshot snapshot =
        interval(
            new PinnedHistogram(),
            Double.NEGATIVE_INFINITY,
            Double.POSITIVE_INFINITY,
            Double.POSITIVE_INFINITY,
            Double.NaN,
            -Double.MAX_VALUE);
    assertThat(snapshot.low()).isEqualTo(1);
    assertThat(snapshot.high()).isEqualTo(2);
    assertThat(snapshot.missing()).isEqualTo(1);
    assertThat(snapshot.lowBound()).isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(snapshot.highBound()).isEqualTo(Double.MAX_VALUE);
  }

  @Test
  void extremes_stayInTheProcess() {
    PinnedHistogram histogram = new PinnedHistogram();
    assertThat(interval(histogram, constant(3)).histogram().max()).isNaN();
    assertThat(interval(histogram, 3).histogram().min()).isNaN();
  }

  @ParameterizedTest
  @ValueSource(doubles = {42, -42, 1, 1e-300, -1e300})
  void constantColumn_gets80BucketsOfTheFinestScaleToEitherSide(double value) {
    PinnedHistogram histogram = pinnedOn(constant(value));
    double bucket = Math.pow(2, 1.0 / 1024);
    PinnedSnapshot snapshot =
        interval(
            histogram,
            value,
            value * Math.pow(bucket, 79),
            value * Math.pow(bucket, -78),
            value * Math.pow(bucket, 81.5),
            value * Math.pow(bucket, -81.5));
    assertThat(snapshot.histogram().scale()).isEqualTo(10);
    assertThat(snapshot.histogram().count()).isEqualTo(3);
    assertThat(snapshot.low()).isEqualTo(1);
    assertThat(snapshot.high()).isEqualTo(1);
  }

  @Test
  void constantZero_holdsZeroAlone() {
    PinnedHistogram histogram = pinnedOn(constant(0));
    PinnedSnapshot snapshot = interval(histogram, 0, -0.0, 1e-9, -2, Double.MIN_VALUE);
    assertThat(snapshot.histogram().zeroCount()).isEqualTo(2);
    assertThat(snapshot.low()).isEqualTo(1);
    assertThat(snapshot.high()).isEqualTo(2);
    assertThat(snapshot.countAtOrBelow(0)).hasToString("3");
  }

  @Test
  void zeroBucket_reachesTo2ToMinus12OfTheTop() {
    Random random = new Random(5);
    PinnedHistogram histogram = pinnedOn(() -> random.nextInt(4) == 0 ? 0 : random.nextInt(100));
    PinnedSnapshot snapshot = interval(histogram, 0, 99, 0.01, 0.03, -0.01, -3);
    assertThat(snapshot.histogram().zeroThreshold()).isBetween(99 / 4096.0, 1.1 * 99 / 4096);
    assertThat(snapshot.histogram().zeroCount()).isEqualTo(3);
    assertThat(snapshot.histogram().positive().total()).isEqualTo(2);
    assertThat(snapshot.low()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, -1})
  void valuesOnTheOtherSideOfZero_areOutsideAOneSidedWindow(int sign) {
    Random random = new Random(6);
    PinnedHistogram histogram = pinnedOn(() -> sign * (100 + 15 * random.nextGaussian()));
    PinnedSnapshot snapshot =
        interval(histogram, sign * 100, 0, sign * -0.001, sign * -1e9, sign * 1e-9);
    assertThat(snapshot.histogram().count()).isEqualTo(1);
    assertThat(sign > 0 ? snapshot.low() : snapshot.high()).isEqualTo(4);
    assertThat(sign > 0 ? snapshot.high() : snapshot.low()).isZero();
  }

  /** The bounds part what is inside from what is outside, to the last bit. */
  @ParameterizedTest
  @EnumSource(Stream.class)
  void bounds_partInsideFromOutside(Stream stream) {
    PinnedHistogram histogram = pinnedOn(stream.values(new Random(7)));
    PinnedSnapshot bounds = histogram.snapshotAndReset();
    PinnedSnapshot snapshot =
        interval(
            histogram,
            bounds.lowBound(),
            Math.nextUp(bounds.lowBound()),
            bounds.highBound(),
            Math.nextUp(bounds.highBound()));
    assertThat(snapshot.low()).isEqualTo(1);
    assertThat(snapshot.high()).isEqualTo(1);
    assertThat(snapshot.histogram().count()).isEqualTo(2);
    assertThat(snapshot.countAtOrBelow(bounds.lowBound())).hasToString("1");
    assertThat(snapshot.countAtOrBelow(bounds.highBound())).hasToString("3");
    assertThat(snapshot.countAtOrBelow(Math.nextDown(bounds.lowBound())).upper()).isEqualTo(1);
    assertThat(snapshot.countAtOrBelow(Double.MAX_VALUE).upper()).isEqualTo(4);
  }

  /** Shapes whose drift has to stay visible; {@code drift} in standard deviations. */
  enum Stream {
    NORMAL,
    LOGNORMAL,
    OFFSET_100_15,
    OFFSET_20_HALF,
    NEGATIVE,
    UNIFORM,
    ZERO_INFLATED,
    CONSTANT_AND_NOISE;

    DoubleSupplier values(Random random) {
      return values(random, 0);
    }

    DoubleSupplier values(Random random, double drift) {
      switch (this) {
        case NORMAL:
          return () -> random.nextGaussian() + drift;
        case LOGNORMAL:
          return () -> Math.exp(random.nextGaussian() + drift);
        case OFFSET_100_15:
          return () -> 100 + 15 * (random.nextGaussian() + drift);
        case OFFSET_20_HALF:
          return () -> 20 + 0.5 * (random.nextGaussian() + drift);
        case NEGATIVE:
          return () -> -100 + 15 * (random.nextGaussian() + drift);
        case UNIFORM:
          return () -> random.nextDouble() + 0.29 * drift;
        case ZERO_INFLATED:
          return () -> random.nextInt(3) == 0 ? 0 : Math.exp(random.nextGaussian() + drift);
        default:
          return () -> 50 + 0.1 * (random.nextGaussian() + drift);
      }
    }
  }

  /**
   * Reference and canary each pin themselves, on streams with one 1e30 in 2,000 rows; the distance
   * is read where both counts are exact.
   */
  @ParameterizedTest
  @EnumSource(Stream.class)
  void pinnedWindows_keepNineTenthsOfTheKolmogorovSmirnovDistance(Stream stream) {
    for (int seed = 0; seed < 20; seed++) {
      double[] reference = withOutliers(stream.values(new Random(100 + seed)), seed);
      double[] current = withOutliers(stream.values(new Random(200 + seed), 0.3), 7 * seed);
      assertThat(binned(reference, current))
          .isBetween(0.9 * raw(reference, current), raw(reference, current));
    }
  }

  @ParameterizedTest
  @EnumSource(Stream.class)
  void severalOutliersAmongTheFirst1000_doNotBlurTheRest(Stream stream) {
    for (int seed = 0; seed < 20; seed++) {
      double[] reference = withOutliers(stream.values(new Random(100 + seed)), seed);
      double[] current = withOutliers(stream.values(new Random(200 + seed), 0.3), 7 * seed);
      Arrays.fill(reference, 10, 14, 1e30);
      Arrays.fill(current, 20, 24, -1e30);
      Arrays.fill(current, 30, 34, 1e-30);
      assertThat(binned(reference, current))
          .isBetween(0.9 * raw(reference, current), raw(reference, current));
    }
  }

  private static double[] withOutliers(DoubleSupplier values, int phase) {
    double[] rows = DoubleStream.generate(values).limit(10_000).toArray();
    for (int row = 97 * phase % 2_000; row < rows.length; row += 2_000) {
      rows[row] = 1e30;
    }
    return rows;
  }

  private static double binned(double[] reference, double[] current) {
    PinnedSnapshot a = interval(pinnedOn(Arrays.copyOf(reference, 1_000)), reference);
    PinnedSnapshot b = interval(pinnedOn(Arrays.copyOf(current, 1_000)), current);
    int scale = Math.min(a.histogram().scale(), b.histogram().scale());
    BucketIndex buckets = BucketIndex.ofScale(scale);
    double distance =
        Math.max(at(a, b, 0), Math.max(at(a, b, a.lowBound()), at(a, b, b.highBound())));
    for (int index = -30 << scale; index < 30 << scale; index++) {
      double bound = buckets.upperBound(index);
      distance = Math.max(distance, at(a, b, bound));
      distance = Math.max(distance, at(a, b, -Math.nextUp(bound)));
    }
    return distance;
  }

  private static double at(PinnedSnapshot a, PinnedSnapshot b, double edge) {
    CountRange ofA = a.countAtOrBelow(edge);
    CountRange ofB = b.countAtOrBelow(edge);
    if (!ofA.isExact() || !ofB.isExact()) {
      return 0;
    }
    return Math.abs((double) ofA.lower() / a.count() - (double) ofB.lower() / b.count());
  }

  private static double raw(double[] reference, double[] current) {
    double[] a = reference.clone();
    double[] b = current.clone();
    Arrays.sort(a);
    Arrays.sort(b);
    double distance = 0;
    int i = 0;
    int j = 0;
    while (i < a.length && j < b.length) {
      double value = Math.min(a[i], b[j]);
      while (i < a.length && a[i] <= value) {
        i++;
      }
      while (j < b.length && b[j] <= value) {
        j++;
      }
      distance = Math.max(distance, Math.abs((double) i / a.length - (double) j / b.length));
    }
    return distance;
  }

  @Test
  void sameStream_hasTheSameDistanceOnBothSides() {
    double[] rows = withOutliers(Stream.NORMAL.values(new Random(8)), 3);
    assertThat(binned(rows, rows)).isZero();
  }
}
