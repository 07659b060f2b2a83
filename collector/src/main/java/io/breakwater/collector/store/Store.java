package io.breakwater.collector.store;

import com.fasterxml.jackson.databind.JsonNode;
import io.breakwater.engine.ModelState;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What one collector keeps on disk: journal, history and inputs in a locked folder. */
public final class Store implements AutoCloseable {
  private final DataFolder folder;
  private final Journal journal;
  private final History history;
  private final InputLog inputs;
  private volatile Retention retention = Retention.DEFAULTS;

  private Store(DataFolder folder, Journal journal, History history, InputLog inputs) {
    this.folder = folder;
    this.journal = journal;
    this.history = history;
    this.inputs = inputs;
  }

  /**
   * Opens a folder and makes what is missing.
   *
   * @param outgoing the messages that a record leads to
   * @throws StoreException when it cannot be used, with the reason
   */
  public static Store open(
      Path dataDir, Function<JsonNode, List<OutboxMessage>> outgoing, Clock clock) {
    Deque<AutoCloseable> opened = new ArrayDeque<>();
    try {
      DataFolder folder = kept(opened, DataFolder.open(dataDir));
      Migrations.check(folder.journal(), Journal.SCRIPTS);
      Migrations.check(folder.history(), History.SCRIPTS);
      Migrations.check(folder.replay(), InputLog.SCRIPTS);
      Journal journal = kept(opened, Journal.open(folder.journal(), outgoing, clock));
      History history = kept(opened, History.open(folder.history()));
      return new Store(folder, journal, history, InputLog.open(folder.replay(), clock));
    } catch (RuntimeException e) {
      opened.forEach(part -> close(part, e));
      throw e;
    }
  }

  private static <T extends AutoCloseable> T kept(Deque<AutoCloseable> opened, T part) {
    opened.push(part);
    return part;
  }

  private static void close(AutoCloseable part, RuntimeException reason) {
    try {
      part.close();
    } catch (Exception e) {
      reason.addSuppressed(e);
    }
  }

  /** Keeps everything for so long from now on. */
  public void setRetention(Retention retention) {
    this.retention = retention;
    journal.setRetention(retention);
    inputs.setRetention(retention);
  }

  /** The journal. */
  public Journal journal() {
    return journal;
  }

  /** The history. */
  public History history() {
    return history;
  }

  /** The log of inputs. */
  public InputLog inputs() {
    return inputs;
  }

  /** Bytes of each file on disk. */
  Map<String, Long> sizes() {
    return folder.sizes();
  }

  /** What cannot be written at present, in words; empty when all can. */
  public List<String> troubles() {
    return Stream.of(journal.trouble(), history.trouble(), inputs.trouble())
        .map(Trouble::episode)
        .filter(Objects::nonNull)
        .map(episode -> episode.reason() + ", since " + episode.since())
        .toList();
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

  /**
   * Forgets what is known of models that no rule fits and whose state was not written for as long
   * as records are kept: their breakers, standing and references.
   *
   * @param guarded whether a rule fits a model
   * @return the models that are forgotten
   */
  public Set<String> forgetRemoved(Predicate<String> guarded, Instant now) {
    Map<String, Instant> last = new HashMap<>(history.stateTimes());
    journal
        .stateTimes()
        .forEach((model, at) -> last.merge(model, at, (a, b) -> b.isBefore(a) ? a : b));
    Instant before = now.minus(retention.decisions());
    Set<String> gone = new TreeSet<>();
    last.forEach(
        (model, at) -> {
          if (at.isBefore(before) && !guarded.test(model)) {
            gone.add(model);
          }
        });
    if (!gone.isEmpty()) {
      history.forget(gone);
      journal.forget(gone);
    }
    return gone;
  }

  @Override
  public void close() {
    journal.close();
    history.close();
    inputs.close();
    folder.close();
  }
}
