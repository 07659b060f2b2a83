package io.breakwater.collector.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.collector.intake.Point;
import io.breakwater.engine.Pane.VersionPane;
import io.breakwater.signals.BucketCounts;
import io.breakwater.signals.HistogramSnapshot;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Versions whose senders report scores and no calls. */
class RowsForCallsTest {
  private final LaneSignals signals = new LaneSignals(new CellQuota(1_000_000));
  private final OpenPane pane = new OpenPane();
  private final RowsForCalls rows = new RowsForCalls();
  private Instant now = Instant.parse("2026-11-21T02:20:00Z");

  @Test
  void scoresAlone_standForCallsAfterAWhile() {
    for (int i = 0; i < 50; i++) {
      scores("1", 3);
      scores("1", "score:other", 2);
      assertThat(cut()).isEmpty();
    }

    scores("1", 3);
    scores("1", 4);
    assertThat(cut()).isEmpty(); // rows from before are not counted
    scores("1", 3);
    scores("1", 4);
    scores("1", "score:other", 7);
    List<VersionPane> versions = cut();
    assertThat(versions).hasSize(1);
    assertThat(versions.get(0).calls()).isEqualTo(7);
    assertThat(versions.get(0).fromRows()).isTrue();
    assertThat(cut()).isEmpty();
  }

  @Test
  void callsThatAreReported_areTheCalls() {
    for (int i = 0; i < 200; i++) {
      scores("1", 3);
      if (i % 10 == 0) {
        calls("1", 5);
      }
      for (VersionPane version : cut()) {
        assertThat(version.fromRows()).isFalse();
        assertThat(version.calls()).isEqualTo(5);
      }
    }
  }

  private List<VersionPane> cut() {
    Instant start = now;
    now = now.plusMillis(100);
    rows.standIn(signals, pane, now);
    return pane.cut(start, now, List.of()).versions();
  }

  private void calls(String version, long count) {
    rows.called(version, now);
    pane.add(new Point.Calls("i", "m", version, null, Point.Traffic.LIVE, count, null));
  }

  private void scores(String version, int count) {
    scores(version, "score", count);
  }

  private void scores(String version, String signal, int count) {
    HistogramSnapshot values =
        HistogramSnapshot.of(
            5, 0, count, 0, Double.NaN, Double.NaN, BucketCounts.EMPTY, BucketCounts.EMPTY);
    signals.add(new Point.Values("i", "m", version, signal, false, values), now);
  }
}
