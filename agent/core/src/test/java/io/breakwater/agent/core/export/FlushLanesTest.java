package io.breakwater.agent.core.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.agent.core.record.CaptureRules;
import io.breakwater.agent.core.record.Drops;
import io.breakwater.agent.core.record.Limits;
import io.breakwater.agent.core.record.ModelIdentity;
import io.breakwater.agent.core.record.ModelSeries;
import io.breakwater.agent.core.record.Recorder;
import io.breakwater.agent.core.record.Recording;
import io.breakwater.agent.core.record.Schema;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.metrics.data.ExponentialHistogramPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.data.PointData;
import io.opentelemetry.sdk.resources.Resource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class FlushLanesTest {
  private static final long MILLI = 1_000_000;
  private static final long START = 1_800_000_000_000L * MILLI;

  private final Drops drops = new Drops();
  private final Overhead overhead = new Overhead();
  private long now = START + 30 * MILLI;
  private final Recording recording =
      Recording.create(
          CaptureRules.of(true, Limits.of(64, 50), "service", null, null, List.of()),
          1,
          () -> now,
          drops,
          () -> {});
  private final List<ModelSeries> handles = new ArrayList<>();

  /** When each metric left, milliseconds after the start. */
  private final Map<String, List<Long>> sent = new TreeMap<>();

  private long durations;
  private FlushLanes lanes;

  private void start() {
    lanes =
        FlushLanes.of(
            this::keep, recording, overhead, Duration.ofMillis(100), Duration.ofSeconds(10), now);
  }

  private void keep(MetricBatch batch) {
    InstrumentationScopeInfo scope = InstrumentationScopeInfo.create("test");
    for (MetricData metric : batch.metrics(Resource.empty(), scope)) {
      for (PointData point : metric.getData().getPoints()) {
        assertThat(point.getStartEpochNanos()).isLessThanOrEqualTo(point.getEpochNanos());
        durations +=
            metric.getName().equals("ml.inference.duration")
                ? ((ExponentialHistogramPointData) point).getCount()
                : 0;
      }
      sent.computeIfAbsent(metric.getName(), name -> new ArrayList<>()).add((now - START) / MILLI);
    }
  }

  /** Sleeps as the flush thread does until a time. */
  private void runUntil(long millis) {
    long end = START + millis * MILLI;
    long wait = lanes.run(now);
    while (now + wait <= end) {
      now += wait;
      wait = lanes.run(now);
    }
  }

  private void call(ModelSeries series, int times) {
    for (int i = 0; i < times; i++) {
      long claim = recording.recorder().claim(series, 1, false);
      recording.recorder().words(claim)[recording.recorder().firstValue(claim)] = 0;
      recording.recorder().publish(claim, 1, 1, 1, Recorder.NO_ERROR);
    }
  }

  private ModelSeries model(int version) {
    ModelSeries series =
        recording
            .recorder()
            .series(
                ModelIdentity.of("m", "" + version, "test"), Schema.of(List.of("f"), List.of()));
    handles.add(series);
    return series;
  }

  @Test
  void lanes_leaveOnMultiplesOfTheWallClock() {
    start();
    ModelSeries series = model(1);
    call(series, 10);
    runUntil(150);
    call(series, 10);
    runUntil(10_050);

    assertThat(sent.get("ml.inference.duration")).containsExactly(100L, 200L);
    assertThat(sent.get("ml.inference.feature")).containsExactly(10_000L);
  }

  @Test
  void heartbeat_leavesEverySecondWithoutAnyModel() {
    start();
    runUntil(3_500);

    assertThat(sent).containsOnlyKeys("breakwater.agent.heartbeat");
    assertThat(sent.get("breakwater.agent.heartbeat")).containsExactly(1_000L, 2_000L, 3_000L);
  }

  @Test
  void whatIsRecorded_neverMakesAFlush() {
    start();
    ModelSeries series = model(1);
    call(series, 5_000);
    lanes.run(now);
    now = START + 99 * MILLI;
    lanes.run(now);

    assertThat(sent).isEmpty();
  }

  @Test
  void moreThanEightVersions_fallBackToASecond() {
    start();
    for (int version = 1; version <= 8; version++) {
      call(model(version), 1);
    }
    runUntil(150);
    assertThat(sent.get("ml.inference.duration")).containsExactly(100L);

    call(model(9), 1);
    runUntil(2_050);
    assertThat(sent.get("ml.inference.duration")).containsExactly(100L, 200L);
    call(model(9), 1);
    runUntil(2_950);
    assertThat(sent.get("ml.inference.duration")).containsExactly(100L, 200L);
    runUntil(3_050);
    assertThat(sent.get("ml.inference.duration")).containsExactly(100L, 200L, 3_000L);
  }

  @Test
  void drops_leaveAsDifferences() {
    start();
    drops.add(Drops.Reason.RING_FULL, 3);
    runUntil(2_500);
    drops.add(Drops.Reason.RING_FULL);
    runUntil(3_500);

    assertThat(sent.get("breakwater.agent.dropped")).containsExactly(1_000L, 3_000L);
  }

  @Test
  void overhead_leavesWithTheFeatures() {
    start();
    overhead.addDrain(5);
    overhead.addFlush(6);
    runUntil(10_100);

    assertThat(sent.get("breakwater.agent.overhead")).containsExactly(10_000L);
  }

  @Test
  void clockThatIsSetToAndFro_losesNoCallAndNeverSpins() {
    start();
    ModelSeries series = model(1);
    Random random = new Random(7);
    long calls = 0;
    int runs = 20_000;
    for (int i = 0; i < runs; i++) {
      long wait = lanes.run(now);
      assertThat(wait).isPositive().isLessThanOrEqualTo(100 * MILLI);
      call(series, 1);
      calls++;
      now += wait;
      if (i % 10 == 0) {
        now += (random.nextInt(3) - 1) * (long) random.nextInt(3_600_000) * MILLI;
      }
    }
    lanes.runLast(now);

    assertThat(durations).isEqualTo(calls);
    assertThat(sent.get("ml.inference.duration").size()).isBetween(runs / 4, runs + 1);
  }

  @Test
  void last_sendsBothLanesAtOnce() {
    start();
    call(model(1), 10);
    lanes.runLast(now);

    assertThat(sent).containsKeys("ml.inference.duration", "ml.inference.feature");
  }
}
