package io.breakwater.collector.store;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import io.breakwater.collector.store.Replay.Covered;
import io.breakwater.collector.store.Replay.DivergedException;
import io.breakwater.collector.store.Stretch.IdlePanes;
import io.breakwater.engine.DecisionRecord;
import io.breakwater.engine.Engine;
import io.breakwater.engine.Event;
import io.breakwater.engine.ModelState;
import io.breakwater.engine.Step;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Everything that was received of one model, replayed. A chain is a state and the stretches that
 * are known to follow it; a state that stands in between must be the one that was reached.
 *
 * <p>Within a chain the journal must have every record that comes out, in order, and no other. Only
 * the last ones may be missing, where a process ended before it had written them.
 */
final class ModelReplay {
  private static final int PAGE = 64;

  private final String model;
  private final Handle log;
  private final EngineJson.Finder finder;
  private final List<Recorded> recorded;
  private final boolean pruned;
  private int next;
  private @Nullable ModelState state;
  private @Nullable Instant from;
  private Instant until = Instant.EPOCH;
  private long last;
  private int chains;
  private long events;
  private long decisions;
  private long unwritten;
  private String missing = "";
  private String writer = Sqlite.WRITER;

  /** A record of the journal. */
  private record Recorded(Instant at, JsonNode record) {}

  ModelReplay(String model, Handle log, Handle journal) {
    this.model = model;
    this.log = log;
    this.finder = ReferenceShelf.finder(log);
    this.pruned = Tables.pruned(journal).seq() > 0;
    this.recorded =
        Tables.ofModel(journal, model).stream()
            .map(EngineJson::parse)
            .map(record -> new Recorded(Instant.parse(record.path("at").asText()), record))
            .toList();
  }

  /** What was replayed, or null when nothing of it can be. */
  @Nullable Covered replay() throws DivergedException {
    List<StretchTable.Row> rows;
    do {
      rows = StretchTable.of(log, model, last, PAGE);
      for (StretchTable.Row row : rows) {
        writer = row.writer();
        replay(row);
        last = row.id();
      }
    } while (rows.size() == PAGE);
    endChain();
    return from == null
        ? null
        : new Covered(model, from, until, chains - 1, events, decisions, unwritten);
  }

  private void replay(StretchTable.Row row) throws DivergedException {
    try {
      boolean goesOn = state != null && row.follows();
      if (!goesOn) {
        endChain();
      } else {
        requireReached(row);
        EngineJson.readList(row.idle(), IdlePanes.class).stream()
            .flatMap(IdlePanes::events)
            .forEach(this::idle);
      }
      if (row.snapshot() != null) {
        take(EngineJson.read(row.snapshot(), ModelState.class, finder));
      } else if (state == null && row.writer().equals(Sqlite.WRITER)) {
        throw diverged("what was received before " + row.starts() + " is missing");
      }
      if (state != null) {
        for (Event event : EngineJson.readList(row.events(), Event.class, finder)) {
          step(event);
        }
        expectNothingBefore(state.now());
      }
    } catch (IllegalArgumentException e) {
      if (row.writer().equals(Sqlite.WRITER)) {
        throw diverged("the inputs until " + row.ends() + " cannot be read: " + e.getMessage());
      }
      state = null; // only the version that wrote it can replay it
    }
  }

  private void requireReached(StretchTable.Row row) throws DivergedException {
    Instant now = requireNonNull(state).now();
    boolean other = row.previous() != 0 && row.previous() != last;
    if (other || !now.equals(row.starts())) {
      throw diverged("what was received between " + now + " and " + row.starts() + " is missing");
    }
  }

  /** Begins with a state, or checks that it is the one that was reached. */
  private void take(ModelState snapshot) throws DivergedException {
    if (state == null) {
      state = snapshot;
      chains++;
      from = from == null ? snapshot.now() : from;
      while (next < recorded.size() && !recorded.get(next).at().isAfter(snapshot.now())) {
        next++;
      }
    } else if (!state.equals(snapshot)) {
      throw diverged(
          "the inputs lead to another state at " + snapshot.now() + " than was written down then");
    }
  }

  private void idle(Event pane) {
    Step step = Engine.step(requireNonNull(state), pane);
    if (!step.records().isEmpty()) {
      throw new IllegalArgumentException(
          "a pane in which nothing came leads to " + Replay.words(step.records().get(0)));
    }
    advance(step);
  }

  private void step(Event event) throws DivergedException {
    Step step = Engine.step(requireNonNull(state), event);
    advance(step);
    for (DecisionRecord record : step.records()) {
      compare(record);
    }
  }

  private void advance(Step step) {
    state = step.next();
    until = step.next().now();
    events++;
  }

  private void compare(DecisionRecord replayed) throws DivergedException {
    if (next > 0 && missing.isEmpty() && isSame(recorded.get(next - 1), replayed)) {
      decisions++; // of the very moment in which the chain begins
      return;
    }
    if (pruned
        && next == 0
        && (recorded.isEmpty() || replayed.at().isBefore(recorded.get(0).at()))) {
      return; // the journal keeps no record that old
    }
    if (next < recorded.size() && isSame(recorded.get(next), replayed)) {
      if (!missing.isEmpty()) {
        throw diverged("the inputs lead to " + missing + ", which the journal does not have");
      }
      next++;
      decisions++;
      return;
    }
    boolean other =
        next < recorded.size()
            && recorded.get(next).record().path("decision").asText().equals(replayed.decision())
            && recorded.get(next).record().path("kind").asText().equals(replayed.kind().name());
    if (other) {
      JsonNode mine = recorded.get(next).record();
      throw diverged(
          Replay.words(mine)
              + " was written, and what came out differs in "
              + Replay.difference(mine, replayed));
    }
    missing = missing.isEmpty() ? Replay.words(replayed) : missing;
    unwritten++;
  }

  private static boolean isSame(Recorded one, DecisionRecord other) {
    return one.record().path("decision").asText().equals(other.decision())
        && Replay.bare(one.record()).equals(Replay.bare(other));
  }

  private void expectNothingBefore(Instant now) throws DivergedException {
    if (next < recorded.size() && recorded.get(next).at().isBefore(now)) {
      throw notLedTo(recorded.get(next));
    }
  }

  private void endChain() throws DivergedException {
    if (state == null) {
      return;
    }
    if (next < recorded.size() && !recorded.get(next).at().isAfter(state.now())) {
      throw notLedTo(recorded.get(next));
    }
    state = null;
    missing = "";
  }

  private DivergedException notLedTo(Recorded record) {
    return diverged(
        Replay.words(record.record()) + " was written, and the inputs do not lead to it");
  }

  private DivergedException diverged(String message) {
    return new DivergedException("model " + model + ": " + message, writer);
  }
}
