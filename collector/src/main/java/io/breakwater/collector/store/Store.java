package io.breakwater.collector.store;

import com.fasterxml.jackson.databind.JsonNode;
import io.breakwater.engine.ModelState;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** What one collector keeps on disk: journal and history in a locked folder. */
public final class Store implements AutoCloseable {
  private final DataFolder folder;
  private final Journal journal;
  private final History history;

  private Store(DataFolder folder, Journal journal, History history) {
    this.folder = folder;
    this.journal = journal;
    this.history = history;
  }

  /**
   * Opens a folder and makes what is missing.
   *
   * @param outgoing the messages that a record leads to
   * @throws StoreException when it cannot be used, with the reason
   */
  public static Store open(Path dataDir, Function<JsonNode, List<OutboxMessage>> outgoing) {
    DataFolder folder = DataFolder.open(dataDir);
    try {
      Journal journal = Journal.open(folder.journal(), outgoing);
      try {
        return new Store(folder, journal, History.open(folder.history()));
      } catch (RuntimeException e) {
        journal.close();
        throw e;
      }
    } catch (RuntimeException e) {
      folder.close();
      throw e;
    }
  }

  /** The journal. */
  public Journal journal() {
    return journal;
  }

  /** The history. */
  public History history() {
    return history;
  }

  /**
   * The latest known state of every model, from journal or history.
   *
   * @throws StoreException when one cannot be read
   */
  public Map<String, ModelState> states() {
    Map<String, ModelState> newest = new HashMap<>(history.states());
    journal
        .states()
        .forEach(
            (model, state) ->
                newest.merge(model, state, (a, b) -> b.now().isBefore(a.now()) ? a : b));
    return newest;
  }

  @Override
  public void close() {
    journal.close();
    history.close();
    folder.close();
  }
}
