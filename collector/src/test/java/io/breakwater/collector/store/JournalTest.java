package io.breakwater.collector.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.breakwater.collector.Await;
import io.breakwater.engine.Distribution.Names;
import io.breakwater.engine.Distribution.Numbers;
import io.breakwater.engine.Distribution.Sketch;
import io.breakwater.engine.Event;
import io.breakwater.engine.ModelState;
import io.breakwater.engine.reference.GatheredReferences;
import io.breakwater.engine.reference.Reference;
import io.breakwater.engine.reference.ReferenceGatherer;
import io.breakwater.engine.reference.ReferenceSet;
import io.breakwater.engine.reference.References;
import io.breakwater.signals.BucketCounts;
import io.breakwater.signals.HistogramSnapshot;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
  @TempDir Path data;

  private final List<JsonNode> written = new CopyOnWriteArrayList<>();
  private final List<OutboxMessage> messages = new CopyOnWriteArrayList<>();
  private final Journal.Progress progress =
      new Journal.Progress() {
        @Override
        public void written(List<JsonNode> records, List<OutboxMessage> toSend) {
          messages.addAll(toSend);
          written.addAll(records);
        }

        @Override
        public void failing(String reason) {
          throw new AssertionError(reason);
        }
      };

  @Test
  void entry_isThereAfterTheNextStart() throws Exception {
    JournalEntry entry = Trip.of("credit");
    write(entry);

    try (Journal again = open()) {
      assertThat(again.states()).containsOnly(java.util.Map.entry("credit", entry.after()));
      assertThat(again.decisions(null, null, 10)).isEqualTo(written);
      assertThat(again.decision(entry.records().get(0).decision())).isEqualTo(written);
      assertThat(again.decisions("other", null, 10)).isEmpty();
      assertThat(again.decisions(null, entry.after().now(), 10)).hasSize(1);
      assertThat(again.decisions(null, entry.after().now().plusSeconds(1), 10)).isEmpty();
      assertThat(again.outbox()).isEqualTo(messages).hasSize(1);
    }
  }

  @Test
  void reference_isThereAfterTheNextStartAndTheLatestCounts() throws Exception {
    ReferenceSet first = classes("yes", 600);
    ReferenceSet second = classes("yes", 700);
    try (Journal journal = open()) {
      journal.start();
      journal.putReference("credit", first).toCompletableFuture().get(5, TimeUnit.SECONDS);
      journal.putReference("credit", second).toCompletableFuture().get(5, TimeUnit.SECONDS);
      journal.putReference("fraud", first).toCompletableFuture().get(5, TimeUnit.SECONDS);
    }

    try (Journal again = open()) {
      assertThat(again.references()).isEqualTo(Map.of("credit", second, "fraud", first));
    }
  }

  @Test
  void preparedReferences_standOnceHoweverManyEntriesNameThem() throws Exception {
    JournalEntry plain = Trip.of("credit");
    Map<String, Reference> signals = new TreeMap<>();
    for (int i = 0; i < 1000; i++) {
      signals.put("feature:" + i, new Reference(new Names(Map.of("yes", 600L + i), 3), 30, 1.5));
    }
    ReferenceSet set = new ReferenceSet("here", "digest", signals);
    List<Event> events = new ArrayList<>(plain.events());
    events.add(0, new Event.ReferenceGiven(Trip.START, set));
    JournalEntry entry =
        new JournalEntry(
            "credit",
            knowing(plain.base(), set),
            events,
            knowing(plain.after(), set),
            plain.records(),
            plain.actions());

    write(entry, entry, entry);

    assertThat(one("SELECT count(*) FROM reference_sets")).isEqualTo("1");
    long inputs = Long.parseLong(one("SELECT max(length(snapshot) + length(events)) FROM inputs"));
    assertThat(inputs).isLessThan(EngineJson.write(set).length() / 10);
    try (Journal again = open()) {
      assertThat(again.states().get("credit").references().prepared()).isEqualTo(set);
    }
    change("UPDATE reference_sets SET content = replace(content, '600', '601')");
    try (Journal again = open()) {
      assertThatThrownBy(again::states)
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("were changed");
    }
    change("DELETE FROM reference_sets");
    try (Journal again = open()) {
      assertThatThrownBy(again::states)
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("are missing");
    }
  }

  @Test
  void gatheredReferences_standOnceInWhatDecisionsWereMadeFrom() throws Exception {
    JournalEntry plain = Trip.of("credit");
    Map<String, Reference> complete = new TreeMap<>();
    for (int i = 0; i < 100; i++) {
      complete.put("feature:" + i, new Reference(numbers(i), 30, 1.5));
    }
    Map<String, ReferenceGatherer> open = Map.of("score", ReferenceGatherer.of(2_000));
    References known =
        new References(
            null, Map.of("1", new GatheredReferences(complete, open, Trip.START, 100, 1)));
    JournalEntry entry =
        new JournalEntry(
            "credit",
            knowing(plain.base(), known),
            plain.events(),
            knowing(plain.after(), known),
            plain.records(),
            plain.actions());

    write(entry, entry, entry);

    assertThat(one("SELECT count(*) FROM reference_sets")).isEqualTo("1");
    long snapshot = Long.parseLong(one("SELECT max(length(snapshot)) FROM inputs"));
    assertThat(snapshot).isLessThan(EngineJson.write(entry.base()).length() / 10);
    try (Journal again = open()) {
      assertThat(again.states().get("credit").references()).isEqualTo(known);
    }
    assertThat(Replay.of(data)).isEqualTo(new Replay.Result(3, 0, 0, List.of(), null));
    change("DELETE FROM reference_sets");
    try (Journal again = open()) {
      assertThat(again.states().get("credit").references())
          .as("a state needs nothing beside it")
          .isEqualTo(known);
    }
    assertThat(Replay.of(data).problem()).contains("record 1: ", "are missing");
  }

  private static Numbers numbers(int i) {
    long[] counts = new long[120];
    Arrays.fill(counts, 100 + i);
    HistogramSnapshot values =
        HistogramSnapshot.of(
            5,
            0,
            0,
            Double.NaN,
            Double.NaN,
            Double.NaN,
            BucketCounts.of(0, counts),
            BucketCounts.EMPTY);
    return new Numbers(new Sketch(List.of(values), List.of()), null, 3);
  }

  private static ModelState knowing(ModelState state, ReferenceSet set) {
    return knowing(state, new References(set, Map.of()));
  }

  private static ModelState knowing(ModelState state, References references) {
    ObjectNode json = EngineJson.tree(state);
    json.set("references", EngineJson.tree(references));
    return EngineJson.read(json.toString(), ModelState.class);
  }

  private static ReferenceSet classes(String name, long rows) {
    Names names = new Names(Map.of(name, rows), 3);
    return new ReferenceSet("here", "d" + rows, Map.of("class", new Reference(names, 30, 1.5)));
  }

  @Test
  void journalOfTheFirstVersion_getsTheTableOfReferences() throws Exception {
    write(Trip.of("credit"));
    change("DROP TABLE refs");
    change("DROP TABLE reference_sets");
    change("DROP TABLE pruned");
    change("DROP INDEX decisions_inputs");
    change("ALTER TABLE inputs DROP COLUMN actions");
    change("ALTER TABLE inputs DROP COLUMN writer");
    change("PRAGMA user_version = 1");

    try (Journal again = open()) {
      assertThat(again.references()).isEmpty();
      assertThat(again.decisions(null, null, 10)).hasSize(1);
    }
  }

  @Test
  void decisions_comeNewestFirst() throws Exception {
    write(Trip.of("a"), Trip.of("b"), Trip.of("c"));

    try (Journal again = open()) {
      assertThat(again.decisions(null, null, 2))
          .extracting(record -> record.path("model").asText())
          .containsExactly("c", "b");
    }
  }

  @Test
  void warmUp_leavesNothing() throws Exception {
    try (Journal journal = open()) {
      journal.warmUp(Trip.of("credit"));
      journal.start();
      append(journal, Trip.of("credit"));
    }

    assertThat(written).extracting(record -> record.path("seq").asLong()).containsExactly(1L);
    assertThat(AuditChain.verify(data, null))
        .isEqualTo(new AuditChain.Result(0, 1, written.get(0).path("hash").asText(), null));
  }

  @Test
  void message_isForgottenOnceDelivered() throws Exception {
    try (Journal journal = open()) {
      journal.start();
      append(journal, Trip.of("credit"));
      journal.delivered(messages.get(0));
      Await.until("forgotten", () -> journal.outbox().isEmpty());
    }
  }

  @Test
  void hash_isWhatStandardToolsMakeOfPreviousHashAndCanonicalJson() throws Exception {
    write(Trip.of("credit"));

    String record = one("SELECT record FROM decisions");
    assertThat(written.get(0).path("prev").asText()).isEqualTo("0".repeat(64));
    assertThat(written.get(0).path("hash").asText())
        .isEqualTo(AuditChain.sha256("0".repeat(64) + record));
    assertThat(record).isEqualTo(AuditChain.canonical(record)).startsWith("{\"at\":\"2026-11-21T");
  }

  @Test
  void changedRecord_isFound() throws Exception {
    write(Trip.of("a"), Trip.of("b"));
    change("UPDATE decisions SET record = replace(record, '\"a\"', '\"x\"') WHERE seq = 1");

    assertThat(AuditChain.verify(data, null).problem())
        .isEqualTo("record 1: does not have the hash that was written for it");
  }

  @Test
  void removedRecord_isFound() throws Exception {
    write(Trip.of("a"), Trip.of("b"), Trip.of("c"));
    change("DELETE FROM decisions WHERE seq = 2");

    AuditChain.Result result = AuditChain.verify(data, null);

    assertThat(result.records()).isEqualTo(1);
    assertThat(result.problem()).isEqualTo("record 3: record 2 is missing");
  }

  @Test
  void changedInputs_areFound() throws Exception {
    write(Trip.of("a"));
    change("UPDATE inputs SET events = replace(events, '\"errors\":5', '\"errors\":4')");

    assertThat(AuditChain.verify(data, null).problem())
        .isEqualTo("record 1: its inputs are not those it was made from");
  }

  @Test
  void chainMadeAnew_isFoundByAHashThatWentOut() throws Exception {
    write(Trip.of("a"), Trip.of("b"));
    String sent = written.get(1).path("hash").asText();
    assertThat(AuditChain.verify(data, sent).problem()).isNull();

    change("DELETE FROM decisions WHERE seq = 2");

    assertThat(AuditChain.verify(data, null).problem()).isNull();
    assertThat(AuditChain.verify(data, sent).problem()).isEqualTo("no record has the hash " + sent);
  }

  @Test
  void folderWithoutJournal_cannotBeVerified() {
    assertThatThrownBy(() -> AuditChain.verify(data, null))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("has no journal.db");
  }

  @Test
  void fileOfANewerVersion_isRefused() throws Exception {
    write(Trip.of("a"));
    change("PRAGMA user_version = 99");

    assertThatThrownBy(this::open)
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("a newer Breakwater wrote it");
  }

  @Test
  void fileThatIsNoDatabase_isRefused() throws Exception {
    Files.writeString(data.resolve("journal.db"), "x".repeat(10_000));

    assertThatThrownBy(this::open)
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("journal.db: cannot be used");
  }

  @Test
  void stateThatCannotBeRead_isSaidWithItsModel() throws Exception {
    write(Trip.of("credit"));
    change("UPDATE states SET state = '{}'");

    try (Journal journal = open()) {
      assertThatThrownBy(journal::states)
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("the state of model credit cannot be read");
    }
  }

  private Journal open() {
    return Journal.open(
        data.resolve("journal.db"),
        record -> List.of(new OutboxMessage(0, "ops", record.path("kind").asText(), "body")),
        Clock.systemUTC());
  }

  private void write(JournalEntry... entries) throws InterruptedException {
    try (Journal journal = open()) {
      journal.start();
      for (JournalEntry entry : entries) {
        append(journal, entry);
      }
    }
  }

  private void append(Journal journal, JournalEntry entry) throws InterruptedException {
    int before = written.size();
    journal.append(entry, progress);
    Await.until("written", () -> written.size() > before);
  }

  private void change(String sql) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private String one(String sql) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + data.resolve("journal.db"));
  }
}
