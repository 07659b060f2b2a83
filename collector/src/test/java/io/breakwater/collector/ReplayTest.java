package io.breakwater.collector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.breakwater.collector.store.AuditChain;
import io.breakwater.collector.store.Replay;
import io.breakwater.collector.store.StoreException;
import io.breakwater.engine.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a collector wrote down in two lives with a trip, an order and silence, replayed. */
class ReplayTest {
  private static final List<String> NONE = List.of();
  private static final List<String> CANARY = List.of("2");

  @TempDir static Path original;
  private static final String MIDDLE = "SELECT max(previous) FROM stretches WHERE previous <> run";
  private static List<String> kinds = List.of();

  @TempDir Path data;

  @BeforeAll
  static void live() throws Exception {
    try (CollectorFixture world = new CollectorFixture(original)) {
      world.start();
      world.drive(NONE, () -> world.calls("1") > 100);
      world.drive(CANARY, () -> world.state("2").equals("OPEN"));
      Thread.sleep(300); // silence is an input too
      world.stop();
      world.start();
      world.drive(NONE, () -> world.calls("1") > 100);
      for (Event.Verb verb : List.of(Event.Verb.RESET, Event.Verb.HOLD, Event.Verb.RELEASE)) {
        world
            .collector()
            .models()
            .order(CollectorFixture.MODEL, "2", verb, "ann", "fixed", null, null)
            .toCompletableFuture()
            .get();
      }
      world.drive(NONE, () -> world.target.share("2") > 0 && world.calls("2") > 100);
      kinds = world.kinds();
      world.stop();
    }
  }

  @BeforeEach
  void copy() throws IOException {
    for (String file : List.of("journal.db", "replay.db")) {
      Files.copy(original.resolve(file), data.resolve(file));
    }
  }

  @Test
  void everything_leadsToTheSameDecisions() {
    assertThat(kinds).startsWith("TRIPPED", "VERIFIED", "RESET");

    Replay.Result result = Replay.of(data);

    assertThat(result.problem()).isNull();
    assertThat(result.records()).isEqualTo(kinds.size());
    assertThat(result.covered())
        .singleElement()
        .satisfies(
            covered -> {
              assertThat(covered.decisions()).isEqualTo(kinds.size());
              assertThat(covered.unwritten()).isZero();
              assertThat(covered.gaps()).isEqualTo(1); // the restart
              assertThat(covered.events()).isGreaterThan(10);
            });
  }

  @Test
  void decisionThatWasTakenOut_isMissed() throws Exception {
    change("journal.db", "DELETE FROM decisions WHERE seq = 1");

    assertThat(Replay.of(data).problem())
        .startsWith("model credit: the inputs lead to TRIPPED of version 2")
        .endsWith("which the journal does not have");
  }

  @Test
  void decisionThatWasPutIn_isNotLedTo() throws Exception {
    change(
        "journal.db",
        "INSERT INTO decisions (seq, record, prev, hash, inputs) SELECT seq + 1000,"
            + " json_set(record, '$.kind', 'LATCHED'), prev, hash, inputs FROM decisions"
            + " WHERE seq = 2");

    assertThat(Replay.of(data).problem())
        .startsWith("record 1002: LATCHED of version 2")
        .endsWith("which differs in kind");
  }

  @Test
  void decisionThatWasChanged_differsInWhatWasChanged() throws Exception {
    change(
        "journal.db",
        "UPDATE decisions SET record = json_set(record, '$.reason', 'nothing') WHERE seq = 1");

    assertThat(Replay.of(data).problem())
        .startsWith("record 1: TRIPPED of version 2 at ")
        .endsWith("which differs in reason");
  }

  @Test
  void inputsThatWereTakenOut_areMissed() throws Exception {
    // in the middle: a process that ends early may lose its last
    change("replay.db", "DELETE FROM stretches WHERE id = (" + MIDDLE + ")");

    assertThat(Replay.of(data).problem())
        .startsWith("model credit: what was received between ")
        .endsWith("is missing");
  }

  @Test
  void inputsThatARunBeganWith_areMissed() throws Exception {
    change("replay.db", "DELETE FROM stretches WHERE id = (SELECT min(run) FROM stretches)");

    assertThat(Replay.of(data).problem())
        .startsWith("model credit: what was received before ")
        .endsWith("is missing");
  }

  @Test
  void lastDecisionsThatAProcessCouldNotWrite_areCountedAndFine() throws Exception {
    change("journal.db", "DELETE FROM decisions WHERE seq > 2");

    Replay.Result result = Replay.of(data);

    assertThat(result.problem()).isNull();
    assertThat(result.covered().get(0).unwritten()).isEqualTo(kinds.size() - 2L);
  }

  @Test
  void folderWithoutInputs_isReplayedFromTheJournalAlone() throws Exception {
    Files.delete(data.resolve("replay.db"));

    assertThat(Replay.of(data)).isEqualTo(new Replay.Result(kinds.size(), 0, 0, List.of(), null));
    assertThat(AuditChain.verify(data, null).problem()).isNull();
  }

  @Test
  void folderWithoutJournal_cannotBeReplayed() {
    assertThatThrownBy(() -> Replay.of(data.resolve("none")))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("has no journal.db");
  }

  private void change(String file, String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + data.resolve(file));
        Statement statement = connection.createStatement()) {
      assertThat(statement.executeUpdate(sql)).isPositive();
    }
  }
}
