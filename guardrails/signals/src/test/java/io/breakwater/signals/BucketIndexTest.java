package io.breakwater.signals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BucketIndexTest {
  /**
   * Whether {@code value > 2^(index/2^scale)}, by whole powers: no rounding anywhere. For negative
   * scales the exponent is whole already.
   */
  private static boolean isAbove(double value, int index, int scale) {
    BigDecimal left = new BigDecimal(value);
    int exponent = index;
    if (scale >= 0) {
      left = left.pow(1 << scale);
    } else {
      exponent = Math.multiplyExact(index, 1 << -scale);
    }
    BigDecimal two = new BigDecimal(BigInteger.ONE.shiftLeft(Math.abs(exponent)));
    return exponent >= 0
        ? left.compareTo(two) > 0
        : left.multiply(two).compareTo(BigDecimal.ONE) > 0;
  }

  private static void assertIndexIsExact(BucketIndex buckets, double value) {
    int index = buckets.indexOf(value);
    assertThat(isAbove(value, index, buckets.scale()))
        .as("%s is above the lower bound of bucket %s", value, index)
        .isTrue();
    assertThat(isAbove(value, index + 1, buckets.scale()))
        .as("%s is above the upper bound of bucket %s", value, index)
        .isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {-10, -3, -1, 0, 1, 2, 3, 4, 5})
  void index_agreesWithExactPowers_onEveryKindOfDouble(int scale) {
    BucketIndex buckets = BucketIndex.ofScale(scale);
    SplittableRandom random = new SplittableRandom(20261121 + scale);
    for (int i = 0; i < 400; i++) {
      double around1 = 0.5 + 1.5 * random.nextDouble();
      assertIndexIsExact(buckets, around1);
      assertIndexIsExact(buckets, Math.scalb(around1, random.nextInt(-200, 200)));
    }
    for (double extreme :
        new double[] {
          Double.MIN_VALUE,
          2 * Double.MIN_VALUE,
          3 * Double.MIN_VALUE,
          1234567 * Double.MIN_VALUE,
          Math.nextDown(Double.MIN_NORMAL),
          Double.MIN_NORMAL,
          Math.nextUp(Double.MIN_NORMAL),
          Double.MAX_VALUE,
          1e30
        }) {
      assertIndexIsExact(buckets, extreme);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6})
  void index_agreesWithExactPowers_within2UlpOfEveryBoundOfAnOctave(int scale) {
    BucketIndex buckets = BucketIndex.ofScale(scale);
    for (int bound = 0; bound <= 1 << scale; bound++) {
      double value = StrictMath.pow(2, Math.scalb(bound, -scale));
      assertIndexIsExact(buckets, Math.nextDown(Math.nextDown(value)));
      assertIndexIsExact(buckets, Math.nextDown(value));
      assertIndexIsExact(buckets, value);
      assertIndexIsExact(buckets, Math.nextUp(value));
      assertIndexIsExact(buckets, Math.nextUp(Math.nextUp(value)));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {7, 8, 9, 10})
  void index_agreesWithExactPowers_aroundSomeBoundsOfFineScales(int scale) {
    BucketIndex buckets = BucketIndex.ofScale(scale);
    for (int bound : new int[] {1, 2, 3, (1 << scale) / 3, (1 << scale) - 1}) {
      double value = StrictMath.pow(2, Math.scalb(bound, -scale));
      assertIndexIsExact(buckets, Math.nextDown(value));
      assertIndexIsExact(buckets, value);
      assertIndexIsExact(buckets, Math.nextUp(value));
    }
  }

  /** Independent of the table: bounds by 60-digit square roots, bucket by bucket. */
  @Test
  void bounds_ofTheFinestScale_areTheGreatestDoublesBelowTheTrueBounds() {
    java.math.MathContext digits = new java.math.MathContext(60);
    BigDecimal step = BigDecimal.valueOf(2);
    for (int i = 0; i < BucketIndex.MAX_SCALE; i++) {
      step = step.sqrt(digits);
    }
    BucketIndex buckets = BucketIndex.ofScale(BucketIndex.MAX_SCALE);
    BigDecimal bound = BigDecimal.ONE;
    for (int index = 0; index < 1 << BucketIndex.MAX_SCALE; index++) {
      double floor = buckets.lowerBound(index);
      assertThat(new BigDecimal(floor)).isLessThanOrEqualTo(bound);
      assertThat(new BigDecimal(Math.nextUp(floor))).isGreaterThan(bound);
      bound = bound.multiply(step, digits);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {-10, -7, -1, 0, 1, 3, 5, 8, 10})
  void powerOfTwo_liesInTheBucketBelow(int scale) {
    BucketIndex buckets = BucketIndex.ofScale(scale);
    for (int exponent = -1074; exponent <= 1023; exponent++) {
      double power = Math.scalb(1.0, exponent);
      int below = scale >= 0 ? (exponent << scale) - 1 : Math.floorDiv(exponent - 1, 1 << -scale);
      assertThat(buckets.indexOf(power)).as("2^%s", exponent).isEqualTo(below);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {-10, -2, 0, 1, 4, 7, 10})
  void upperBound_isTheGreatestDoubleOfTheBucket(int scale) {
    BucketIndex buckets = BucketIndex.ofScale(scale);
    SplittableRandom random = new SplittableRandom(scale);
    for (int i = 0; i < 20_000; i++) {
      double value = Double.longBitsToDouble(random.nextLong(1, 0x7FEFFFFFFFFFFFFFL));
      int index = buckets.indexOf(value);
      assertThat(value)
          .isLessThanOrEqualTo(buckets.upperBound(index))
          .isGreaterThan(buckets.lowerBound(index));
      assertThat(buckets.indexOf(buckets.upperBound(index))).isEqualTo(index);
      if (buckets.upperBound(index) < Double.MAX_VALUE) {
        assertThat(buckets.indexOf(Math.nextUp(buckets.upperBound(index)))).isGreaterThan(index);
      }
    }
  }

  @Test
  void index_ofACoarserScale_isTheFinerShifted() {
    SplittableRandom random = new SplittableRandom(7);
    BucketIndex finest = BucketIndex.ofScale(BucketIndex.MAX_SCALE);
    for (int i = 0; i < 20_000; i++) {
      double value = Double.longBitsToDouble(random.nextLong(1, 0x7FEFFFFFFFFFFFFFL));
      for (int scale = BucketIndex.MIN_SCALE; scale <= BucketIndex.MAX_SCALE; scale++) {
        assertThat(BucketIndex.ofScale(scale).indexOf(value))
            .isEqualTo(finest.indexOf(value) >> (BucketIndex.MAX_SCALE - scale));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"3, 2147483647", "10, 1048576", "-10, 1", "0, 1023"})
  void upperBound_beyondTheDoubles_isTheGreatest(int scale, int index) {
    assertThat(BucketIndex.ofScale(scale).upperBound(index)).isEqualTo(Double.MAX_VALUE);
  }

  @ParameterizedTest
  @CsvSource({"3, -2147483647", "10, -2000000", "-10, -3", "0, -1076"})
  void upperBound_belowTheDoubles_isZero(int scale, int index) {
    assertThat(BucketIndex.ofScale(scale).upperBound(index)).isZero();
  }

  @Test
  void ofScale_givesOneInstancePerScale() {
    assertThat(BucketIndex.ofScale(5)).isSameAs(BucketIndex.ofScale(5));
  }

  @ParameterizedTest
  @ValueSource(ints = {-11, 11})
  void ofScale_outsideTheRange_isRefused(int scale) {
    assertThatThrownBy(() -> BucketIndex.ofScale(scale))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("scale: " + scale + " (expected: -10 to 10)");
  }
}
