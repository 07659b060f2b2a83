package io.breakwater.collector.store;

import io.breakwater.engine.Action;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.result.ResultIterator;
import org.jspecify.annotations.Nullable;

/** The SQL of {@code journal.db}. */
final class Tables {
  private Tables() {}

  /** A record with what binds it into the chain; inputs only where they were asked for. */
  record ChainRow(
      long seq,
      String record,
      String prev,
      String hash,
      @Nullable String snapshot,
      @Nullable String events) {}

  /**
   * What is kept no more.
   *
   * @param seq number of the last record that is gone; 0 when none is
   * @param hash its hash, which the next record follows
   * @param inputs number of the last record whose inputs are gone
   */
  record Pruned(long seq, String hash, long inputs) {
    static final Pruned NOTHING = new Pruned(0, AuditChain.GENESIS, 0);
  }

  /** What was pruned; nothing in a file of a version that did not prune. */
  static Pruned pruned(Handle handle) {
    if (!hasTable(handle, "pruned")) {
      return Pruned.NOTHING;
    }
    return handle
        .createQuery("SELECT seq, hash, inputs FROM pruned")
        .map((rs, ctx) -> new Pruned(rs.getLong(1), rs.getString(2), rs.getLong(3)))
        .one();
  }

  private static boolean hasTable(Handle handle, String name) {
    return handle
            .createQuery("SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = ?")
            .bind(0, name)
            .mapTo(Long.class)
            .one()
        > 0;
  }

  /** Number and hash of the last record, kept or not. */
  static ChainRow last(Handle handle) {
    Pruned pruned = pruned(handle);
    return handle
        .createQuery("SELECT seq, hash FROM decisions ORDER BY seq DESC LIMIT 1")
        .map((rs, ctx) -> new ChainRow(rs.getLong(1), "", "", rs.getString(2), null, null))
        .findOne()
        .orElse(new ChainRow(pruned.seq(), "", "", pruned.hash(), null, null));
  }

  static long insertInputs(
      Handle handle, String model, String snapshot, String events, String actions) {
    return handle
        .createUpdate(
            "INSERT INTO inputs (model, snapshot, events, actions, writer) VALUES (?, ?, ?, ?, ?)")
        .bind(0, model)
        .bind(1, snapshot)
        .bind(2, events)
        .bind(3, actions)
        .bind(4, Sqlite.WRITER)
        .executeAndReturnGeneratedKeys("id")
        .mapTo(Long.class)
        .one();
  }

  static void insertDecision(Handle handle, ChainRow row, long inputs) {
    handle.execute(
        "INSERT INTO decisions (seq, record, prev, hash, inputs) VALUES (?, ?, ?, ?, ?)",
        row.seq(),
        row.record(),
        row.prev(),
        row.hash(),
        inputs);
  }

  static void putState(Handle handle, String model, String state) {
    handle.execute(
        "INSERT INTO states (model, state) VALUES (?, ?)"
            + " ON CONFLICT (model) DO UPDATE SET state = excluded.state",
        model,
        state);
  }

  static void putSnapshot(Handle handle, String model, String state) {
    handle.execute(
        "INSERT INTO snapshots (model, state) VALUES (?, ?)"
            + " ON CONFLICT (model) DO UPDATE SET state = excluded.state",
        model,
        state);
  }

