package io.breakwater.collector.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.collector.intake.Drop;
import io.breakwater.collector.intake.Point;
import io.breakwater.signals.BucketCounts;
import io.breakwater.signals.HistogramSnapshot;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Explicit buckets of one signal must have the same bounds, of all versions. */
class BoundsTest {
  private final LaneSignals signals = new LaneSignals(new CellQuota(1_000_000));
  private Instant now = Instant.parse("2026-11-21T02:20:00Z");

  @Test
  void otherBounds_areRefusedUntilTheSignalWasSilent() {
    assertThat(add("1", "score", 7)).isNull();
    assertThat(add("2", "score", 7)).isNull();
    assertThat(add("2", "score", 8)).isEqualTo(Drop.OTHER_BOUNDS);
    assertThat(add("2", "score", 0)).isEqualTo(Drop.OTHER_BOUNDS);
    assertThat(add("2", "score:other", 0)).isNull();

    now = now.plus(LaneSignals.FORGET).plusSeconds(1);
    signals.take(now.minusSeconds(1), now);
    assertThat(add("2", "score", 8)).isNull();
  }

  private Drop add(String version, String signal, long bounds) {
    HistogramSnapshot values =
        HistogramSnapshot.of(
                5, 0, 3, 0, Double.NaN, Double.NaN, BucketCounts.EMPTY, BucketCounts.EMPTY)
            .withBounds(bounds);
    return signals.add(new Point.Values("i", "m", version, signal, false, values), now);
  }
}
