package io.breakwater.collector;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.engine.Event.Verb;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The order of two moments on the monotonic clock: the commit of a shift's record returned (its
 * fsync with it), and the backend was called, which is before its first byte.
 */
@Timeout(60)
class JournalBeforeActTest {
  private static final int TRIPS = 40;
  private static final long PATIENCE_NANOS = 100_000_000L;

  @TempDir Path data;

  private final Map<String, Long> committed = new ConcurrentHashMap<>();
  private CollectorFixture world;

  @BeforeEach
  void open() throws Exception {
    world = new CollectorFixture(data);
  }

  private void start() throws Exception {
    world.start();
    world
        .collector()
        .onCommit((begun, ended, shifts) -> shifts.forEach(id -> committed.putIfAbsent(id, ended)));
    world.drive(List.of(), () -> world.calls("2") > 0 && !world.state("2").equals("none"));
  }

  @AfterEach
  void stop() {
    world.close();
  }

  @Test
  void everyShift_isOnDiskBeforeItsBackendIsCalled() throws Exception {
    start();
    for (int i = 0; i < TRIPS; i++) {
      order(Verb.TRIP).toCompletableFuture().get(20, TimeUnit.SECONDS);
      world.drive(List.of(), () -> world.target.share("2") == 0);
      order(Verb.HOLD).toCompletableFuture().get(20, TimeUnit.SECONDS);
      world.drive(List.of(), () -> world.target.share("2") > 0);
      order(Verb.RELEASE).toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    Map<String, Long> called = world.target.firstCalls();
    assertThat(called).hasSizeGreaterThanOrEqualTo(2 * TRIPS);
    called.forEach((shift, nanos) -> assertThat(nanos - committed.get(shift)).isPositive());
  }

  @Test
  void stalledJournal_isOvertakenAfterItsTimeAndNotBefore() throws Exception {
    start();
    CompletionStage<?> written;
    String shift;
    try (Connection stuck = world.lockJournal()) {
      long begun = System.nanoTime();
      written = order(Verb.TRIP);
      Await.until("out", () -> world.target.share("2") == 0);

      shift = world.target.applied().get(0);
      assertThat(world.target.firstCalls().get(shift) - begun).isGreaterThan(PATIENCE_NANOS);
      assertThat(committed).isEmpty();
      stuck.rollback();
    }
    written.toCompletableFuture().get(20, TimeUnit.SECONDS);
    assertThat(committed.get(shift)).isGreaterThan(world.target.firstCalls().get(shift));
    assertThat(world.target.applied()).hasSize(1);
  }

  @Test
  void stalledJournal_isWaitedForWhereRepeatingDoesHarm() throws Exception {
    world.target.idempotent(false);
    start();
    CompletionStage<?> written;
    try (Connection stuck = world.lockJournal()) {
      written = order(Verb.TRIP);
      world.told("io.breakwater.journal.stalled");
      assertThat(world.target.applied()).isEmpty();
      stuck.rollback();
    }
    written.toCompletableFuture().get(20, TimeUnit.SECONDS);
    Await.until("out", () -> world.target.share("2") == 0);

    world
        .target
        .firstCalls()
        .forEach((shift, nanos) -> assertThat(nanos).isGreaterThan(committed.get(shift)));
  }

  private CompletionStage<?> order(Verb verb) {
    return world
        .collector()
        .models()
        .order(CollectorFixture.MODEL, "2", verb, "ann", "a trial", null, null);
  }
}
