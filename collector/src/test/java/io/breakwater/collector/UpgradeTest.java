package io.breakwater.collector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.breakwater.collector.store.AuditChain;
import io.breakwater.collector.store.Replay;
import io.breakwater.collector.store.Store;
import io.breakwater.engine.ModelState;
import io.breakwater.engine.Standing;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Data folders of earlier versions. {@code data_v2.zip} is what the collector of commit bfff55b
 * left behind: a reference was sent, version 2 tripped and was verified, version 1 is held, and
 * nobody took the alerts.
 */
class UpgradeTest {
  private static final String HEAD =
      "bc4d75dbbd86225de41dc7d9c8b41c9299c191ce203484c9aaca500ec0e66f0c";
  private static final int UNSENT = 5;

  @TempDir Path data;

  @BeforeEach
  void unpack() throws IOException {
    try (InputStream in = UpgradeTest.class.getResourceAsStream("/golden/data_v2.zip");
        ZipInputStream zip = new ZipInputStream(in)) {
      for (ZipEntry file = zip.getNextEntry(); file != null; file = zip.getNextEntry()) {
        Files.write(data.resolve(file.getName()), zip.readAllBytes());
      }
    }
  }

  @Test
  void folder_isVerifiedAndReplayedAsItIs() {
    AuditChain.Result chain = AuditChain.verify(data, null);

    assertThat(chain.problem()).isNull();
    assertThat(chain.records()).isEqualTo(4);
    assertThat(chain.head()).isEqualTo(HEAD);
  }

  @Test
  void everything_isAsBefore() {
    assertKept();
    assertKept(); // now in the present form
  }

  @Test
  void everythingOfTheFirstVersionToo() throws Exception {
    change("journal.db", "DROP TABLE refs");
    change("journal.db", "PRAGMA user_version = 1");

    assertKept();
  }

  private void assertKept() {
    try (Store store = Store.open(data, record -> List.of(), Clock.systemUTC())) {
      ModelState state = store.states().get(CollectorFixture.MODEL);
      assertThat(state.versions().get("1").breaker().name()).isEqualTo("FORCED_CLOSED");
      assertThat(state.versions().get("1").standing()).isEqualTo(Standing.GOOD);
      assertThat(state.versions().get("2").breaker().name()).isEqualTo("OPEN");
      assertThat(state.versions().get("2").breaker().decision())
          .isEqualTo("20261121T130928.130Z-credit-2-2");
      assertThat(state.references().prepared().digest()).startsWith("a561439cd6cc2a03");
      assertThat(state.references().prepared().signals()).containsOnlyKeys("class");
      assertThat(store.journal().outbox()).hasSize(UNSENT);
      assertThat(store.journal().decisions(null, null, 10))
          .extracting(record -> record.path("kind").asText())
          .containsExactly("FORCED_CLOSED", "VERIFIED", "TRIPPED", "REFERENCE_PINNED");
    }
    assertThat(AuditChain.verify(data, HEAD).problem()).isNull();
  }

  @Test
  void collector_goesOnWhereTheOlderOneEnded() throws Exception {
    try (CollectorFixture world = new CollectorFixture(data)) {
      world.target.with("1", 1).with("2", 0);

      world.start();

      JsonNode told = world.told("io.breakwater.breaker.tripped").path("data");
      assertThat(told.path("decision").asText()).isEqualTo("20261121T130928.130Z-credit-2-2");
      world.told("io.breakwater.breaker.verified");
      world.drive(List.of(), () -> world.calls("1") > 100);
      assertThat(world.state("1")).isEqualTo("FORCED_CLOSED");
      assertThat(world.kinds())
          .startsWith("REFERENCE_PINNED", "TRIPPED", "VERIFIED", "FORCED_CLOSED");
    }
    assertThat(AuditChain.verify(data, HEAD).problem()).isNull();
    Replay.Result replay = Replay.of(data);
    assertThat(replay.problem()).isNull();
    assertThat(replay.records() + replay.unreadable()).isGreaterThanOrEqualTo(4);
    assertThat(replay.covered()).isNotEmpty();
  }

  @Test
  void newerFiles_areRefusedAndLeftAlone() throws Exception {
    for (String file : List.of("journal.db", "history.db")) {
      change(file, "PRAGMA user_version = 99");
      byte[] before = Files.readAllBytes(data.resolve(file));

      try (CollectorFixture world = new CollectorFixture(data)) {
        assertThatThrownBy(world::start)
            .isInstanceOf(CollectorException.class)
            .hasMessageContaining(file)
            .hasMessageContaining("a newer Breakwater wrote it");
      }

      assertThat(Files.readAllBytes(data.resolve(file))).isEqualTo(before);
      change(file, "PRAGMA user_version = " + Map.of("journal.db", 2, "history.db", 1).get(file));
    }
  }

  private void change(String file, String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + data.resolve(file));
        Statement statement = connection.createStatement()) {
      statement.executeUpdate(sql);
    }
  }
}
