package io.breakwater.collector.store;

import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Keeps {@code journal.db} within its {@link Retention}, a few rows or pages a time, so that an
 * entry that comes meanwhile waits for one short transaction at most.
 *
 * <p>The chain stays whole: {@code pruned} holds number and hash of the last record that is kept no
 * more, and the number up to which records have lost their inputs.
 */
final class JournalUpkeep {
  /** Rows or sets in one transaction. */
  static final int ROWS = 20;

  /** Free pages that may stay. */
  private static final int FREE = 16;

  /** Free pages that are given back to the file system in one transaction. */
  static final int PAGES = 64;

  /** Later than any record. */
  private static final String EVER = "9999-12-31T00:00:00Z";

  /** Kept beyond the last use of a set of references, which is known to the day. */
  private static final Duration SLACK = Duration.ofDays(2);

  private JournalUpkeep() {}

  /** Does one piece of what is due; returns whether it found any. */
  static boolean slice(Handle writer, Retention retention, Instant now) {
    Due due = due(writer, retention, now);
    if (due == null) {
      return vacuum(writer);
    }
    writer.useTransaction(due::prune);
    return true;
  }

  /** A piece of pruning. */
  private interface Due {
    void prune(Handle tx);
  }

  private static @Nullable Due due(Handle writer, Retention retention, Instant now) {
    String recordsBefore = now.minus(retention.decisions()).toString();
    if (oldestRecordIsBefore(writer, recordsBefore)) {
      return tx -> pruneRecords(tx, recordsBefore);
    }
    String inputsBefore = now.minus(retention.inputs()).toString();
    if (oldestInputsAreBefore(writer, inputsBefore)) {
      return tx -> pruneInputs(tx, inputsBefore);
    }
    if (bytes(writer) > retention.journalBytes()) {
      if (oldestInputsAreBefore(writer, EVER)) {
        return tx -> pruneInputs(tx, EVER);
      }
      if (oldestRecordIsBefore(writer, EVER)) {
        return tx -> pruneRecords(tx, EVER);
      }
    }
    Instant oldest = oldestInputs(writer, now);
    Instant kept = now.minus(retention.inputs());
    Instant used = oldest.isAfter(kept) ? oldest : kept;
    long day = Duration.between(Instant.EPOCH, used.minus(SLACK)).toDays();
    return unusedReferences(writer, day).isEmpty() ? null : tx -> pruneReferences(tx, day);
  }

  /** Bytes in use; what pruning freed does not count. */
  static long bytes(Handle handle) {
    return (pragma(handle, "page_count") - pragma(handle, "freelist_count"))
        * pragma(handle, "page_size");
  }

  private static boolean oldestRecordIsBefore(Handle handle, String before) {
    // the newest record stays, whatever its age: the next one follows it
    return count(
            handle,
            "SELECT count(*) FROM (SELECT at, seq FROM decisions ORDER BY seq LIMIT 1)"
                + " WHERE julianday(at) < julianday(?)"
                + " AND seq < (SELECT max(seq) FROM decisions)",
            before)
        > 0;
  }

  private static boolean oldestInputsAreBefore(Handle handle, String before) {
    return count(
            handle,
            "SELECT count(*) FROM (SELECT at FROM decisions"
                + " WHERE seq > (SELECT inputs FROM pruned) ORDER BY seq LIMIT 1)"
                + " WHERE julianday(at) < julianday(?)",
            before)
        > 0;
  }

  /** When the oldest inputs that are kept were written; {@code now} when there are none. */
  private static Instant oldestInputs(Handle handle, Instant now) {
    return handle
        .createQuery(
            "SELECT at FROM decisions WHERE seq > (SELECT inputs FROM pruned) ORDER BY seq LIMIT 1")
        .mapTo(String.class)
        .findOne()
        .map(Instant::parse)
        .orElse(now);
  }

  private static void pruneRecords(Handle tx, String before) {
    long last =
        count(
            tx,
            "SELECT coalesce(max(seq), 0) FROM"
                + " (SELECT seq, at FROM decisions ORDER BY seq LIMIT "
                + ROWS
                + ") WHERE julianday(at) < julianday(?)"
                + " AND seq < (SELECT max(seq) FROM decisions)",
            before);
    tx.execute(
        "UPDATE pruned SET seq = seqs.last, inputs = max(inputs, seqs.last),"
            + " hash = (SELECT hash FROM decisions WHERE seq = seqs.last)"
            + " FROM (SELECT ? AS last) AS seqs",
        last);
    List<String> gone =
        tx.createQuery("SELECT DISTINCT decision FROM decisions WHERE seq <= ?")
            .bind(0, last)
            .mapTo(String.class)
            .list();
    tx.execute("DELETE FROM decisions WHERE seq <= ?", last);
    tx.execute("DELETE FROM inputs WHERE id < (SELECT min(inputs) FROM decisions)");
    for (String decision : gone) {
      tx.execute(
          "DELETE FROM shifts WHERE decision = ? AND NOT EXISTS"
              + " (SELECT 1 FROM decisions WHERE decisions.decision = shifts.decision)",
          decision);
    }
  }

  /** Empties inputs; their rows stay for the records that refer to them. */
  private static void pruneInputs(Handle tx, String before) {
    long last =
        count(
            tx,
            "SELECT coalesce(max(inputs), 0) FROM"
                + " (SELECT inputs, at FROM decisions WHERE seq > (SELECT inputs FROM pruned)"
                + " ORDER BY seq LIMIT "
                + ROWS
                + ") WHERE julianday(at) < julianday(?)",
            before);
    tx.execute(
        "UPDATE inputs SET snapshot = '', events = '', actions = NULL"
            + " WHERE id <= ? AND snapshot <> ''",
        last);
    tx.execute(
        "UPDATE pruned SET inputs ="
            + " max(inputs, (SELECT max(seq) FROM decisions WHERE inputs <= ?))",
        last);
  }

  private static List<String> unusedReferences(Handle handle, long day) {
    return handle
        .createQuery(
            "SELECT name FROM reference_sets WHERE used < ?"
                + " AND NOT EXISTS (SELECT 1 FROM refs"
                + " WHERE json_extract(reference, '$.content') = name)"
                + " AND NOT EXISTS (SELECT 1 FROM states"
                + " WHERE json_extract(state, '$.references.prepared.content') = name)"
                + " LIMIT "
                + ROWS)
        .bind(0, day)
        .mapTo(String.class)
        .list();
  }

  private static void pruneReferences(Handle tx, long day) {
    unusedReferences(tx, day)
        .forEach(name -> tx.execute("DELETE FROM reference_sets WHERE name = ?", name));
  }

  /** Gives a few free pages back to the file system; returns whether there were enough to try. */
  static boolean vacuum(Handle writer) {
    if (pragma(writer, "freelist_count") <= FREE) {
      return false;
    }
    try (Statement statement = writer.getConnection().createStatement()) {
      // executeUpdate runs it to its end; other ways free a single page
      statement.executeUpdate("PRAGMA incremental_vacuum(" + PAGES + ")");
    } catch (SQLException e) {
      throw new StoreException("free space cannot be given back: " + e.getMessage(), e);
    }
    return true;
  }

  private static long count(Handle handle, String sql, String before) {
    return handle.createQuery(sql).bind(0, before).mapTo(Long.class).one();
  }

  private static long pragma(Handle handle, String name) {
    return handle.createQuery("PRAGMA " + name).mapTo(Long.class).one();
  }
}
