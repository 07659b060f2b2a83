package io.breakwater.examples.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SplitTest {
  private static final List<String> VERSIONS = List.of("1", "2");

  @Test
  void unnamedVersion_getsNothing() {
    assertThat(Split.of(Map.of("1", 1.0), VERSIONS).weights())
        .containsExactly(Map.entry("1", 1.0), Map.entry("2", 0.0));
  }

  static Stream<Arguments> refused() {
    return Stream.of(
        Arguments.of(Map.of("1", 1.0, "9", 0.0), "weights.9: no such version"),
        Arguments.of(Map.of("1", 1.5, "2", -0.5), "(expected: 0 to 1)"),
        Arguments.of(Map.of("1", Double.NaN, "2", 1.0), "weights.1: NaN (expected: 0 to 1)"),
        Arguments.of(Map.of("1", 0.5, "2", 0.4), "weights: add up to 0.9 (expected: 1)"),
        Arguments.of(Map.of("1", 0.0, "2", 0.0), "weights: add up to 0.0 (expected: 1)"));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void impossibleWeights_areRefusedWithTheReason(Map<String, Double> weights, String reason) {
    assertThatThrownBy(() -> Split.of(weights, VERSIONS))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(reason);
  }
}
