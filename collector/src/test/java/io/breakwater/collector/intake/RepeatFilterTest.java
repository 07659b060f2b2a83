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
  void latestKeys_areRememberedButForOneInTenThousand() {
    Random random = new Random(3);
    long[] keys = random.longs(2L * 4 * RepeatFilter.REMEMBERED).toArray();
    for (int i = 0; i < 4 * RepeatFilter.REMEMBERED; i++) {
      filter.add(keys[2 * i], keys[2 * i + 1]);
    }

    int forgotten = 0;
    for (int i = 3 * RepeatFilter.REMEMBERED; i < 4 * RepeatFilter.REMEMBERED; i++) {
      forgotten += filter.add(keys[2 * i], keys[2 * i + 1]) ? 1 : 0;
    }
    assertThat(forgotten).isLessThan(RepeatFilter.REMEMBERED / 10_000);
  }

  @Test
  void noDifferentKey_isTakenForAnother() {
    Random random = new Random(4);
    for (int i = 0; i < 4 * RepeatFilter.REMEMBERED; i++) {
      assertThat(filter.add(random.nextLong(), random.nextLong())).isTrue();
    }
  }

  @Test
  void keysOfOneRequest_areToldApart() {
    long[] keys = {5, 7, 0, 0, 6, 7, 5, 7, 0, 0};

    assertThat(filter.add(keys, 5)).containsExactly(false, false, false, true, false);
    assertThat(filter.add(new long[] {8, 7, 9, 9}, 2)).isNull();
    assertThat(filter.add(keys, 5)).containsExactly(true, false, true, true, false);
  }

  @Test
  void oldKeys_areForgotten() {
    filter.add(-1, -1);
    for (int i = 1; i <= 16 * RepeatFilter.REMEMBERED; i++) {
      filter.add(i, i);
    }

    assertThat(filter.add(-1, -1)).isTrue();
  }
}
