package io.breakwater.backend.haproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class WeightsTest {
  static Stream<Arguments> table() {
    return Stream.of(
        // wanted shares, weights now, weights then
        Arguments.of(Map.of("a", 1.0, "b", 0.0), Map.of("a", 80, "b", 20), Map.of("a", 80, "b", 0)),
        Arguments.of(Map.of("a", 1.0, "b", 0.0), Map.of("a", 0, "b", 20), Map.of("a", 1, "b", 0)),
        Arguments.of(Map.of("a", 0.8, "b", 0.2), Map.of("a", 80, "b", 0), Map.of("a", 80, "b", 20)),
        Arguments.of(
            Map.of("a", 0.99, "b", 0.01), Map.of("a", 80, "b", 0), Map.of("a", 99, "b", 1)),
        Arguments.of(
            Map.of("a", 0.995, "b", 0.005), Map.of("a", 80, "b", 0), Map.of("a", 199, "b", 1)),
        Arguments.of(
            Map.of("a", 0.9, "b", 0.0, "c", 0.1),
            Map.of("a", 70, "b", 20, "c", 10),
            Map.of("a", 72, "b", 0, "c", 8)),
        // thinner than weights can be: as thin as they can be
        Arguments.of(
            Map.of("a", 0.999, "b", 0.001), Map.of("a", 80, "b", 0), Map.of("a", 256, "b", 1)));
  }

  @ParameterizedTest
  @MethodSource("table")
  void nearest_isExactWhereItCanBe_andThenChangesLeast(
      Map<String, Double> shares, Map<String, Integer> now, Map<String, Integer> then) {
    assertThat(Weights.nearest(shares, now)).isEqualTo(then);
  }

  @Test
  void anyShares_comeWithinOneStepOfTheFinestWeights() {
    Random random = new Random(20261121);
    for (int i = 0; i < 1_000; i++) {
      Map<String, Double> shares = new LinkedHashMap<>();
      double sum = 0;
      for (int server = 0; server < 2 + random.nextInt(4); server++) {
        double share = random.nextInt(4) == 0 && server > 0 ? 0 : 0.05 + random.nextDouble();
        shares.put("s" + server, share);
        sum += share;
      }
      double total = sum;
      shares.replaceAll((server, share) -> share / total);
      Map<String, Integer> weights = Weights.nearest(shares, Map.of());
      double weightSum = weights.values().stream().mapToInt(Integer::intValue).sum();
      shares.forEach(
          (server, share) -> {
            int weight = weights.get(server);
            assertThat(weight).isBetween(share == 0 ? 0 : 1, share == 0 ? 0 : Weights.MAX);
            assertThat(weight / weightSum).isEqualTo(share, within(1.0 / Weights.MAX));
          });
    }
  }

  @Test
  void nothingAtAll_isRefused() {
    assertThatThrownBy(() -> Weights.nearest(Map.of("a", 0.0), Map.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
