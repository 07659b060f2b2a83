package io.breakwater.collector.store;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.breakwater.collector.store.Tables.ChainRow;
import io.breakwater.engine.Action;
import io.breakwater.engine.DecisionRecord;
import io.breakwater.engine.Event;
import io.breakwater.engine.ModelState;
import io.breakwater.engine.reference.ReferenceSet;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The decision journal: {@code journal.db}, written by one thread, on disk before anything is done.
 *
 * <p>Everything that waits is written in one transaction. When that fails (a full disk), whoever
 * waits is told and it is tried again until it works; the order never changes. Methods are safe for
 * use by many threads and do not wait for the disk, except those that read.
 */
public final class Journal implements AutoCloseable {
  private static final int MAX_WAITING = 10_000;
  private static final int MAX_TRANSACTION = 256;
  private static final long RETRY_MILLIS = 250;
  private static final List<String> SCRIPTS = List.of("journal_v1.sql", "journal_v2.sql");
  private static final Logger log = LoggerFactory.getLogger(Journal.class);

  private final Handle writer;
  private final Jdbi readers;
  private final Function<JsonNode, List<OutboxMessage>> outgoing;
  private final LinkedBlockingQueue<Work> queue = new LinkedBlockingQueue<>(MAX_WAITING);
  private final Thread thread;
  private long seq;
  private String head;
  private volatile boolean stopping;

  /** Hears what becomes of an entry, on the journal's thread; must return quickly. */
  public interface Progress {
    /**
     * The entry is on disk.
     *
     * @param records its records as they are in the log, with {@code prev} and {@code hash}
     * @param messages the messages to send because of them
     */
    void written(List<JsonNode> records, List<OutboxMessage> messages);

    /** The entry could not be written yet; it stays in line. */
    void failing(String reason);
  }

  private Journal(Path file, Function<JsonNode, List<OutboxMessage>> outgoing) {
    this.outgoing = requireNonNull(outgoing, "outgoing");
    try {
      writer = Sqlite.durable(file).open();
      readers = Sqlite.readOnly(file);
      Migrations.run(writer, "journal.db", SCRIPTS);
      ChainRow last = Tables.last(writer);
      seq = last.seq();
      head = last.hash();
    } catch (JdbiException e) {
      throw new StoreException(
          file
              + ": cannot be used: "
              + e.getMessage()
              + " (expected: a journal that this user may"
              + " write, on a disk that is not full)",
          e);
    }
    thread = new Thread(this::run, "breakwater-journal");
    thread.setDaemon(true);
  }

  /**
   * Opens the journal and makes it where there is none; {@link #start} lets it write.
   *
   * @param outgoing the messages that a record leads to; called on the journal's thread
   * @throws StoreException when it cannot be used
   */
  public static Journal open(Path file, Function<JsonNode, List<OutboxMessage>> outgoing) {
    return new Journal(file, outgoing);
  }

  /** Begins to write. */
  public void start() {
    thread.start();
  }

  /**
   * The states of all models as last written.
   *
   * @throws StoreException when one cannot be read
   */
  public Map<String, ModelState> states() {
    return States.read("journal.db", readers.withHandle(h -> Tables.states(h, "states")));
  }

  /**
   * The references that were sent, by model.
   *
   * @throws StoreException when one cannot be read
   */
  public Map<String, ReferenceSet> references() {
    return States.references(readers.withHandle(Tables::references));
  }

  /** Keeps the reference of a model; the stage completes when it is on disk. */
  public CompletionStage<?> putReference(String model, ReferenceSet reference) {
    CompletableFuture<Void> written = new CompletableFuture<>();
    String json = EngineJson.write(reference);
    boolean room =
        queue.offer(
            new Work() {
              @Override
              public void write(Handle handle) {
                Tables.putReference(handle, model, json);
              }

              @Override
              public void done() {
                written.complete(null);
              }
            });
    if (!room) {
      written.completeExceptionally(
          new StoreException("the journal is " + MAX_WAITING + " entries behind"));
    }
    return written;
  }

  /** Messages that nobody has received yet, oldest first. */
  public List<OutboxMessage> outbox() {
    return readers.withHandle(Tables::outbox);
  }

  /** Audit records, newest first, see {@code Models.decisions}. */
  public List<JsonNode> decisions(@Nullable String model, @Nullable Instant since, int limit) {
    return readers.withHandle(
        h -> Tables.newest(h, model, since, limit).stream().map(Journal::whole).toList());
  }

  /** The records of one decision, oldest first. */
  public List<JsonNode> decision(String id) {
    return readers.withHandle(h -> Tables.ofDecision(h, id).stream().map(Journal::whole).toList());
  }

  /** Puts an entry in line. */
  public void append(JournalEntry entry, Progress progress) {
    if (!queue.offer(new Append(entry, progress))) {
      progress.failing("the journal is " + MAX_WAITING + " entries behind; this one is lost");
    }
  }

  /**
   * Puts a record in line that no model's step led to, and that is about the collector.
   *
   * @param record without number and hash
   * @param written hears of it as it is in the log, on the journal's thread
   */
  public void note(ObjectNode record, Consumer<JsonNode> written) {
    offer(new Note(record, written));
  }

  /** Notes how far a shift got. */
  public void setPhase(String shift, String phase, String detail) {
    offer(handle -> Tables.setPhase(handle, shift, phase, detail));
  }

  /** Forgets a message that was received. */
  public void delivered(OutboxMessage message) {
    if (message.id() != 0) {
      offer(handle -> Tables.deleteMessage(handle, message.id()));
    }
  }

