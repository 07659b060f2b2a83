package io.breakwater.collector.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class RepeatFilterTest {
  private final RepeatFilter filter = new RepeatFilter();

  @Test
  void key_isNewOnce() {
    assertThat(filter.add(1, 2)).isTrue();
    assertThat(filter.add(1, 2)).isFalse();
    assertThat(filter.add(2, 1)).isTrue();
    assertThat(filter.add(1, 3)).isTrue();
  }

  @Test
  void keysOfTheLastGeneration_areRemembered() {
    Random random = new Random(3);
    long[] keys = random.longs(2L * RepeatFilter.GENERATION).toArray();
    for (int i = 0; i < RepeatFilter.GENERATION; i++) {
      assertThat(filter.add(keys[2 * i], keys[2 * i + 1])).isTrue();
    }

    for (int i = 0; i < RepeatFilter.GENERATION; i++) {
      assertThat(filter.add(keys[2 * i], keys[2 * i + 1])).isFalse();
    }
  }

  @Test
  void oldKeys_areForgotten() {
    filter.add(-1, -1);
    for (int i = 1; i <= 2 * RepeatFilter.GENERATION; i++) {
      filter.add(i, i);
    }

    assertThat(filter.add(-1, -1)).isTrue();
  }
}
