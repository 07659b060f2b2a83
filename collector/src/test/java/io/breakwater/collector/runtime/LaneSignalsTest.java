package io.breakwater.collector.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.breakwater.collector.intake.Drop;
import io.breakwater.collector.intake.Point;
import io.breakwater.engine.Distribution.Names;
import io.breakwater.engine.Distribution.Numbers;
import io.breakwater.engine.Distribution.Outside;
import io.breakwater.engine.Pane;
import io.breakwater.engine.Pane.Reading;
import io.breakwater.signals.BucketCounts;
import io.breakwater.signals.HistogramSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LaneSignalsTest {
  private static final Duration WIDTH = PaneGrid.WIDTH;

  private final CellQuota quota = new CellQuota(10_000_000);
  private final LaneSignals signals = new LaneSignals(quota);
  private Instant paneStart = Instant.parse("2026-11-21T02:20:00.030Z");

  @Test
  void scoresAndClasses_areLookedAtEveryFullSecond() {
    List<Instant> looks = new ArrayList<>();
    for (int pane = 0; pane < 30; pane++) {
      add(numbers("1", "score", 5, 3));
      add(new Point.Named("i", "m", "1", "class", "yes", 3));
      List<Reading> readings = cut();
      if (!readings.isEmpty()) {
        assertThat(readings).extracting(Reading::signal).containsExactly("score", "class");
        assertThat(readings).extracting(r -> r.values().rows()).containsOnly(30L);
        looks.add(paneStart);
      }
    }

    assertThat(looks)
        .containsExactly(
            Instant.parse("2026-11-21T02:20:01.030Z"),
            Instant.parse("2026-11-21T02:20:02.030Z"),
            Instant.parse("2026-11-21T02:20:03.030Z"));
  }

  @Test
  void features_areLookedAtOnceAllProcessesHadTimeToSend() {
    List<Instant> looks = new ArrayList<>();
    for (int pane = 0; pane < 320; pane++) {
      if (pane % 100 == 3 || pane % 100 == 6) { // two processes flush every 10 s
        add(numbers("1", "feature:age", 5, 50));
        add(numbers("2", "feature:age", 5, 20));
      }
      List<Reading> readings = cut();
      if (!readings.isEmpty()) {
        assertThat(readings).extracting(Reading::version).containsExactly("1", "2");
        assertThat(readings).extracting(r -> r.values().rows()).containsExactly(100L, 40L);
        looks.add(paneStart);
      }
    }

    assertThat(looks)
        .containsExactly(
            Instant.parse("2026-11-21T02:20:01.330Z"),
            Instant.parse("2026-11-21T02:20:11.330Z"),
            Instant.parse("2026-11-21T02:20:21.330Z"),
            Instant.parse("2026-11-21T02:20:31.330Z"));
  }

  @Test
  void featuresThatComeMoreOften_waitForNineSeconds() {
    int looks = 0;
    for (int pane = 0; pane < 1_000; pane++) {
      add(numbers("1", "feature:age", 5, 10));
      looks += cut().size();
    }

    assertThat(looks).isBetween(11, 12);
  }

  @Test
  void partsOfOneScale_areMergedAndOthersKeptApart() {
    add(numbers("1", "score", 7, 10));
    add(numbers("1", "score", 5, 20));
    add(numbers("1", "score", 7, 30));

    Numbers values = (Numbers) look().get(0).values();

    assertThat(values.values().parts())
        .extracting(HistogramSnapshot::scale, HistogramSnapshot::count)
        .containsExactly(tuple(7, 40L), tuple(5, 20L));
    assertThat(values.complement()).isNull();
  }

  @Test
  void complement_isHandedOverWhereAllScoresHaveOne() {
    add(numbers("1", "score:y", 7, 10));
    add(new Point.Values("i", "m", "1", "score:y", true, histogram(9, 8)));
    add(new Point.Outside("i", "m", "1", "score:y", true, true, 0.001, 2));

    Numbers values = (Numbers) look().get(0).values();
    assertThat(values.complement()).isNotNull();
    assertThat(values.complement().count()).isEqualTo(10);

    add(numbers("1", "score:y", 7, 10));
    add(new Point.Values("i", "m", "1", "score:y", true, histogram(9, 9)));
    assertThat(((Numbers) look().get(0).values()).complement()).isNull();
  }

  @Test
  void valuesOutsideTheWindows_areKeptBySideAndBound() {
    add(numbers("1", "score", 7, 10));
    add(new Point.Outside("i", "m", "1", "score", false, true, 0.5, 2));
    add(new Point.Outside("j", "m", "1", "score", false, true, 0.5, 3));
    add(new Point.Outside("j", "m", "1", "score", false, false, 8, 1));

    Numbers values = (Numbers) look().get(0).values();

    assertThat(values.values().outside())
        .containsExactlyInAnyOrder(new Outside(true, 0.5, 5), new Outside(false, 8, 1));
    assertThat(values.rows()).isEqualTo(16);
  }

  @Test
  void moreWindowsThanKept_areOneThatIsTrueOfAll() {
    for (int i = 0; i < 100; i++) {
      add(new Point.Outside("i" + i, "m", "1", "score", false, true, -i, 1));
      add(new Point.Outside("i" + i, "m", "1", "score", false, false, i, 1));
    }

    Numbers values = (Numbers) look().get(0).values();

    assertThat(values.values().outside()).hasSizeLessThan(2 * GatheredNumbers.MAX_OUTSIDE + 1);
    assertThat(values.values().countAtOrBelow(0).lower()).isEqualTo(100);
    assertThat(values.values().countAtOrBelow(1e9).lower()).isEqualTo(100);
    assertThat(values.rows()).isEqualTo(200);
  }

  @Test
  void missingValues_areThoseOfTheFeatureWhateverItsKind() {
    add(new Point.Missing("i", "m", "1", "feature:city", 4));
    add(new Point.Named("i", "m", "1", "category:city", "Rome", 6));
    add(new Point.Missing("i", "m", "1", "feature:city", 1));
    add(numbers("1", "feature:age", 5, 3));
    add(new Point.Missing("i", "m", "1", "feature:age", 2));
    add(new Point.Missing("i", "m", "1", "score", 7));

    List<Reading> readings = new ArrayList<>();
    for (int pane = 0; pane < 40; pane++) {
      readings.addAll(cut());
    }

    assertThat(readings).hasSize(3);
    assertThat(reading(readings, "feature:age").values().missing()).isEqualTo(2);
    assertThat(reading(readings, "score").values().missing()).isEqualTo(7);
    assertThat(reading(readings, "score").values().rows()).isEqualTo(7);
    Names city = (Names) reading(readings, "category:city").values();
    assertThat(city.counts()).isEqualTo(Map.of("Rome", 6L));
    assertThat(city.missing()).isEqualTo(5);
  }

  @Test
  void categoriesBeyondTheLimit_areOtherAndCounted() {
    List<@Nullable Drop> drops = new ArrayList<>();
    for (int i = 0; i < 1_005; i++) {
      drops.add(add(new Point.Named("i", "m", "1", "class", "c" + i, 1)));
    }

    assertThat(drops).containsOnly(null, Drop.TOO_MANY_CATEGORIES);
    Names classes = (Names) look().get(0).values();
    assertThat(classes.rows()).isEqualTo(1_005);
    assertThat(classes.counts()).containsEntry("other", 5L).hasSize(1_001);
  }

  @Test
  void signalsBeyondTheLimit_areDropped() {
    for (int i = 0; i < quota.signals(); i++) {
      assertThat(add(numbers("1", "feature:f" + i, 5, 1))).isNull();
    }

    assertThat(add(numbers("1", "feature:more", 5, 1))).isEqualTo(Drop.TOO_MANY_SIGNALS);
    assertThat(add(numbers("1", "feature:f7", 5, 1))).isNull();
    assertThat(add(numbers("2", "feature:more", 5, 1))).isNull();
  }

  @Test
  void memory_isBoundedWhateverIsSent() {
    CellQuota small = new CellQuota(50_000);
    LaneSignals bounded = new LaneSignals(small);
    Drop drop = null;
    for (int i = 0; i < 10_000; i++) {
      HistogramSnapshot wide =
          HistogramSnapshot.of(
              i % 11,
              0,
              0,
              Double.NaN,
              Double.NaN,
              Double.NaN,
              BucketCounts.of(i % 97, ones(512)),
              BucketCounts.of(-(i % 89), ones(512)));
      drop = bounded.add(new Point.Values("i", "m", "1", "feature:" + i, false, wide), paneStart);
    }

    assertThat(drop).isEqualTo(Drop.SIGNALS_FULL);
    assertThat(small.used()).isLessThan(60_000);
  }

  @Test
  void signalThatIsSilentForLong_isForgotten() {
    add(numbers("1", "feature:age", 5, 3));
    assertThat(quota.used()).isPositive();

    paneStart = paneStart.plus(LaneSignals.FORGET);
    for (int pane = 0; pane < 30; pane++) {
      cut();
    }

    assertThat(quota.used()).isZero();
  }

  @Test
  void recentSignals_reachFiveMinutesBackAndThenForget() {
    RecentSignals recent = new RecentSignals(quota);
    for (int second = 0; second < 900; second++) {
      add(numbers("1", "score", 5, 3));
      List<Reading> readings = look();
      recent.add(new Pane(paneStart.minus(WIDTH), paneStart, List.of(), List.of(), readings));
    }

    assertThat(recent.of("1").get("score").rows()).isBetween(3L * 300, 3L * 361);
    assertThat(recent.of("2")).isEmpty();

    paneStart = paneStart.plusSeconds(600);
    for (int pane = 0; pane < 10; pane++) {
      recent.add(new Pane(paneStart, paneStart.plus(WIDTH), List.of(), List.of()));
      paneStart = paneStart.plus(WIDTH);
    }
    assertThat(recent.of("1")).isEmpty();
  }

  private static Reading reading(List<Reading> readings, String signal) {
    return readings.stream().filter(r -> r.signal().equals(signal)).findFirst().orElseThrow();
  }

  private @Nullable Drop add(Point.OfSignal point) {
    return signals.add(point, paneStart);
  }

  /** Ends the pane; what it shows. */
  private List<Reading> cut() {
    Instant end = paneStart.plus(WIDTH);
    List<Reading> readings = signals.take(paneStart, end);
    paneStart = end;
    return readings;
  }

  /** Ends panes until one shows something. */
  private List<Reading> look() {
    for (int pane = 0; pane < 200; pane++) {
      List<Reading> readings = cut();
      if (!readings.isEmpty()) {
        return readings;
      }
    }
    throw new AssertionError("no look within 20 s");
  }

  private static Point.Values numbers(String version, String signal, int scale, long count) {
    return new Point.Values("i", "m", version, signal, false, histogram(scale, count));
  }

  private static HistogramSnapshot histogram(int scale, long count) {
    return HistogramSnapshot.of(
        scale,
        0,
        0,
        Double.NaN,
        Double.NaN,
        Double.NaN,
        BucketCounts.of(3, count),
        BucketCounts.EMPTY);
  }

  private static long[] ones(int size) {
    long[] ones = new long[size];
    Arrays.fill(ones, 1);
    return ones;
  }
}