  /** Does everything that writing an entry does, and takes it back: the first trip is as fast. */
  public void warmUp(JournalEntry entry) {
    writer.begin();
    try {
      new Append(entry, NOBODY).write(writer);
    } finally {
      writer.rollback();
      ChainRow last = Tables.last(writer);
      seq = last.seq();
      head = last.hash();
    }
  }

  private void offer(Work note) {
    if (!queue.offer(note)) {
      log.warn("The journal is {} entries behind; a note is lost", MAX_WAITING);
    }
  }

  private void run() {
    try {
      while (!stopping || !queue.isEmpty()) {
        Work first = queue.poll(100, TimeUnit.MILLISECONDS);
        if (first != null) {
          List<Work> batch = new ArrayList<>(List.of(first));
          queue.drainTo(batch, MAX_TRANSACTION - 1);
          writeUntilDone(batch);
        }
      }
    } catch (InterruptedException e) {
      log.warn("The journal ends with {} entries unwritten", queue.size());
    } finally {
      writer.close();
    }
  }

  private void writeUntilDone(List<Work> batch) throws InterruptedException {
    while (!write(batch)) {
      if (stopping) {
        throw new InterruptedException("stopping while the journal cannot be written");
      }
      Thread.sleep(RETRY_MILLIS);
    }
    for (Work work : batch) {
      attempt(work::done);
    }
  }

  private boolean write(List<Work> batch) {
    long seqBefore = seq;
    String headBefore = head;
    try {
      writer.begin();
      for (Work work : batch) {
        work.write(writer);
      }
      writer.commit();
      return true;
    } catch (RuntimeException e) {
      seq = seqBefore;
      head = headBefore;
      log.error("The journal cannot be written (is the disk full?); trying again", e);
      attempt(writer::rollback);
      batch.forEach(work -> attempt(() -> work.failing(String.valueOf(e.getMessage()))));
      return false;
    }
  }

  private static void attempt(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException e) {
      log.error("A step after a journal entry failed; the others are done", e);
    }
  }

  /** A record with its place in the chain. */
  private static JsonNode whole(ChainRow row) {
    ObjectNode record = (ObjectNode) EngineJson.parse(row.record());
    return record.put("prev", row.prev()).put("hash", row.hash());
  }

  @Override
  public void close() {
    stopping = true;
    if (!thread.isAlive()) {
      writer.close();
      return;
    }
    try {
      thread.join(TimeUnit.SECONDS.toMillis(5));
      thread.interrupt();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static final Progress NOBODY =
      new Progress() {
        @Override
        public void written(List<JsonNode> records, List<OutboxMessage> messages) {}

        @Override
        public void failing(String reason) {}
      };

  /** Something to be written. */
  @FunctionalInterface
  private interface Work {
    void write(Handle handle);

    default void done() {}

    default void failing(String reason) {}
  }

  /** A record without inputs: nothing of it was decided by the engine. */
  private final class Note implements Work {
    private final ObjectNode record;
    private final Consumer<JsonNode> written;
    private @Nullable JsonNode whole;

    Note(ObjectNode record, Consumer<JsonNode> written) {
      this.record = record;
      this.written = written;
    }

    @Override
    public void write(Handle handle) {
      long inputs = Tables.insertInputs(handle, "", "", "");
      String digest = AuditChain.sha256("\n");
      whole = chain(handle, record.deepCopy().put("inputs", digest), inputs);
    }

    @Override
    public void done() {
      if (whole != null) {
        written.accept(whole);
      }
    }
  }

  /** Writes a record behind the last one. */
  private JsonNode chain(Handle handle, ObjectNode record, long inputs) {
    record.put("seq", seq + 1);
    String canonical = AuditChain.canonical(record.toString());
    String hash = AuditChain.hash(head, canonical);
    ChainRow row = new ChainRow(seq + 1, canonical, head, hash, null, null);
    Tables.insertDecision(handle, row, inputs);
    seq++;
    head = hash;
    return whole(row);
  }

  private final class Append implements Work {
    private final JournalEntry entry;
    private final Progress progress;
    private final List<JsonNode> records = new ArrayList<>();
    private final List<OutboxMessage> messages = new ArrayList<>();

    Append(JournalEntry entry, Progress progress) {
      this.entry = entry;
      this.progress = progress;
    }

    @Override
    public void write(Handle handle) {
      records.clear();
      messages.clear();
      if (!entry.records().isEmpty()) {
        writeRecords(handle);
      }
      for (Action action : entry.actions()) {
        if (action instanceof Action.Shift shift) {
          Tables.putShift(handle, entry.model(), shift);
        } else if (action instanceof Action.Abandon abandon) {
          Tables.setPhase(handle, abandon.shift(), "ABANDONED", "");
        }
      }
      Tables.putState(handle, entry.model(), EngineJson.write(entry.after()));
    }

    private void writeRecords(Handle handle) {
      String snapshot = EngineJson.write(entry.base());
      String events = EngineJson.writeList(entry.events(), Event.class);
      String digest = AuditChain.sha256(snapshot + "\n" + events);
      long inputs = Tables.insertInputs(handle, entry.model(), snapshot, events);
      for (DecisionRecord record : entry.records()) {
        JsonNode whole = chain(handle, EngineJson.tree(record).put("inputs", digest), inputs);
        records.add(whole);
        for (OutboxMessage message : outgoing.apply(whole)) {
          long id = Tables.insertMessage(handle, message);
          messages.add(new OutboxMessage(id, message.target(), message.message(), message.body()));
        }
      }
    }

    @Override
    public void done() {
      progress.written(List.copyOf(records), List.copyOf(messages));
    }

    @Override
    public void failing(String reason) {
      progress.failing(reason);
    }
  }
}
