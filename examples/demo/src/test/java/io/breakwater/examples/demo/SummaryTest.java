package io.breakwater.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SummaryTest {
  @Test
  void median_ofOddAndEvenNumbers() {
    assertThat(Summary.median(new double[] {3})).isEqualTo(3);
    assertThat(Summary.median(new double[] {1, 2, 9})).isEqualTo(2);
    assertThat(Summary.median(new double[] {1, 2, 4, 9})).isEqualTo(3);
  }
}
