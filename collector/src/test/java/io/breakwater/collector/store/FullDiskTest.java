package io.breakwater.collector.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.breakwater.collector.Await;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A file system of 4 MiB that is really full. Skipped where none can be mounted (Linux, root).
 *
 * <p>{@code StoreTroubleTest} has the same with SQLite's own limit of pages.
 */
class FullDiskTest {
  private Path disk;
  private boolean mounted;
  private final List<JsonNode> written = new CopyOnWriteArrayList<>();
  private final List<String> failures = new CopyOnWriteArrayList<>();
  private int asked;

  @BeforeEach
  void mount() throws Exception {
    disk = Files.createTempDirectory("breakwater-full-disk");
    mounted = run("mount", "-t", "tmpfs", "-o", "size=4m", "breakwater-test", disk.toString());
    assumeTrue(mounted, "no small file system can be mounted here (needs Linux and root)");
  }

  @AfterEach
  void unmount() throws Exception {
    if (mounted) {
      assertThat(run("umount", disk.toString()) || run("umount", "-l", disk.toString())).isTrue();
    }
    Files.delete(disk);
  }

  private static boolean run(String... command) throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false; // no such command
    }
  }

  @Test
  void whatWasAcknowledged_isThere_andTheRestFollowsWithSpace() throws Exception {
    try (Journal journal = open()) {
      journal.start();
      appendUntilFull(journal);
      int acknowledged = written.size();

      assertThat(acknowledged).isPositive().isLessThan(asked);
      assertThat(failures)
          .containsOnly("journal.db: the disk is full (expected: free space) [SQLITE_FULL]");
      assertThat(journal.trouble().episode()).isNotNull();
      assertThat(journal.decisions(null, null, 10_000)).hasSize(acknowledged);
      assertThat(AuditChain.verify(disk, null))
          .isEqualTo(new AuditChain.Result(0, acknowledged, head(), null));

      makeSpace();
      Await.until("written", () -> written.size() == asked);
      assertThat(journal.trouble().episode()).isNull();
      assertThat(AuditChain.verify(disk, null))
          .isEqualTo(new AuditChain.Result(0, asked, head(), null));
    }
    assertThat(Replay.of(disk).problem()).isNull();
  }

  @Test
  void collectorThatEndsOnAFullDisk_losesNothingAcknowledged() throws Exception {
    try (Journal journal = open()) {
      journal.start();
      appendUntilFull(journal);
    }
    int acknowledged = written.size();
    assertThat(acknowledged).isPositive().isLessThan(asked);

    makeSpace();
    try (Journal again = open()) {
      again.start();
      assertThat(again.decisions(null, null, 10_000)).hasSize(acknowledged);
      again.append(Trip.of("later"), progress());
      Await.until("written", () -> written.size() == acknowledged + 1);
    }
    assertThat(AuditChain.verify(disk, null))
        .isEqualTo(new AuditChain.Result(0, acknowledged + 1, head(), null));
  }

  @Test
  void collectorThatStartsOnAFullDisk_saysSo() throws Exception {
    fill(0);

    assertThatThrownBy(
            () -> Store.open(disk.resolve("data"), record -> List.of(), Clock.systemUTC()))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("full");
  }

  private void appendUntilFull(Journal journal) throws Exception {
    append(journal);
    Await.until("written", () -> written.size() == 1);
    fill(200 << 10);
    Await.until(
        "full",
        () -> {
          if (failures.isEmpty()) {
            append(journal);
          }
          return !failures.isEmpty();
        });
  }

  private void append(Journal journal) {
    journal.append(Trip.of("m" + asked++), progress());
  }

  /** Leaves so many bytes. */
  private void fill(int leave) throws IOException {
    try (OutputStream out = Files.newOutputStream(disk.resolve("ballast"))) {
      byte[] block = new byte[4096];
      while (disk.toFile().getUsableSpace() > leave) {
        out.write(block);
      }
    }
  }

  private void makeSpace() throws IOException {
    Files.delete(disk.resolve("ballast"));
  }

  private String head() {
    return written.get(written.size() - 1).path("hash").asText();
  }

  private Journal open() {
    return Journal.open(
        disk.resolve("journal.db"),
        record -> List.of(new OutboxMessage(0, "ops", record.path("kind").asText(), "body")),
        Clock.fixed(Trip.START, ZoneOffset.UTC));
  }

  private Journal.Progress progress() {
    return new Journal.Progress() {
      @Override
      public void written(List<JsonNode> records, List<OutboxMessage> messages) {
        written.addAll(records);
      }

      @Override
      public void failing(String reason) {
        failures.add(reason);
      }
    };
  }
}
