package io.breakwater.collector.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class PaneGridTest {
  private static final Instant NOW = Instant.parse("2026-11-21T02:20:00.055Z");

  @Test
  void panesEnd_thirtyMillisecondsAfterTheWallClocksMultiples() {
    PaneGrid grid = new PaneGrid(NOW, 1_000);

    assertThat(grid.end(0)).isEqualTo("2026-11-21T02:20:00.130Z");
    assertThat(grid.end(1)).isEqualTo("2026-11-21T02:20:00.230Z");
    assertThat(grid.endNanos(0)).isEqualTo(1_000 + 75_000_000);
    assertThat(grid.endNanos(2) - grid.endNanos(1)).isEqualTo(100_000_000);
  }

  @Test
  void firstPane_endsAfterNow() {
    Instant boundary = Instant.parse("2026-11-21T02:20:00.130Z");

    assertThat(new PaneGrid(boundary, 0).end(0)).isEqualTo(boundary.plusMillis(100));
    assertThat(new PaneGrid(boundary.minusNanos(1), 0).end(0)).isEqualTo(boundary);
  }

  @Test
  void time_followsTheMonotonicClockThroughItsOverflow() {
    PaneGrid grid = new PaneGrid(NOW, Long.MAX_VALUE - 10);

    assertThat(grid.at(Long.MIN_VALUE + 9)).isEqualTo(NOW.plusNanos(20));
    assertThat(grid.lastEnded(Long.MAX_VALUE)).isEqualTo(-1);
    assertThat(grid.lastEnded(grid.endNanos(7))).isEqualTo(7);
    assertThat(grid.lastEnded(grid.endNanos(7) - 1)).isEqualTo(6);
  }
}
