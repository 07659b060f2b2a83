package io.breakwater.collector.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.breakwater.collector.Await;
import io.breakwater.engine.ModelState;
import io.breakwater.engine.reference.ReferenceSet;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Upkeep of a journal with 45 trips, one a day, each with an unsent message. */
class RetentionTest {
  private static final int TRIPS = 45;
  private static final Duration DAY = Duration.ofDays(1);
  private static final Instant LAST = Trip.START.plus(DAY.multipliedBy(TRIPS - 1)).minusSeconds(5);

  @TempDir Path data;

  private final List<JsonNode> written = new CopyOnWriteArrayList<>();

  @BeforeEach
  void write() throws InterruptedException {
    try (Journal journal = open()) {
      journal.setRetention(keeping(400, 400, 1 << 30));
      journal.start();
      for (int i = 0; i < TRIPS; i++) {
        journal.append(Trip.of("credit", Trip.START.plus(DAY.multipliedBy(i))), progress());
      }
      Await.until("written", () -> written.size() == TRIPS);
    }
  }

  @Test
  void whatIsYoungEnough_stays() {
    upkeep(keeping(400, 400, 1 << 30));

    assertThat(AuditChain.verify(data, null)).isEqualTo(chain(0));
    assertThat(Replay.of(data)).isEqualTo(new Replay.Result(TRIPS, 0, 0, List.of(), null));
  }

  @Test
  void oldInputs_goAndTheRecordsStay() {
    upkeep(keeping(400, 10, 1 << 30));

    assertThat(AuditChain.verify(data, null)).isEqualTo(chain(0));
    assertThat(Replay.of(data)).isEqualTo(new Replay.Result(11, TRIPS - 11, 0, List.of(), null));
  }

  @Test
  void oldRecords_goAndTheChainBeginsAfterThem() throws Exception {
    long before = Files.size(data.resolve("journal.db"));

    upkeep(keeping(10, 10, 1 << 30));

    long gone = TRIPS - 11;
    assertThat(AuditChain.verify(data, null)).isEqualTo(chain(gone));
    assertThat(AuditChain.verify(data, hash(gone)).problem()).isNull();
    assertThat(AuditChain.verify(data, hash(gone - 1)).problem())
        .contains("records 1 to 34 are kept no more");
    assertThat(Replay.of(data)).isEqualTo(new Replay.Result(11, 0, 0, List.of(), null));
    assertThat(count("shifts")).isEqualTo(11);
    assertThat(count("outbox")).isEqualTo(TRIPS);
    assertThat(Files.size(data.resolve("journal.db"))).isLessThan(before);
  }

  @Test
  void recordThatFollowsThePrunedOnes_isBoundToThem() {
    upkeep(keeping(10, 10, 1 << 30));

    change("UPDATE pruned SET hash = replace(hash, substr(hash, 1, 1), 'x')");

    assertThat(AuditChain.verify(data, null).problem())
        .isEqualTo("record 35: does not follow the record before it");
  }

  @Test
  void inputsThatAreTooYoungToBeGone_areMissed() {
    upkeep(keeping(400, 10, 1 << 30));

    change("UPDATE inputs SET snapshot = '', events = '' WHERE id = " + TRIPS);

    assertThat(AuditChain.verify(data, null).problem())
        .isEqualTo("record 45: its inputs are not those it was made from");
  }

  @Test
  void newestRecord_staysWhateverItsAge() throws Exception {
    upkeep(keeping(1, 1, 1 << 30), LAST.plus(DAY.multipliedBy(1000)));

    assertThat(AuditChain.verify(data, null)).isEqualTo(chain(TRIPS - 1));
    try (Journal journal = open()) {
      journal.start();
      journal.append(Trip.of("credit", LAST), progress());
      Await.until("written", () -> written.size() > TRIPS);
    }
    assertThat(AuditChain.verify(data, null).records()).isEqualTo(TRIPS + 1);
  }

  @Test
  void journalThatIsTooLarge_losesItsOldestInputsFirst() {
    change("UPDATE inputs SET events = events || printf('%20000s', '')");
    Retention retention = keeping(400, 400, bytes() - 100_000);
    long first = Duration.between(Instant.EPOCH, Trip.START).toDays();
    change("INSERT INTO reference_sets VALUES ('early', '{}', " + (first + 10) + ")");
    change("INSERT INTO reference_sets VALUES ('late', '{}', " + (first + 30) + ")");

    try (Handle writer = Sqlite.durable(data.resolve("journal.db")).open()) {
      while (JournalUpkeep.slice(writer, retention, LAST)) {
        assertThat(count("decisions")).isEqualTo(TRIPS);
      }
    }

    assertThat(count("inputs WHERE snapshot = ''")).isEqualTo(JournalUpkeep.ROWS);
    assertThat(count("reference_sets WHERE name = 'early'"))
        .as("none is left that uses it")
        .isZero();
    assertThat(count("reference_sets WHERE name = 'late'")).isEqualTo(1);
    assertThat(count("inputs WHERE snapshot = '' AND id > " + JournalUpkeep.ROWS)).isZero();
  }

