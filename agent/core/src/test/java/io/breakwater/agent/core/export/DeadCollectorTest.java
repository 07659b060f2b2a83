package io.breakwater.agent.core.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.agent.core.config.AgentConfig;
import io.breakwater.agent.core.config.ConfigSources;
import io.breakwater.agent.core.record.CaptureRules;
import io.breakwater.agent.core.record.Drops;
import io.breakwater.agent.core.record.Limits;
import io.breakwater.agent.core.record.ModelIdentity;
import io.breakwater.agent.core.record.ModelSeries;
import io.breakwater.agent.core.record.Recorder;
import io.breakwater.agent.core.record.Recording;
import io.breakwater.agent.core.record.Schema;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * A collector that is dead for an hour of simulated time, or for a day with {@code
 * -Dbreakwater.faults=true}: every flush of that time is made, encoded and queued.
 */
class DeadCollectorTest {
  private static final long MILLI = 1_000_000;
  private static final long START = 1_800_000_000_000L * MILLI;
  private static final Duration OUTAGE =
      Boolean.getBoolean("breakwater.faults") ? Duration.ofHours(24) : Duration.ofHours(1);
  private static final int FEATURES = 30;
  private static final long MIB = 1 << 20;

  private long now = START;
  private final Drops drops = new Drops();
  private final Recording recording =
      Recording.create(
          CaptureRules.of(true, Limits.of(64, 50), "service", null, null, List.of()),
          1,
          () -> now,
          drops,
          () -> {});
  private final List<String> messages = new ArrayList<>();

  @Test
  void heap_growsByLessThanAMebibyte() throws Exception {
    int unused;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      unused = socket.getLocalPort();
    }
    AgentConfig config =
        AgentConfig.load(
            ConfigSources.of(
                Map.of("breakwater.endpoint", "http://127.0.0.1:" + unused), Map.of(), null));
    OtlpExport export =
        new OtlpExport(
            config.endpoint(), Map.of("service.name", "scoring"), drops, this::start, this::tell);
    FlushLanes lanes =
        FlushLanes.into(
            export, recording, new Overhead(), config.outcomeFlush(), config.featureFlush(), START);
    ModelSeries series = series();
    run(lanes, series, Duration.ofSeconds(25)); // all classes are loaded, all windows pinned
    long before = heap() - export.waitingBytes();
    run(lanes, series, Duration.ofMinutes(5));
    long full = heap();
    assertThat(export.waitingBytes()).isLessThanOrEqualTo(OtlpExport.MAX_QUEUE_BYTES + 64 * 1024);
    run(lanes, series, OUTAGE);
    long after = heap();
    System.out.println(
        "dead for "
            + OUTAGE
            + ": heap before "
            + before
            + ", queue full "
            + full
            + ", after "
            + after);

    assertThat(full - before).isLessThanOrEqualTo(MIB);
    assertThat(after - before).isLessThanOrEqualTo(MIB);
    assertThat(drops.count(Drops.Reason.QUEUE_FULL)).isPositive();
    assertThat(messages.size()).isLessThanOrEqualTo(1);
    export.close(0);
  }

  private void start(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  private synchronized void tell(String message) {
    messages.add(message);
  }

  private ModelSeries series() {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < FEATURES; i++) {
      names.add("feature " + i);
    }
    ModelSeries series =
        recording
            .recorder()
            .series(
                ModelIdentity.of("credit", "3", "onnxruntime"),
                Schema.of(names, List.of(Schema.Output.of("score", List.of("no", "yes")))));
    assertThat(series).isNotNull();
    return series;
  }

  private void run(FlushLanes lanes, ModelSeries series, Duration time) {
    long end = now + time.toNanos();
    for (int call = 0; now < end; call++) {
      for (int i = 0; i < 10; i++) {
        predict(series, 10 * call + i);
      }
      now += lanes.run(now);
    }
  }

  private void predict(ModelSeries series, int number) {
    Recorder recorder = recording.recorder();
    long claim = recorder.claim(series, 1, false);
    int[] words = recorder.words(claim);
    int at = recorder.firstValue(claim);
    for (int i = 0; i < FEATURES; i++) {
      words[at + i] = Float.floatToRawIntBits((number * 31 + i) % 1_000);
    }
    words[at + FEATURES] = Float.floatToRawIntBits(number % 100 / 100f);
    words[at + FEATURES + 1] = Float.floatToRawIntBits(number % 2);
    recorder.publish(claim, 50_000 + number % 1_000, 1, 1, Recorder.NO_ERROR);
  }

  private static long heap() throws InterruptedException {
    long least = Long.MAX_VALUE;
    for (int look = 0; look < 5; look++) {
      System.gc();
      Thread.sleep(20);
      least = Math.min(least, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }
    return least;
  }
}
