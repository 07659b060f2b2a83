package io.breakwater.agent.core.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * A collector that is dead for an hour of simulated time, or for a day with {@code
 * -Dbreakwater.faults=true}: every flush of that time is made, encoded and queued.
 */
class DeadCollectorTest {
  private static final Duration OUTAGE =
      Boolean.getBoolean("breakwater.faults") ? Duration.ofHours(24) : Duration.ofHours(1);
  private static final long MIB = 1 << 20;

  /**
   * All pages of the heap are there from the start, and nothing is compiled by C2: it keeps
   * megabytes of what it needed for a large method, see docs/agent-faults.md.
   */
  private static final List<String> OPTIONS =
      List.of(
          "-Xms32m",
          "-Xmx32m",
          "-XX:+AlwaysPreTouch",
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1");

  @Test
  void memory_growsByLessThanAMebibyte() throws Exception {
    int unused;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      unused = socket.getLocalPort();
    }
    List<String> said = run("http://127.0.0.1:" + unused, OUTAGE.toString());
    System.out.println("seconds, heap, waiting, resident KiB: " + said);

    List<long[]> reports = new ArrayList<>();
    for (String line : said) {
      reports.add(Arrays.stream(line.split(" ")).mapToLong(Long::parseLong).toArray());
    }
    long[] end = reports.remove(reports.size() - 1);
    assertThat(end[0]).as("points given up").isPositive();
    assertThat(end[1]).as("messages").isLessThanOrEqualTo(1);
    long[] before = reports.get(0);
    long[] full = reports.get(1);
    for (long[] later : reports.subList(1, reports.size())) {
      assertThat(later[1] - (before[1] - before[2])).as("heap").isLessThanOrEqualTo(MIB);
      assertThat(later[2]).as("waiting").isLessThanOrEqualTo(OtlpExport.MAX_QUEUE_BYTES + 65_536);
      assertThat(later[3] - full[3]).as("resident KiB").isLessThanOrEqualTo(1_024);
    }
  }

  private static List<String> run(String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(OPTIONS);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(DeadCollector.class.getName());
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try {
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).as(out).isZero();
      return out.lines().collect(Collectors.toList());
    } finally {
      process.destroyForcibly();
    }
  }
}
