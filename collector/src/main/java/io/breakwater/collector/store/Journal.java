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
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
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
 * waits is told and it is tried again until it works; the order never changes. What is too old or
 * too much goes a little at a time between transactions ({@link Retention}). Methods are safe for
 * use by many threads and do not wait for the disk, except those that read.
 */
public final class Journal implements AutoCloseable {
  private static final int MAX_WAITING = 10_000;
  private static final int MAX_TRANSACTION = 256;
  private static final long RETRY_MILLIS = 250;
  private static final long UPKEEP_MILLIS = 1000;
  private static final long SLOW_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long SLOW_TOLD_NANOS = TimeUnit.MINUTES.toNanos(1);
  static final List<String> SCRIPTS = List.of("journal_v1.sql", "journal_v2.sql", "journal_v3.sql");
  private static final Logger log = LoggerFactory.getLogger(Journal.class);

  private final Handle writer;
  private final Jdbi readers;
  private final Function<JsonNode, List<OutboxMessage>> outgoing;
  private final LinkedBlockingQueue<Work> queue = new LinkedBlockingQueue<>(MAX_WAITING);
  private final ReferenceShelf references = new ReferenceShelf();
  private final Trouble trouble = new Trouble("The journal", log);
  private final Clock clock;
  private final Thread thread;
  private long seq;
  private String head;
  private long slowTold = System.nanoTime() - SLOW_TOLD_NANOS;
  private long upkeepAt = System.nanoTime();
  private volatile Retention retention = Retention.DEFAULTS;
  private final List<Commits> commits = new CopyOnWriteArrayList<>();
  private volatile boolean stopping;

  /** Hears of every transaction that is on disk, on the journal's thread; must return quickly. */
  @FunctionalInterface
  public interface Commits {
    /**
     * A transaction is on disk.
     *
     * @param begunNanos reading of the monotonic clock when it began
     * @param endedNanos reading when its commit had returned
     * @param shifts ids of the traffic shifts that it asks for
     */
    void committed(long begunNanos, long endedNanos, List<String> shifts);
  }

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

  private Journal(
      Handle writer, Jdbi readers, Function<JsonNode, List<OutboxMessage>> outgoing, Clock clock) {
    this.writer = writer;
    this.readers = readers;
    this.outgoing = requireNonNull(outgoing, "outgoing");
    this.clock = requireNonNull(clock, "clock");
    Migrations.run(writer, "journal.db", SCRIPTS);
    Sqlite.letShrink(writer, "journal.db");
    ChainRow last = Tables.last(writer);
    seq = last.seq();
    head = last.hash();
    thread = new Thread(this::run, "breakwater-journal");
    thread.setDaemon(true);
  }

  /**
   * Opens the journal and makes it where there is none; {@link #start} lets it write.
   *
   * @param outgoing the messages that a record leads to; called on the journal's thread
   * @throws StoreException when it cannot be used
   */
  public static Journal open(
      Path file, Function<JsonNode, List<OutboxMessage>> outgoing, Clock clock) {
    try {
      return open(Sqlite.durable(file).open(), Sqlite.readOnly(file), outgoing, clock);
    } catch (JdbiException e) {
      throw new StoreException(file + ": cannot be used: " + SqliteWords.reason(e), e);
    }
  }

  /** The same on a connection of the caller's. */
  static Journal open(
      Handle writer, Jdbi readers, Function<JsonNode, List<OutboxMessage>> outgoing, Clock clock) {
    return new Journal(writer, readers, outgoing, clock);
  }

  /** Keeps what is written down for so long from now on. */
  public void setRetention(Retention next) {
    retention = requireNonNull(next, "next");
  }

  /** Has {@code next} told of every commit too. */
  public void onCommit(Commits next) {
    commits.add(requireNonNull(next, "next"));
  }

  /** Whether the journal can be written. */
  public Trouble trouble() {
    return trouble;
  }

  /** How many entries and notes wait to be written. */
  public int waiting() {
    return queue.size();
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
    return readers.withHandle(handle -> States.read(handle, "journal.db", "states"));
  }

  /** When each model's state was last written, by model. */
  Map<String, Instant> stateTimes() {
    return readers.withHandle(handle -> Tables.stateTimes(handle, "states"));
  }

  /** Forgets the states of models and the references that were sent for them. */
  void forget(Collection<String> models) {
    List<String> gone = List.copyOf(models);
    offer(
        handle ->
            gone.forEach(
                model -> {
                  Tables.deleteState(handle, "states", model);
                  Tables.deleteReference(handle, model);
                }));
  }