  static Map<String, String> states(Handle handle, String table) {
    return handle
        .createQuery("SELECT model, state FROM " + table)
        .map((rs, ctx) -> Map.entry(rs.getString(1), rs.getString(2)))
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  /** When each model's state was that, by model. */
  static Map<String, Instant> stateTimes(Handle handle, String table) {
    return handle
        .createQuery("SELECT model, json_extract(state, '$.now') FROM " + table)
        .map((rs, ctx) -> Map.entry(rs.getString(1), Instant.parse(rs.getString(2))))
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  static void deleteState(Handle handle, String table, String model) {
    handle.execute("DELETE FROM " + table + " WHERE model = ?", model);
  }

  static void deleteReference(Handle handle, String model) {
    handle.execute("DELETE FROM refs WHERE model = ?", model);
  }

  static void deleteReferencesWithoutSnapshot(Handle handle) {
    handle.execute(
        "DELETE FROM reference_sets WHERE NOT EXISTS (SELECT 1 FROM snapshots"
            + " WHERE json_extract(state, '$.references.prepared.content') = name)");
  }

  static void putReference(Handle handle, String model, String reference) {
    handle.execute(
        "INSERT INTO refs (model, reference) VALUES (?, ?)"
            + " ON CONFLICT (model) DO UPDATE SET reference = excluded.reference",
        model,
        reference);
  }

  static Map<String, String> references(Handle handle) {
    return handle
        .createQuery("SELECT model, reference FROM refs")
        .map((rs, ctx) -> Map.entry(rs.getString(1), rs.getString(2)))
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  static void putShift(Handle handle, String model, Action.Shift action) {
    handle.execute(
        "INSERT INTO shifts (id, decision, model, shift, phase, detail)"
            + " VALUES (?, ?, ?, ?, 'ASKED', '') ON CONFLICT (id) DO NOTHING",
        action.shift().id(),
        action.shift().decision(),
        model,
        EngineJson.write(action.shift()));
  }

  static void setPhase(Handle handle, String shift, String phase, String detail) {
    handle.execute("UPDATE shifts SET phase = ?, detail = ? WHERE id = ?", phase, detail, shift);
  }

  static long insertMessage(Handle handle, OutboxMessage message) {
    return handle
        .createUpdate("INSERT INTO outbox (target, message, body) VALUES (?, ?, ?)")
        .bind(0, message.target())
        .bind(1, message.message())
        .bind(2, message.body())
        .executeAndReturnGeneratedKeys("id")
        .mapTo(Long.class)
        .one();
  }

  static void deleteMessage(Handle handle, long id) {
    handle.execute("DELETE FROM outbox WHERE id = ?", id);
  }

  static List<OutboxMessage> outbox(Handle handle) {
    return handle
        .createQuery("SELECT id, target, message, body FROM outbox ORDER BY id")
        .map(
            (rs, ctx) ->
                new OutboxMessage(rs.getLong(1), rs.getString(2), rs.getString(3), rs.getString(4)))
        .list();
  }

  /** Every record with its inputs, oldest first. */
  static ResultIterator<ChainRow> chain(Handle handle) {
    return handle
        .createQuery(
            "SELECT seq, record, prev, hash, snapshot, events FROM decisions"
                + " LEFT JOIN inputs ON inputs.id = decisions.inputs ORDER BY seq")
        .map(
            (rs, ctx) ->
                new ChainRow(
                    rs.getLong(1),
                    rs.getString(2),
                    rs.getString(3),
                    rs.getString(4),
                    rs.getString(5),
                    rs.getString(6)))
        .iterator();
  }

  /** What wrote inputs beside which no version stands. */
  static final String EARLIER = "an earlier one";

  /**
   * A record and what it was made from.
   *
   * @param inputs number of the inputs; records of one step share them
   * @param snapshot empty where the inputs are kept no more
   * @param actions what the step asked for, where it was written down
   * @param writer version that wrote them
   */
  record DecisionInputs(
      long seq,
      String record,
      long inputs,
      String snapshot,
      String events,
      @Nullable String actions,
      String writer) {}

  /** Whether the file knows sets of references by name. */
  static boolean hasReferenceSets(Handle handle) {
    return hasTable(handle, "reference_sets");
  }

  /** Every record with its inputs, oldest first. */
  static ResultIterator<DecisionInputs> decisionInputs(Handle handle) {
    String more = hasTable(handle, "pruned") ? "actions, writer" : "NULL, NULL";
    return handle
        .createQuery(
            "SELECT seq, record, inputs, snapshot, events, "
                + more
                + " FROM decisions JOIN inputs ON inputs.id = decisions.inputs ORDER BY seq")
        .map(
            (rs, ctx) ->
                new DecisionInputs(
                    rs.getLong(1),
                    rs.getString(2),
                    rs.getLong(3),
                    rs.getString(4),
                    rs.getString(5),
                    rs.getString(6),
                    rs.getString(7) == null ? EARLIER : rs.getString(7)))
        .iterator();
  }

  /** The records of a model, oldest first. */
  static List<String> ofModel(Handle handle, String model) {
    return handle
        .createQuery("SELECT record FROM decisions WHERE model = ? ORDER BY seq")
        .bind(0, model)
        .mapTo(String.class)
        .list();
  }

  /** Newest first. */
  static List<ChainRow> newest(
      Handle handle, @Nullable String model, @Nullable Instant since, int limit) {
    return handle
        .createQuery(
            "SELECT seq, record, prev, hash FROM decisions"
                + " WHERE (:model IS NULL OR model = :model)"
                + " AND (:since IS NULL OR julianday(at) >= julianday(:since))"
                + " ORDER BY seq DESC LIMIT :limit")
        .bind("model", model)
        .bind("since", since == null ? null : since.toString())
        .bind("limit", limit)
        .map((rs, ctx) -> row(rs))
        .list();
  }

  static List<ChainRow> ofDecision(Handle handle, String decision) {
    return handle
        .createQuery(
            "SELECT seq, record, prev, hash FROM decisions WHERE decision = ? ORDER BY seq")
        .bind(0, decision)
        .map((rs, ctx) -> row(rs))
        .list();
  }

  private static ChainRow row(ResultSet rs) throws SQLException {
    return new ChainRow(
        rs.getLong(1), rs.getString(2), rs.getString(3), rs.getString(4), null, null);
  }
}
