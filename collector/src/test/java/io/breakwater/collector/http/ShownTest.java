package io.breakwater.collector.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.breakwater.engine.Distribution.Numbers;
import io.breakwater.engine.Distribution.Sketch;
import io.breakwater.signals.ExponentialHistogram;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShownTest {
  @Test
  void quantileOfScoresNearOne_isThatOfTheComplement() {
    ExponentialHistogram values = ExponentialHistogram.ofScale(2);
    ExponentialHistogram complement = ExponentialHistogram.ofScale(2);
    for (int i = 0; i < 1_000; i++) {
      double less = 0.001 * (i + 1); // 0.001 to 1
      values.record(1 - less);
      complement.record(less);
    }
    Sketch all = new Sketch(List.of(values.snapshot()), List.of());
    Sketch less = new Sketch(List.of(complement.snapshot()), List.of());

    assertThat(Shown.quantile(new Numbers(all, less, 0), 0.99)).isCloseTo(0.99, within(0.002));
    assertThat(Shown.quantile(new Numbers(all, null, 0), 0.99)).isBetween(0.84, 1.0);
    assertThat(Shown.quantile(new Numbers(all, less, 0), 0.1)).isCloseTo(0.1, within(0.01));
  }
}