  /**
   * The references that were sent, by model.
   *
   * @throws StoreException when one cannot be read
   */
  public Map<String, ReferenceSet> references() {
    return readers.withHandle(States::references);
  }

  /** Keeps the reference of a model; the stage completes when it is on disk. */
  public CompletionStage<?> putReference(String model, ReferenceSet reference) {
    CompletableFuture<Void> written = new CompletableFuture<>();
    boolean room =
        queue.offer(
            new Work() {
              @Override
              public void write(Handle handle) {
                Tables.putReference(
                    handle, model, references.write(handle, reference, clock.instant()));
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
    } catch (JdbiException e) {
      trouble.failed(SqliteWords.of("journal.db", e), clock.instant());
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
        Work first = queue.poll(upkeepDue() ? 1 : 100, TimeUnit.MILLISECONDS);
        if (first != null) {
          List<Work> batch = new ArrayList<>(List.of(first));
          queue.drainTo(batch, MAX_TRANSACTION - 1);
          writeUntilDone(batch);
        }
        if (upkeepDue() && !stopping) {
          upkeep();
        }
      }
    } catch (InterruptedException e) {
      log.warn("The journal ends with {} entries unwritten", queue.size());
    } finally {
      writer.close();
    }
  }

  private boolean upkeepDue() {
    return System.nanoTime() - upkeepAt >= 0;
  }

  /** One piece of upkeep; the next follows soon while there is more, else after a while. */
  private void upkeep() {
    boolean more = false;
    try {
      more = JournalUpkeep.slice(writer, retention, clock.instant());
    } catch (RuntimeException e) {
      log.warn("Upkeep of the journal waits: {}", SqliteWords.of("journal.db", e));
    }
    long pause = more ? 1 : UPKEEP_MILLIS;
    upkeepAt = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(pause);
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
    long begun = System.nanoTime();
    try {
      writer.begin();
      for (Work work : batch) {
        work.write(writer);
      }
      writer.commit();
      long ended = System.nanoTime();
      trouble.over(clock.instant());
      committed(begun, ended, batch);
      return true;
    } catch (RuntimeException e) {
      seq = seqBefore;
      head = headBefore;
      String reason = SqliteWords.of("journal.db", e);
      trouble.failed(reason, clock.instant());
      rollBack();
      batch.forEach(work -> attempt(() -> work.failing(reason)));
      return false;
    }
  }

  private void rollBack() {
    try {
      writer.rollback();
    } catch (JdbiException e) {
      log.debug("SQLite rolled back by itself, as it does when the disk is full", e);
    }
  }

  private void committed(long begun, long ended, List<Work> batch) {
    List<String> shifts = shifts(batch);
    commits.forEach(each -> attempt(() -> each.committed(begun, ended, shifts)));
    if (ended - begun > SLOW_NANOS && ended - slowTold > SLOW_TOLD_NANOS) {
      slowTold = ended;
      log.warn(
          "The journal's last commit took {} ms (expected: a few; is the disk slow or busy?)",
          (ended - begun) / 1_000_000);
    }
  }

  private static List<String> shifts(List<Work> batch) {
    return batch.stream().flatMap(work -> work.shifts().stream()).toList();
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

    /** Ids of the shifts that it asks for. */
    default List<String> shifts() {
      return List.of();
    }
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
      long inputs = Tables.insertInputs(handle, "", "", "", "[]");
      String digest = AuditChain.NO_INPUTS;
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
      String after = references.write(handle, entry.after(), entry.after().now());
      Tables.putState(handle, entry.model(), after);
    }

    private void writeRecords(Handle handle) {
      EngineJson.Keeper keeper = references.keeperOfAll(handle, entry.after().now());
      String snapshot = EngineJson.write(entry.base(), keeper);
      String events = EngineJson.writeList(entry.events(), Event.class, keeper);
      String actions = EngineJson.writeList(entry.actions(), Action.class);
      String digest = AuditChain.sha256(snapshot + "\n" + events);
      long inputs = Tables.insertInputs(handle, entry.model(), snapshot, events, actions);
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
    public List<String> shifts() {
      return entry.actions().stream()
          .filter(Action.Shift.class::isInstance)
          .map(action -> ((Action.Shift) action).shift().id())
          .toList();
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
