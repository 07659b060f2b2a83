package io.breakwater.collector.store;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterOutputStream;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The SQL of {@code replay.db}; long texts are deflated. */
final class StretchTable {
  /** Stretches among which those that may go are looked for. */
  private static final int OLDEST = 50;

  private StretchTable() {}

  /**
   * A stretch as it stands in the file.
   *
   * @param run number of the stretch that its run began with; 0 for a new one
   * @param starts time of the state before all of it
   * @param ends time of the state after it
   * @param snapshot the state before the events, where a run begins
   * @param follows whether it is known to follow the stretch before
   * @param previous number of the stretch it follows; 0 for none, or where that was not kept
   * @param writer version that wrote it
   */
  record Row(
      long id,
      long run,
      String model,
      Instant starts,
      Instant ends,
      @Nullable String snapshot,
      boolean follows,
      long previous,
      String idle,
      String events,
      String writer) {}

  /** Adds a row; returns its number. */
  static long insert(Handle tx, Row row) {
    long id =
        tx.createUpdate(
                "INSERT INTO stretches"
                    + " (run, model, starts, ends, snapshot, follows, idle, events, writer, previous)"
                    + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
            .bind(0, row.run())
            .bind(1, row.model())
            .bind(2, row.starts().toString())
            .bind(3, row.ends().toEpochMilli())
            .bind(4, row.snapshot() == null ? null : deflated(row.snapshot()))
            .bind(5, row.follows() ? 1 : 0)
            .bind(6, row.idle())
            .bind(7, deflated(row.events()))
            .bind(8, row.writer())
            .bind(9, row.previous() == 0 ? null : row.previous())
            .executeAndReturnGeneratedKeys("id")
            .mapTo(Long.class)
            .one();
    if (row.run() == 0) {
      tx.execute("UPDATE stretches SET run = id WHERE id = ?", id);
    }
    return id;
  }

  /** The models of which anything is kept. */
  static List<String> models(Handle handle) {
    return handle
        .createQuery("SELECT DISTINCT model FROM stretches ORDER BY model")
        .mapTo(String.class)
        .list();
  }

  /** The stretches of a model after the one numbered {@code after}, oldest first. */
  static List<Row> of(Handle handle, String model, long after, int limit) {
    return handle
        .createQuery(
            "SELECT id, run, model, starts, ends, snapshot, follows, idle, events, writer,"
                + " previous FROM stretches WHERE model = ? AND id > ? ORDER BY id LIMIT ?")
        .bind(0, model)
        .bind(1, after)
        .bind(2, limit)
        .map(
            (rs, ctx) ->
                new Row(
                    rs.getLong(1),
                    rs.getLong(2),
                    rs.getString(3),
                    Instant.parse(rs.getString(4)),
                    Instant.ofEpochMilli(rs.getLong(5)),
                    rs.getBytes(6) == null ? null : inflated(rs.getBytes(6)),
                    rs.getInt(7) == 1,
                    rs.getLong(11),
                    rs.getString(8),
                    inflated(rs.getBytes(9)),
                    rs.getString(10)))
        .list();
  }

  /** Removes some of what is too old or too much; returns whether there was any. */
  static boolean prune(Handle handle, Retention retention, Instant now) {
    long before = now.minus(retention.replay()).toEpochMilli();
    List<Long> old =
        handle
            .createQuery(
                "SELECT run FROM (SELECT DISTINCT run FROM"
                    + " (SELECT run FROM stretches ORDER BY id LIMIT "
                    + OLDEST
                    + ")) AS oldest WHERE"
                    + " (SELECT max(ends) FROM stretches WHERE run = oldest.run) < ?")
            .bind(0, before)
            .mapTo(Long.class)
            .list();
    if (old.isEmpty() && JournalUpkeep.bytes(handle) > retention.replayBytes()) {
      old =
          handle
              .createQuery("SELECT run FROM stretches ORDER BY id LIMIT 1")
              .mapTo(Long.class)
              .list();
    }
    if (old.isEmpty()) {
      return false;
    }
    List<Long> runs = old;
    long day = Duration.between(Instant.EPOCH, now.minus(retention.replay())).toDays() - 1;
    handle.useTransaction(
        tx -> {
          runs.forEach(run -> tx.execute("DELETE FROM stretches WHERE run = ?", run));
          tx.execute("DELETE FROM reference_sets WHERE used < ?", day);
        });
    return true;
  }

  private static byte[] deflated(String text) {
    Deflater deflater = new Deflater(Deflater.BEST_SPEED);
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length() / 8);
      try (DeflaterOutputStream out = new DeflaterOutputStream(bytes, deflater)) {
        out.write(text.getBytes(StandardCharsets.UTF_8));
      }
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException("memory cannot fail", e);
    } finally {
      deflater.end();
    }
  }

  private static String inflated(byte[] bytes) {
    ByteArrayOutputStream text = new ByteArrayOutputStream(bytes.length * 8);
    try (InflaterOutputStream out = new InflaterOutputStream(text)) {
      out.write(bytes);
    } catch (IOException e) {
      throw new IllegalArgumentException("not deflated: " + e.getMessage(), e);
    }
    return text.toString(StandardCharsets.UTF_8);
  }
}
