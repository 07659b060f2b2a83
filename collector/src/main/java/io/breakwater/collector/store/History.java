package io.breakwater.collector.store;

import io.breakwater.engine.ModelState;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.LoggerFactory;

/**
 * The latest state of every model, saved now and then: {@code history.db}. A file of its own, so
 * that its batches never delay a decision. Safe for use by many threads.
 */
public final class History implements AutoCloseable {
  static final List<String> SCRIPTS = List.of("history_v1.sql", "history_v2.sql");

  private final Handle handle;
  private final ReferenceShelf references = new ReferenceShelf();
  private final Trouble trouble =
      new Trouble("The history", LoggerFactory.getLogger(History.class));

  private History(Handle handle) {
    this.handle = handle;
  }

  /**
   * Opens the history and makes it where there is none.
   *
   * @throws StoreException when it cannot be used
   */
  public static History open(Path file) {
    try {
      Handle handle = Sqlite.relaxed(file).open();
      Migrations.run(handle, "history.db", SCRIPTS);
      Sqlite.letShrink(handle, "history.db");
      Tables.deleteReferencesWithoutSnapshot(handle);
      return new History(handle);
    } catch (JdbiException e) {
      throw new StoreException(file + ": cannot be used: " + SqliteWords.reason(e), e);
    }
  }

  /**
   * The states as last saved.
   *
   * @throws StoreException when one cannot be read
   */
  public synchronized Map<String, ModelState> states() {
    return States.read(handle, "history.db", "snapshots");
  }

  /** Saves states in one transaction; says whether that worked, else the ones before stay. */
  public synchronized boolean save(List<ModelState> states, Instant now) {
    try {
      handle.useTransaction(tx -> states.forEach(state -> put(tx, state, now)));
      trouble.over(now);
      return true;
    } catch (JdbiException e) {
      trouble.failed(SqliteWords.of("history.db", e), now);
      return false;
    }
  }

  /** When each model's state was last saved, by model. */
  synchronized Map<String, Instant> stateTimes() {
    return Tables.stateTimes(handle, "snapshots");
  }

  /** Forgets the states of models. */
  synchronized void forget(Collection<String> models) {
    handle.useTransaction(
        tx -> models.forEach(model -> Tables.deleteState(tx, "snapshots", model)));
  }

  private void put(Handle tx, ModelState state, Instant now) {
    Tables.putSnapshot(tx, state.policy().model(), references.write(tx, state, now));
  }

  /** Whether states can be saved. */
  public Trouble trouble() {
    return trouble;
  }

  @Override
  public synchronized void close() {
    handle.close();
  }
}
