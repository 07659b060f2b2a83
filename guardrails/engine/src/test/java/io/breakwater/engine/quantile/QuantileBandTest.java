package io.breakwater.engine.quantile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.breakwater.signals.ExponentialHistogram;
import io.breakwater.signals.HistogramSnapshot;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class QuantileBandTest {
  private static final double[] QUANTILES = {0.5, 0.9, 0.99};
  private static final double[] NORMAL_QUANTILES = {0, 1.2815515655446004, 2.3263478740408408};

  @Test
  void halfWidths_agreeWithTheReference() throws IOException {
    List<String> rows = rows();
    assertThat(rows).hasSize(40);
    for (String row : rows) {
      String[] cells = row.split(",", -1);
      double p = Double.parseDouble(cells[0]);
      double f = Double.parseDouble(cells[2]);
      assertThat(QuantileBand.halfWidth(p, Long.parseLong(cells[1])))
          .as(row)
          .isCloseTo(f, within(1e-9 * Math.max(1, f)));
      assertThat(QuantileBand.needed(p)).as(row).isEqualTo(Long.parseLong(cells[3]));
    }
  }

  private static List<String> rows() throws IOException {
    try (InputStream in = QuantileBandTest.class.getResourceAsStream("bands.csv")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }

  @Test
  void bandOfFewValues_isNotGiven() {
    long needed = QuantileBand.needed(0.99);
    assertThat(QuantileBand.of(HistogramSnapshot.empty(5), 0.5)).isNull();
    assertThat(QuantileBand.of(ofOnes(needed - 1), 0.99)).isNull();
    assertThat(QuantileBand.of(ofOnes(needed), 0.99)).isNotNull();
    assertThat(QuantileBand.of(ofOnes(needed), 0.999)).isNull();
  }

  @Test
  void equalValues_haveTheirBucketAsBand() {
    QuantileBand band = QuantileBand.of(ofOnes(1_000_000_000), 0.99);
    assertThat(band.value()).isEqualTo(1);
    assertThat(band.low()).isLessThan(1).isGreaterThan(0.97);
    assertThat(band.high()).isEqualTo(1);
    assertThat(band.n()).isEqualTo(1_000_000_000);
  }

  @Test
  void zeros_areAtTheLowerEnd() {
    ExponentialHistogram histogram = ExponentialHistogram.ofScale(5);
    histogram.record(0, 10_000);
    assertThat(QuantileBand.of(histogram.snapshot(), 0.5))
        .isEqualTo(new QuantileBand(0.5, 0, 0, 0, 10_000));
  }

  @Test
  void quantileOutsideZeroAndOne_isRefused() {
    assertThatThrownBy(() -> QuantileBand.needed(1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("p: 1.0 (expected: above 0 and below 1)");
    assertThatThrownBy(() -> QuantileBand.of(HistogramSnapshot.empty(5), Double.NaN))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** Log-normal durations, looked at after every 50 calls until there are 10,000. */
  @Test
  void bands_holdAllTheTime() {
    int runs = 200;
    int[] violated = new int[QUANTILES.length];
    SplittableRandom random = new SplittableRandom(20261121);
    for (int run = 0; run < runs; run++) {
      boolean[] outside = watch(random);
      for (int i = 0; i < outside.length; i++) {
        violated[i] += outside[i] ? 1 : 0;
      }
    }
    for (int count : violated) {
      assertThat(count).isLessThanOrEqualTo((int) (QuantileBand.ALPHA * runs));
    }
  }

  private static boolean[] watch(SplittableRandom random) {
    ExponentialHistogram histogram =
        ExponentialHistogram.ofScale(ExponentialHistogram.DURATION_SCALE);
    boolean[] outside = new boolean[QUANTILES.length];
    for (int n = 1; n <= 10_000; n++) {
      histogram.record(0.02 * Math.exp(0.5 * random.nextGaussian()));
      if (n % 50 == 0) {
        HistogramSnapshot seen = histogram.snapshot();
        for (int i = 0; i < QUANTILES.length; i++) {
          QuantileBand band = QuantileBand.of(seen, QUANTILES[i]);
          double truth = 0.02 * Math.exp(0.5 * NORMAL_QUANTILES[i]);
          outside[i] |= band != null && (truth < band.low() || truth > band.high());
        }
      }
    }
    return outside;
  }

  private static HistogramSnapshot ofOnes(long count) {
    ExponentialHistogram histogram = ExponentialHistogram.ofScale(5);
    histogram.record(1, count);
    return histogram.snapshot();
  }
}