  @Test
  void journalThatIsTooLargeWithoutInputs_losesItsOldestRecords() {
    upkeep(keeping(400, 400, 1));

    assertThat(AuditChain.verify(data, null)).isEqualTo(chain(TRIPS - 1));
  }

  @Test
  void upkeep_goesOnBesideEntries() throws Exception {
    Instant later = LAST.plus(DAY.multipliedBy(20));
    try (Journal journal = open(later)) {
      journal.setRetention(keeping(10, 10, 1 << 30));
      journal.start();
      int more = 200;
      for (int i = 0; i < more; i++) {
        journal.append(Trip.of("fraud", later), progress());
      }
      Await.until("written", () -> written.size() == TRIPS + more);
      Await.until("pruned", () -> count("decisions") == more);
    }
    AuditChain.Result result = AuditChain.verify(data, null);
    assertThat(result.problem()).isNull();
    assertThat(result.pruned()).isEqualTo(TRIPS);
    assertThat(result.records()).isEqualTo(TRIPS + 200);
  }

  @Test
  void removedModels_areForgottenOnceTheirRecordsAre() throws Exception {
    Instant later = LAST.plus(DAY.multipliedBy(30));
    try (Store store = Store.open(data, record -> List.of(), Clock.fixed(later, ZoneOffset.UTC))) {
      store.setRetention(keeping(20, 20, 1 << 30));
      store.journal().start();
      store.inputs().start();
      store.journal().append(Trip.of("gone", LAST), progress());
      store.journal().append(Trip.of("lately-gone", later.minus(DAY.multipliedBy(5))), progress());
      Await.until("written", () -> written.size() == TRIPS + 2);
      ReferenceSet reference = new ReferenceSet("sent", "digest", Map.of());
      store.journal().putReference("gone", reference);
      ModelState saved = Trip.of("saved", LAST).after();
      store.history().save(List.of(saved, Trip.of("gone", LAST).after()), later);
      ModelState lately = Trip.of("lately-gone", later.minus(DAY.multipliedBy(19))).after();
      store.history().save(List.of(lately), later);

      assertThat(store.forgetRemoved("credit"::equals, later)).containsExactly("gone", "saved");
      Await.until("forgotten", () -> count("states") == 2);

      assertThat(store.states()).containsOnlyKeys("credit", "lately-gone");
      assertThat(store.journal().references()).isEmpty();
      assertThat(store.forgetRemoved("credit"::equals, later)).isEmpty();
    }
    assertThat(AuditChain.verify(data, null).problem()).isNull();
  }

  @Test
  void inputsLongerThanDecisions_areRefused() {
    assertThatThrownBy(() -> keeping(1, 2, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at most as long as decisions");
  }

  private static Retention keeping(int decisions, int inputs, long bytes) {
    return new Retention(
        Duration.ofDays(decisions), Duration.ofDays(inputs), Duration.ZERO, bytes, 1);
  }

  private AuditChain.Result chain(long pruned) {
    return new AuditChain.Result(pruned, TRIPS, hash(TRIPS), null);
  }

  private String hash(long seq) {
    return written.get((int) seq - 1).path("hash").asText();
  }

  private void upkeep(Retention retention) {
    upkeep(retention, LAST);
  }

  private void upkeep(Retention retention, Instant now) {
    try (Handle writer = Sqlite.durable(data.resolve("journal.db")).open()) {
      while (JournalUpkeep.slice(writer, retention, now)) {
        assertThat(AuditChain.verify(data, null).problem()).isNull();
      }
    }
  }

  private long count(String table) {
    try (Handle handle = Sqlite.readOnly(data.resolve("journal.db")).open()) {
      return handle.createQuery("SELECT count(*) FROM " + table).mapTo(Long.class).one();
    }
  }

  private long bytes() {
    try (Handle handle = Sqlite.readOnly(data.resolve("journal.db")).open()) {
      return JournalUpkeep.bytes(handle);
    }
  }

  private void change(String sql) {
    try (Handle handle = Sqlite.durable(data.resolve("journal.db")).open()) {
      handle.execute(sql);
    }
  }

  private Journal open() {
    return open(LAST);
  }

  private Journal open(Instant now) {
    return Journal.open(
        data.resolve("journal.db"),
        record -> List.of(new OutboxMessage(0, "ops", record.path("kind").asText(), "body")),
        Clock.fixed(now, ZoneOffset.UTC));
  }

  private Journal.Progress progress() {
    return new Journal.Progress() {
      @Override
      public void written(List<JsonNode> records, List<OutboxMessage> messages) {
        written.addAll(records);
      }

      @Override
      public void failing(String reason) {
        throw new AssertionError(reason);
      }
    };
  }
}
