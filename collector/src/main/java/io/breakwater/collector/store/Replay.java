package io.breakwater.collector.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.breakwater.collector.store.Tables.DecisionInputs;
import io.breakwater.engine.Action;
import io.breakwater.engine.DecisionRecord;
import io.breakwater.engine.Engine;
import io.breakwater.engine.Event;
import io.breakwater.engine.ModelState;
import io.breakwater.engine.Step;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Replays what a collector wrote down through the engine and compares what comes out with what it
 * decided: each decision from its own inputs ({@code journal.db}), and everything that was received
 * lately as a whole ({@code replay.db}).
 *
 * <p>The engine is a pure function, so the two are equal to the last digit. They differ when a file
 * was changed, or when the engine of this version decides otherwise than the one that wrote.
 */
public final class Replay {
  private Replay() {}

  /**
   * What a replay found.
   *
   * @param records how many records came out of their own inputs as they were written
   * @param withoutInputs how many have none any more
   * @param unreadable how many have inputs that only the version that wrote them can read
   * @param covered what was replayed as a whole, by model
   * @param problem the first divergence, in words; null when there is none
   */
  public record Result(
      long records,
      long withoutInputs,
      long unreadable,
      List<Covered> covered,
      @Nullable String problem) {
    public Result {
      covered = List.copyOf(covered);
    }
  }

  /**
   * What was replayed of one model as a whole.
   *
   * @param from time of the first state
   * @param until time of the last event
   * @param gaps times at which it began anew from a state that was kept
   * @param events panes, outcomes and orders
   * @param decisions records that came out, as written
   * @param unwritten records that came out and that a process which ended had not yet written
   */
  public record Covered(
      String model,
      Instant from,
      Instant until,
      int gaps,
      long events,
      long decisions,
      long unwritten) {}

  /** The replay is not as it was written; the message says where. */
  static final class DivergedException extends Exception {
    private static final long serialVersionUID = 1L;

    DivergedException(String message, String writer) {
      super(
          message
              + (writer.equals(Sqlite.WRITER)
                  ? ""
                  : " (written by version "
                      + writer
                      + ", replayed by "
                      + Sqlite.WRITER
                      + ", which may decide otherwise)"));
    }
  }

  /**
   * Replays a data folder; a running collector does not mind.
   *
   * @throws StoreException when there is no journal or it cannot be read
   */
  public static Result of(Path dataFolder) {
    Path journal = dataFolder.resolve("journal.db");
    if (!Files.isRegularFile(journal)) {
      throw new StoreException(
          "data folder " + dataFolder + ": has no journal.db (expected: a collector's --data)");
    }
    try (Handle handle = Sqlite.readOnly(journal).open()) {
      Decisions decisions = new Decisions(handle);
      List<Covered> covered = new ArrayList<>();
      String problem = null;
      try {
        decisions.replay();
        whole(dataFolder.resolve("replay.db"), handle, covered);
      } catch (DivergedException e) {
        problem = e.getMessage();
      }
      return new Result(
          decisions.replayed, decisions.without, decisions.unreadable, covered, problem);
    }
  }

  private static void whole(Path file, Handle journal, List<Covered> covered)
      throws DivergedException {
    if (!Files.isRegularFile(file)) {
      return;
    }
    try (Handle handle = Sqlite.readOnly(file).open()) {
      for (String model : StretchTable.models(handle)) {
        Covered of = new ModelReplay(model, handle, journal).replay();
        if (of != null) {
          covered.add(of);
        }
      }
    }
  }

  /** A record as it is compared: canonical, without what binds it into the chain. */
  static String bare(JsonNode record) {
    return AuditChain.canonical(
        ((ObjectNode) record.deepCopy())
            .without(List.of("seq", "inputs", "prev", "hash"))
            .toString());
  }

  static String bare(DecisionRecord record) {
    return AuditChain.canonical(EngineJson.tree(record).toString());
  }

  /** What a record says, in short. */
  static String words(JsonNode record) {
    String version = record.path("version").asText("");
    return record.path("kind").asText()
        + (version.isEmpty() ? "" : " of version " + version)
        + " at "
        + record.path("at").asText()
        + " (decision "
        + record.path("decision").asText()
        + ")";
  }

  static String words(DecisionRecord record) {
    return words(EngineJson.tree(record));
  }

