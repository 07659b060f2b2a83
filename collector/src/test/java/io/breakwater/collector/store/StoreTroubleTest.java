package io.breakwater.collector.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.breakwater.collector.Await;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;

/** Disks that are full, read-only or slow. */
class StoreTroubleTest {
  @TempDir Path data;

  private final List<JsonNode> written = new CopyOnWriteArrayList<>();
  private final List<String> failures = new CopyOnWriteArrayList<>();
  private Handle writer;
  private Journal journal;

  @BeforeEach
  void open() throws InterruptedException {
    Path file = data.resolve("journal.db");
    writer = Sqlite.durable(file).open();
    journal =
        Journal.open(
            writer,
            Sqlite.readOnly(file),
            record -> List.of(new OutboxMessage(0, "ops", record.path("kind").asText(), "body")),
            Clock.fixed(Trip.START, ZoneOffset.UTC));
    journal.start();
    append("a");
    Await.until("written", () -> written.size() == 1);
  }

  @AfterEach
  void close() {
    journal.close();
  }

  @Test
  void fullDisk_isSaidAndNothingIsHalfWrittenAndGoesOnWithSpace() throws Exception {
    writer.execute("PRAGMA max_page_count = " + pages());

    append("b");
    journal.setPhase(Trip.of("a").actions().toString(), "APPLIED", "");
    Await.until("failed", () -> failures.size() > 1);

    assertThat(failures)
        .containsOnly("journal.db: the disk is full (expected: free space) [SQLITE_FULL]");
    assertThat(journal.trouble().episode())
        .isEqualTo(new Trouble.Episode(Trip.START, failures.get(0)));
    assertThat(journal.states()).containsOnlyKeys("a");
    assertThat(journal.decisions(null, null, 10)).hasSize(1);
    assertThat(journal.outbox()).hasSize(1);
    assertThat(count("shifts")).isEqualTo(1);
    assertThat(AuditChain.verify(data, null).problem()).isNull();

    writer.execute("PRAGMA max_page_count = 1000000");

    Await.until("written", () -> written.size() == 2);
    assertThat(journal.trouble().episode()).isNull();
    assertThat(journal.states()).containsOnlyKeys("a", "b");
    assertThat(journal.outbox()).hasSize(2);
    assertThat(AuditChain.verify(data, null).records()).isEqualTo(2);
  }

  private long pages() {
    return writer.createQuery("PRAGMA page_count").mapTo(Long.class).one();
  }

  @Test
  void fileThatBecomesReadOnly_isSaidAndGoesOnAfterwards() throws Exception {
    writer.execute("PRAGMA query_only = 1");

    append("b");
    Await.until("failed", () -> !failures.isEmpty());

    assertThat(failures.get(0)).startsWith("journal.db: may not be written (expected: ");
    writer.execute("PRAGMA query_only = 0");
    Await.until("written", () -> written.size() == 2);
    assertThat(AuditChain.verify(data, null).problem()).isNull();
  }

  @Test
  void writeThatFailsInTheMiddle_leavesNothing() throws Exception {
    change("CREATE TRIGGER broken BEFORE INSERT ON states BEGIN SELECT RAISE(ABORT, 'x'); END");

    append("b");
    Await.until("failed", () -> !failures.isEmpty());

    assertThat(count("decisions")).isEqualTo(1);
    assertThat(count("inputs")).isEqualTo(1);
    assertThat(count("outbox")).isEqualTo(1);
    assertThat(count("shifts")).isEqualTo(1);
    change("DROP TRIGGER broken");
    Await.until("written", () -> written.size() == 2);
    assertThat(AuditChain.verify(data, null).records()).isEqualTo(2);
  }

  @Test
  void slowDisk_delaysAndLosesNothing() throws Exception {
    List<Long> commits = new CopyOnWriteArrayList<>();
    journal.onCommit((begun, ended, shifts) -> commits.add(ended - begun));
    try (Handle other = Sqlite.durable(data.resolve("journal.db")).open()) {
      other.begin();
      other.execute("DELETE FROM outbox WHERE id < 0");
      append("b");
      append("c");
      Thread.sleep(200); // the disk is busy for that long
      other.rollback();
    }
    Await.until("written", () -> written.size() == 3);

    assertThat(failures).isEmpty();
    assertThat(written.get(1).path("model").asText()).isEqualTo("b");
    assertThat(commits.get(0)).isGreaterThan(100_000_000L);
  }

  @Test
  void trouble_isLoggedOnceWhenItBeginsAndOnceWhenItEnds() {
    List<String> logged = new ArrayList<>();
    Trouble trouble = new Trouble("The journal", recording(logged));
    Instant now = Trip.START;

    for (int i = 0; i < 10; i++) {
      trouble.failed("full", now.plusSeconds(i));
    }
    trouble.over(now.plusSeconds(10));
    trouble.over(now.plusSeconds(11));
    trouble.failed("full", now.plusSeconds(12));

    assertThat(logged)
        .containsExactly(
            "error The journal full", "warn The journal PT10S", "error The journal full");
    assertThat(trouble.episode()).isEqualTo(new Trouble.Episode(now.plusSeconds(12), "full"));
  }

  private static Logger recording(List<String> logged) {
    return (Logger)
        Proxy.newProxyInstance(
            StoreTroubleTest.class.getClassLoader(),
            new Class<?>[] {Logger.class},
            (proxy, method, arguments) -> {
              Object[] values =
                  arguments.length == 2
                      ? (Object[]) arguments[1]
                      : new Object[] {arguments[1], arguments[2]};
              logged.add(method.getName() + " " + values[0] + " " + values[1]);
              return null;
            });
  }

  @Test
  void historyOnAFullDisk_keepsWhatWasSavedBefore() {
    Path file = data.resolve("history.db");
    try (History history = History.open(file)) {
      history.save(List.of(Trip.of("a").after()), Trip.START);
      change(
          file,
          "CREATE TRIGGER full BEFORE INSERT ON snapshots BEGIN SELECT RAISE(ABORT, 'x'); END");

      history.save(List.of(Trip.of("b").after()), Trip.START);

      assertThat(history.trouble().episode()).isNotNull();
      assertThat(history.states()).containsOnlyKeys("a");
      change(file, "DROP TRIGGER full");
      history.save(List.of(Trip.of("b").after()), Trip.START);
      assertThat(history.trouble().episode()).isNull();
      assertThat(history.states()).containsOnlyKeys("a", "b");
    }
  }

  @Test
  void folderOnAReadOnlyFileSystem_isRefusedWithWhatIsRight() {
    Path proc = Path.of("/proc");
    assumeTrue(Files.isDirectory(proc), "no file system here that nobody can write");

    assertThatThrownBy(() -> DataFolder.open(proc.resolve("breakwater")))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("data folder /proc/breakwater: cannot be written")
        .hasMessageContaining("expected: a folder that this user may write, see --data");
  }

  private void append(String model) {
    journal.append(
        Trip.of(model),
        new Journal.Progress() {
          @Override
          public void written(List<JsonNode> records, List<OutboxMessage> messages) {
            written.addAll(records);
          }

          @Override
          public void failing(String reason) {
            failures.add(reason);
          }
        });
  }

  private void change(String sql) {
    change(data.resolve("journal.db"), sql);
  }

  private static void change(Path file, String sql) {
    try (Handle handle = Sqlite.durable(file).open()) {
      handle.execute(sql);
    }
  }

  private long count(String table) {
    try (Handle handle = Sqlite.readOnly(data.resolve("journal.db")).open()) {
      return handle.createQuery("SELECT count(*) FROM " + table).mapTo(Long.class).one();
    }
  }
}
