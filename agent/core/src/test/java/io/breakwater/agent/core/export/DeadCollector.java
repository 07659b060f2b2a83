package io.breakwater.agent.core.export;

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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A main program that records, flushes, encodes and queues through hours of simulated time in which
 * nobody listens, and says now and then how much memory it takes. For a JVM of its own: in one that
 * does other things too, those would be measured.
 */
final class DeadCollector {
  private static final long MILLI = 1_000_000;
  private static final long START = 1_800_000_000_000L * MILLI;
  private static final int FEATURES = 30;
  private static final int CALLS_A_FLUSH = 10;

  private long now = START;
  private final Drops drops = new Drops();
  private final List<String> messages = new ArrayList<>();
  private final Recording recording =
      Recording.create(
          CaptureRules.of(true, Limits.of(64, 50), "service", null, null, List.of()),
          1,
          () -> now,
          drops,
          () -> {});
  private final ModelSeries series = series();
  private final OtlpExport export;
  private final FlushLanes lanes;

  private DeadCollector(String endpoint) throws Exception {
    AgentConfig config =
        AgentConfig.load(ConfigSources.of(Map.of("breakwater.endpoint", endpoint), Map.of(), null));
    export =
        new OtlpExport(
            config.endpoint(), Map.of("service.name", "scoring"), drops, this::start, this::tell);
    lanes =
        FlushLanes.into(
            export, recording, new Overhead(), config.outcomeFlush(), config.featureFlush(), START);
  }

  /**
   * Prints lines of simulated seconds, bytes of heap, bytes that wait, resident KiB; then one of
   * the points given up and the messages told.
   */
  public static void main(String[] arguments) throws Exception {
    DeadCollector dead = new DeadCollector(arguments[0]);
    dead.run(Duration.ofSeconds(25)); // all classes are loaded, all windows pinned
    dead.report();
    dead.run(Duration.ofMinutes(10)); // what waits is all that may wait
    dead.report();
    Duration outage = Duration.parse(arguments[1]);
    for (int part = 0; part < 4; part++) {
      dead.run(outage.dividedBy(4));
      dead.report();
    }
    System.out.println(dead.drops.count(Drops.Reason.QUEUE_FULL) + " " + dead.told());
    dead.export.close(0);
  }

  private void start(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  private synchronized void tell(String message) {
    messages.add(message);
  }

  private synchronized int told() {
    return messages.size();
  }

  private ModelSeries series() {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < FEATURES; i++) {
      names.add("feature " + i);
    }
    return Objects.requireNonNull(
        recording
            .recorder()
            .series(
                ModelIdentity.of("credit", "3", "onnxruntime"),
                Schema.of(names, List.of(Schema.Output.of("score", List.of("no", "yes"))))));
  }

  private void run(Duration time) {
    long end = now + time.toNanos();
    for (int flush = 0; now < end; flush++) {
      for (int i = 0; i < CALLS_A_FLUSH; i++) {
        predict(CALLS_A_FLUSH * flush + i);
      }
      now += lanes.run(now);
    }
  }

  private void predict(int number) {
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

  private void report() throws Exception {
    long heap = Long.MAX_VALUE;
    for (int look = 0; look < 5; look++) {
      System.gc();
      heap = Math.min(heap, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }
    long seconds = (now - START) / (1_000 * MILLI);
    System.out.println(
        seconds + " " + heap + " " + export.waitingBytes() + " " + residentKibibytes());
  }

  /** What the system counts as resident; 0 where it does not tell. */
  private static long residentKibibytes() throws Exception {
    Path status = Path.of("/proc/self/status");
    if (Files.isReadable(status)) {
      for (String line : Files.readAllLines(status, StandardCharsets.UTF_8)) {
        if (line.startsWith("VmRSS:")) {
          return Long.parseLong(line.replaceAll("[^0-9]", ""));
        }
      }
    }
    return 0;
  }
}
