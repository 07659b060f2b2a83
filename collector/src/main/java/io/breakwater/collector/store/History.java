package io.breakwater.collector.store;

import io.breakwater.engine.ModelState;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;

/**
 * The latest state of every model, saved now and then: {@code history.db}. A file of its own, so
 * that its batches never delay a decision. Safe for use by many threads.
 */
public final class History implements AutoCloseable {
  private static final List<String> SCRIPTS = List.of("history_v1.sql");

  private final Handle handle;

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
      return new History(handle);
    } catch (JdbiException e) {
      throw new StoreException(
          file
              + ": cannot be used: "
              + e.getMessage()
              + " (expected: a file that this user may"
              + " write, on a disk that is not full)",
          e);
    }
  }

  /**
   * The states as last saved.
   *
   * @throws StoreException when one cannot be read
   */
  public synchronized Map<String, ModelState> states() {
    return States.read("history.db", Tables.states(handle, "snapshots"));
  }

  /** Saves states in one transaction. */
  public synchronized void save(List<ModelState> states) {
    handle.useTransaction(
        tx ->
            states.forEach(
                state -> Tables.putSnapshot(tx, state.policy().model(), EngineJson.write(state))));
  }

  @Override
  public synchronized void close() {
    handle.close();
  }
}
