package io.breakwater.engine.distance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.breakwater.engine.Distribution;
import io.breakwater.engine.Distribution.Names;
import io.breakwater.engine.Distribution.Numbers;
import io.breakwater.engine.Distribution.Outside;
import io.breakwater.engine.Distribution.Sketch;
import io.breakwater.engine.reference.Reference;
import io.breakwater.signals.BucketCounts;
import io.breakwater.signals.BucketIndex;
import io.breakwater.signals.HistogramSnapshot;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The distances against numpy and scipy on the raw values; see {@code distances.py}. */
class DistancesTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "normal",
        "same",
        "lognormal",
        "integers",
        "zeros",
        "heavy",
        "constant",
        "missing"
      })
  void distances_agreeWithTheTable(String name) throws IOException {
    String[] row =
        lines("distances.csv").stream()
            .map(line -> line.split(",", -1))
            .filter(cells -> cells[0].equals(name))
            .findFirst()
            .orElseThrow();
    int scale = Integer.parseInt(row[1]);

    Distances found =
        Distances.between(reference(numbers(name, "r", scale)), numbers(name, "c", scale));

    assertThat(found.bins()).isEqualTo((int) Double.parseDouble(row[2]));
    assertClose(found.psi(), row[3], "psi");
    assertClose(found.jensenShannon(), row[4], "js");
    assertClose(found.hellinger(), row[5], "hellinger");
    assertClose(found.largestShare(), row[6], "linf");
    assertClose(found.kolmogorovSmirnov(), row[7], "ks");
    assertThat(found.kolmogorovSmirnov().value())
        .isLessThanOrEqualTo(Double.parseDouble(row[9]) + 1e-12);
    if (row[8].equals("inf")) {
      assertThat(found.wasserstein().value()).isGreaterThan(100);
      return;
    }
    assertClose(found.wasserstein(), row[8], "w1");
    assertThat(found.wasserstein().value())
        .as("w1 of the raw values")
        .isCloseTo(Double.parseDouble(row[10]), within(0.03 + 0.05 * found.wasserstein().value()));
  }

  private static void assertClose(Distances.Distance found, String expected, String what) {
    assertThat(found.value()).as(what).isCloseTo(Double.parseDouble(expected), within(1e-9));
  }

  @Test
  void names_compareNeverSeenOnesAndTheMissing() {
    Names before = new Names(Map.of("a", 60L, "b", 40L), 0);
    Names now = new Names(Map.of("a", 30L, "c", 10L), 10);

    Distances found = Distances.between(reference(before), now);

    assertThat(found.bins()).isEqualTo(4);
    assertThat(found.largestShare().value()).isCloseTo(0.4, within(1e-12));
    // p = .6 .4 0 0, q = .6 0 .2 .2
    assertThat(found.hellinger().value()).isCloseTo(Math.sqrt(0.4), within(1e-12));
    assertThat(found.jensenShannon().value()).isCloseTo(Math.sqrt(0.4), within(1e-12));
    assertThat(found.psi().value()).isCloseTo(2.90679053385061, within(1e-12));
    assertThat(found.kolmogorovSmirnov().value()).isNaN();
    assertThat(found.wasserstein().enough(1)).isFalse();
  }

  @Test
  void floors_areThoseOfTheRowsOverTheDispersion() {
    Numbers before = numbers(deciles(), 100_000);
    Numbers now = numbers(deciles(), 140);

    Distances alone = Distances.between(new Reference(before, 1_000, 1), now);
    Distances bursts = Distances.between(new Reference(before, 1_000, 4), now);

    assertThat(alone.bins()).isEqualTo(10);
    assertThat(alone.psiExpected()).isCloseTo(9 * (1 / 140.0 + 1e-5), within(1e-9));
    assertThat(alone.psi().floor()).isCloseTo(0.2, within(0.005));
    assertThat(alone.psi().enough(0.25)).isTrue();
    assertThat(bursts.psi().floor()).isCloseTo(4 * alone.psi().floor(), within(1e-9));
    assertThat(bursts.psi().enough(0.25)).isFalse();
    assertThat(bursts.kolmogorovSmirnov().floor())
        .isCloseTo(2 * alone.kolmogorovSmirnov().floor(), within(1e-9));
  }

  /** Without drift, few values are above their floors. */
  @Test
  void floors_areSeldomExceededWithoutDrift() {
    SplittableRandom random = new SplittableRandom(7);
    Reference reference = reference(numbers(random::nextGaussian, 10_000));
    int psi = 0;
    int others = 0;
    for (int look = 0; look < 300; look++) {
      Distances found = Distances.between(reference, numbers(random::nextGaussian, 300));
      psi += found.psi().value() > found.psi().floor() ? 1 : 0;
      others +=
          found.jensenShannon().value() > found.jensenShannon().floor()
                  || found.largestShare().value() > found.largestShare().floor()
                  || found.kolmogorovSmirnov().value() > found.kolmogorovSmirnov().floor()
                  || found.wasserstein().value() > found.wasserstein().floor()
              ? 1
              : 0;
    }
    assertThat(psi).isLessThanOrEqualTo(4);
    assertThat(others).isLessThanOrEqualTo(6);
  }

  @Test
  void complement_resolvesScoresNearOne() {
    DoubleUnaryOperator before = u -> 1 - 0.001 * u;
    DoubleUnaryOperator now = u -> 1 - 0.002 * u;

    double with = shiftNearOne(before, now, true);
    double without = shiftNearOne(before, now, false);

    assertThat(with).isCloseTo(0.5, within(0.02));
    assertThat(without).isLessThan(0.1);
  }

  private static double shiftNearOne(DoubleUnaryOperator a, DoubleUnaryOperator b, boolean both) {
    return Distances.between(reference(scores(a, both)), scores(b, both))
        .kolmogorovSmirnov()
        .value();
  }

  private static Numbers scores(DoubleUnaryOperator quantile, boolean both) {
    List<Double> values = new ArrayList<>(List.of(0.5, 0.5, 0.25));
    List<Double> complements = new ArrayList<>(List.of(0.5, 0.5, 0.75));
    for (int i = 0; i < 1_000; i++) {
      double score = quantile.applyAsDouble((i + 0.5) / 1_000);
      values.add(score);
      complements.add(1 - score);
    }
    Sketch complement = both ? new Sketch(List.of(histogram(complements, 5)), List.of()) : null;
    return new Numbers(new Sketch(List.of(histogram(values, 5)), List.of()), complement, 0);
  }

  @Test
  void coarsePartsAndValuesOutside_neverRaiseKolmogorovSmirnov() {
    List<Double> values = new ArrayList<>();
    for (int i = 1; i <= 900; i++) {
      values.add(1 + i / 900.0);
    }
    Sketch fine = new Sketch(List.of(histogram(values, 6)), List.of());
    Sketch mixed =
        new Sketch(
            List.of(histogram(values.subList(100, 850), 6), histogram(values.subList(0, 100), 1)),
            List.of(new Outside(false, 1.9, 50)));

    Distances found =
        Distances.between(reference(new Numbers(fine, null, 0)), new Numbers(mixed, null, 0));

    assertThat(found.kolmogorovSmirnov().value()).isLessThan(0.01);
    assertThat(found.psi().value()).isLessThan(0.3);
  }

  /** A histogram that has to hold wider ranges is coarser than the reference. */
  @Test
  void otherScales_areNoDrift() {
    SplittableRandom random = new SplittableRandom(11);
    DoubleSupplier score = () -> 1 / (1 + Math.exp(-1 - 2 * random.nextGaussian()));
    DoubleSupplier higher = () -> 1 / (1 + Math.exp(-2 - 2 * random.nextGaussian()));
    for (int coarse = 0; coarse <= 3; coarse++) {
      Reference reference = reference(numbers(score, 10_000, 3));

      Distances same = Distances.between(reference, numbers(score, 5_000, coarse));
      Distances moved = Distances.between(reference, numbers(higher, 5_000, coarse));

      for (Distances.Distance one :
          List.of(same.psi(), same.jensenShannon(), same.largestShare(), same.wasserstein())) {
        assertThat(one.value()).isLessThan(one.floor());
      }
      for (Distances.Distance one :
          List.of(moved.psi(), moved.jensenShannon(), moved.largestShare(), moved.wasserstein())) {
        assertThat(one.value()).isGreaterThan(one.floor());
      }
    }
  }

  @Test
  void noRowsAndOtherKinds_areTold() {
    Reference reference = reference(numbers(deciles(), 100));
    Distances nothing = Distances.between(reference, new Numbers(Sketch.EMPTY, null, 0));
    Distances allMissing = Distances.between(reference, new Numbers(Sketch.EMPTY, null, 100));

    assertThat(nothing.psi().value()).isNaN();
    assertThat(nothing.psi().enough(10)).isFalse();
    assertThat(allMissing.jensenShannon().value()).isEqualTo(1);
    assertThat(allMissing.kolmogorovSmirnov().value()).isNaN();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Distances.between(reference, new Names(Map.of(), 1)))
        .withMessage("current: Names (expected: Numbers, as in the reference)");
  }

  private static Reference reference(Distribution values) {
    return new Reference(values, 100, 1);
  }

  private static DoubleSupplier deciles() {
    int[] next = new int[1];
    return () -> 1 + next[0]++ % 10;
  }

  private static Numbers numbers(DoubleSupplier source, int rows) {
    return numbers(source, rows, 5);
  }

  private static Numbers numbers(DoubleSupplier source, int rows, int scale) {
    List<Double> values = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      values.add(source.getAsDouble());
    }
    return new Numbers(new Sketch(List.of(histogram(values, scale)), List.of()), null, 0);
  }

  private static Numbers numbers(String name, String side, int scale) throws IOException {
    List<Double> values = new ArrayList<>();
    long missing = 0;
    for (String line : lines("values.csv")) {
      String[] cells = line.split(",", -1);
      if (cells[0].equals(name) && cells[1].equals(side)) {
        if (cells[2].isEmpty()) {
          missing++;
        } else {
          values.add(Double.valueOf(cells[2]));
        }
      }
    }
    return new Numbers(new Sketch(List.of(histogram(values, scale)), List.of()), null, missing);
  }

  private static HistogramSnapshot histogram(List<Double> values, int scale) {
    BucketIndex index = BucketIndex.ofScale(scale);
    long zero = values.stream().filter(value -> value == 0).count();
    List<Integer> positive =
        values.stream().filter(value -> value > 0).map(index::indexOf).sorted().toList();
    List<Integer> negative =
        values.stream()
            .filter(value -> value < 0)
            .map(value -> index.indexOf(-value))
            .sorted()
            .toList();
    return HistogramSnapshot.of(
        scale, 0, zero, Double.NaN, Double.NaN, Double.NaN, side(positive), side(negative));
  }

  private static BucketCounts side(List<Integer> sorted) {
    if (sorted.isEmpty()) {
      return BucketCounts.EMPTY;
    }
    int first = sorted.get(0);
    long[] counts = new long[sorted.get(sorted.size() - 1) - first + 1];
    sorted.forEach(bucket -> counts[bucket - first]++);
    return BucketCounts.of(first, counts);
  }

  private static List<String> lines(String resource) throws IOException {
    try (InputStream in = DistancesTest.class.getResourceAsStream(resource)) {
      assertThat(in).isNotNull();
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }
}
