package io.breakwater.examples.router;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SpreadTest {
  private static final List<String> VERSIONS = List.of("1", "2", "3");

  @Test
  void smooth_isExactInEveryRunOfAWholeTurn() {
    Spread spread = Spread.Kind.SMOOTH.over(Split.of(Map.of("1", 0.8, "2", 0.2), VERSIONS));
    for (int turn = 0; turn < 1_000; turn++) {
      assertThat(draw(spread, 5)).isEqualTo(Map.of("1", 4, "2", 1));
    }
  }

  @Test
  void smooth_spreadsThinSharesOut() {
    Spread spread =
        Spread.Kind.SMOOTH.over(Split.of(Map.of("1", 0.79, "2", 0.01, "3", 0.2), VERSIONS));
    assertThat(draw(spread, 100)).isEqualTo(Map.of("1", 79, "2", 1, "3", 20));
  }

  @Test
  void zero_isNeverChosen() {
    Split split = Split.of(Map.of("1", 1.0, "2", 0.0), VERSIONS);
    assertThat(draw(Spread.Kind.SMOOTH.over(split), 1_000)).containsOnlyKeys("1");
    assertThat(draw(Spread.Kind.RANDOM.over(split), 1_000)).containsOnlyKeys("1");
  }

  @Test
  void random_choosesByWhereTheDrawFalls() {
    Split split = Split.of(Map.of("1", 0.0, "2", 0.25, "3", 0.75), VERSIONS);
    Iterator<Double> draws = Arrays.asList(0.0, 0.2499, 0.25, Math.nextDown(1.0)).iterator();
    Spread spread = new Spread.RandomSpread(split, draws::next);
    assertThat(List.of(spread.next(), spread.next(), spread.next(), spread.next()))
        .containsExactly("2", "2", "3", "3");
  }

  private static Map<String, Integer> draw(Spread spread, int count) {
    Map<String, Integer> drawn = new HashMap<>();
    for (int i = 0; i < count; i++) {
      drawn.merge(spread.next(), 1, Integer::sum);
    }
    return drawn;
  }
}