  /** Where two records of the same decision differ. */
  static String difference(JsonNode recorded, DecisionRecord replayed) {
    JsonNode other = EngineJson.parse(bare(replayed));
    JsonNode mine = EngineJson.parse(bare(recorded));
    List<String> fields = new ArrayList<>();
    mine.fieldNames()
        .forEachRemaining(
            name -> {
              if (!mine.path(name).equals(other.path(name))) {
                fields.add(name);
              }
            });
    return fields.isEmpty() ? "what only one of them has" : String.join(", ", fields);
  }

  /** Each decision from its own inputs. */
  private static final class Decisions {
    private final Handle handle;
    private final EngineJson.Finder finder;
    private long replayed;
    private long without;
    private long unreadable;

    Decisions(Handle handle) {
      this.handle = handle;
      this.finder = Tables.hasReferenceSets(handle) ? ReferenceShelf.finder(handle) : name -> null;
    }

    void replay() throws DivergedException {
      try (var rows = Tables.decisionInputs(handle)) {
        List<DecisionInputs> same = new ArrayList<>();
        while (rows.hasNext()) {
          DecisionInputs row = rows.next();
          if (!same.isEmpty() && same.get(0).inputs() != row.inputs()) {
            replay(same);
            same.clear();
          }
          same.add(row);
        }
        if (!same.isEmpty()) {
          replay(same);
        }
      }
    }

    /** All records of one step. */
    private void replay(List<DecisionInputs> rows) throws DivergedException {
      DecisionInputs first = rows.get(0);
      if (first.snapshot().isEmpty()) {
        String digest = EngineJson.parse(first.record()).path("inputs").asText();
        without += digest.equals(AuditChain.NO_INPUTS) ? 0 : rows.size();
        return;
      }
      Step step;
      try {
        step = step(first);
      } catch (IllegalArgumentException e) {
        if (first.writer().equals(Sqlite.WRITER)) {
          throw new DivergedException(
              "record " + first.seq() + ": its inputs cannot be read: " + e.getMessage(),
              first.writer());
        }
        unreadable += rows.size();
        return;
      }
      Iterator<DecisionRecord> records = step.records().iterator();
      for (DecisionInputs row : rows) {
        JsonNode recorded = EngineJson.parse(row.record());
        String place = "record " + row.seq() + ": " + words(recorded);
        if (!records.hasNext()) {
          throw new DivergedException(
              place + " was written, and its inputs lead to no such record", row.writer());
        }
        DecisionRecord again = records.next();
        if (!bare(again).equals(bare(recorded))) {
          throw new DivergedException(
              place
                  + " was written, and its inputs lead to "
                  + words(again)
                  + ", which differs in "
                  + difference(recorded, again),
              row.writer());
        }
      }
      // a record that was pruned may have had the same inputs; more than was written is not fine
      if (records.hasNext() && first.seq() > 1 + Tables.pruned(handle).seq()) {
        throw new DivergedException(
            "record "
                + first.seq()
                + ": its inputs also lead to "
                + words(records.next())
                + ", which was not written",
            first.writer());
      }
      compareActions(first, step);
      replayed += rows.size();
    }

    private Step step(DecisionInputs row) throws DivergedException {
      ModelState state = EngineJson.read(row.snapshot(), ModelState.class, finder);
      List<Event> events = EngineJson.readList(row.events(), Event.class, finder);
      Step step = new Step(state, List.of(), List.of());
      for (int i = 0; i < events.size(); i++) {
        step = Engine.step(step.next(), events.get(i));
        boolean last = i == events.size() - 1;
        if (!last && !(step.records().isEmpty() && step.actions().isEmpty())) {
          throw new DivergedException(
              "record "
                  + row.seq()
                  + ": its inputs lead to a decision already at "
                  + events.get(i).at()
                  + ", before their end",
              row.writer());
        }
      }
      return step;
    }

    private static void compareActions(DecisionInputs row, Step step) throws DivergedException {
      if (row.actions() != null
          && !EngineJson.readList(row.actions(), Action.class).equals(step.actions())) {
        throw new DivergedException(
            "record "
                + row.seq()
                + ": its inputs lead to other actions than were asked for: "
                + step.actions(),
            row.writer());
      }
    }
  }
}
