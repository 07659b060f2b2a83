package io.breakwater.collector.store;

import static java.util.Objects.requireNonNull;

import io.breakwater.engine.Event;
import io.breakwater.engine.ModelState;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything that happened to guarded models, for a while: {@code replay.db}. A file and a thread
 * of its own, so that it never delays a decision; what it cannot write is lost and counted, and the
 * replay begins anew after it.
 *
 * <p>A run is a state and the stretches that follow from it; it ends after {@link #RUN}, at a gap
 * and with the process. Safe for use by many threads; nothing but {@link #close} waits.
 */
public final class InputLog implements AutoCloseable {
  /** How often a state stands beside the inputs. */
  static final Duration RUN = Duration.ofMinutes(10);

  /** Events that may wait to be written. */
  static final int MAX_WAITING = 100_000;

  private static final int MAX_TRANSACTION = 256;
  private static final Duration UPKEEP = Duration.ofSeconds(10);
  static final List<String> SCRIPTS = List.of("replay_v1.sql", "replay_v2.sql");
  private static final Logger log = LoggerFactory.getLogger(InputLog.class);

  private final Handle handle;
  private final Clock clock;
  private final ReferenceShelf references = new ReferenceShelf();
  private final Trouble trouble = new Trouble("The log of inputs", log);
  private final LinkedBlockingQueue<Stretch> queue = new LinkedBlockingQueue<>();
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicLong lost = new AtomicLong();
  private final Map<String, Run> runs = new HashMap<>();
  private final Thread thread;
  private Instant upkeepAt = Instant.MIN;
  private volatile Retention retention = Retention.DEFAULTS;
  private volatile boolean stopping;

  private InputLog(Handle handle, Clock clock) {
    this.handle = handle;
    this.clock = clock;
    this.thread = new Thread(this::run, "breakwater-replay");
    this.thread.setDaemon(true);
  }

  /**
   * Opens the log and makes it where there is none; {@link #start} lets it write.
   *
   * @throws StoreException when it cannot be used
   */
  public static InputLog open(Path file, Clock clock) {
    try {
      Handle handle = Sqlite.relaxed(file).open();
      Migrations.run(handle, "replay.db", SCRIPTS);
      Sqlite.letShrink(handle, "replay.db");
      return new InputLog(handle, requireNonNull(clock, "clock"));
    } catch (JdbiException e) {
      throw new StoreException(file + ": cannot be used: " + SqliteWords.reason(e), e);
    }
  }

  /** Begins to write. */
  public void start() {
    thread.start();
  }

  /** Keeps what happened for so long from now on; zero for nothing. */
  public void setRetention(Retention next) {
    retention = requireNonNull(next, "next");
  }

  /** Takes what happened to a model; stretches of one model come in order. */
  public void add(Stretch stretch) {
    if (retention.replay().isZero()) {
      return;
    }
    int size = size(stretch);
    if (waiting.addAndGet(size) > MAX_WAITING || stopping) {
      waiting.addAndGet(-size);
      lost.incrementAndGet();
    } else {
      queue.add(stretch);
    }
  }

  private static int size(Stretch stretch) {
    return stretch.events().size() + 1;
  }

  /** How many stretches were not written. */
  public long lost() {
    return lost.get();
  }

  /** Whether the log can be written. */
  public Trouble trouble() {
    return trouble;
  }

  private void run() {
    try {
      while (!stopping || !queue.isEmpty()) {
        Stretch first = queue.poll(200, TimeUnit.MILLISECONDS);
        if (first != null) {
          List<Stretch> batch = new ArrayList<>(List.of(first));
          queue.drainTo(batch, MAX_TRANSACTION - 1);
          write(batch);
          waiting.addAndGet(-batch.stream().mapToInt(InputLog::size).sum());
        }
        upkeep();
      }
    } catch (InterruptedException e) {
      log.warn("The log of inputs ends with {} stretches unwritten", queue.size());
    } finally {
      handle.close();
    }
  }

  private void write(List<Stretch> batch) {
    Map<String, Run> before = new HashMap<>();
    batch.forEach(stretch -> before.put(stretch.model(), runs.get(stretch.model())));
    try {
      handle.useTransaction(tx -> batch.forEach(stretch -> write(tx, stretch)));
      trouble.over(clock.instant());
    } catch (RuntimeException e) {
      lost.addAndGet(batch.size());
      before.keySet().forEach(runs::remove);
      trouble.failed(SqliteWords.of("replay.db", e), clock.instant());
    }
  }

  private void write(Handle tx, Stretch stretch) {
    Run run = runs.get(stretch.model());
    boolean follows = run != null && isSame(run.reached, stretch.from());
    Instant ends = stretch.after().now();
    EngineJson.Keeper keeper = references.keeper(tx, ends);
    String events = EngineJson.writeList(stretch.events(), Event.class, keeper);
    boolean old = run == null || !stretch.base().now().isBefore(run.since.plus(RUN));
    String state = follows && !old ? null : references.write(tx, stretch.base(), ends);
    long id =
        StretchTable.insert(
            tx,
            new StretchTable.Row(
                0,
                state == null && run != null ? run.id : 0,
                stretch.model(),
                stretch.from().now(),
                ends,
                state,
                follows,
                follows ? requireNonNull(run).last : 0,
                EngineJson.write(stretch.idle()),
                events,
                Sqlite.WRITER));
    if (state == null && run != null) {
      runs.put(stretch.model(), new Run(run.id, run.since, id, stretch.after()));
    } else {
      runs.put(stretch.model(), new Run(id, stretch.base().now(), id, stretch.after()));
    }
  }

  /** The very same: then nothing can have happened in between. */
  @SuppressWarnings("ReferenceEquality")
  private static boolean isSame(@Nullable ModelState reached, ModelState from) {
    return reached == from;
  }

  private void upkeep() {
    Instant now = clock.instant();
    if (now.isBefore(upkeepAt)) {
      return;
    }
    boolean more = false;
    try {
      more = StretchTable.prune(handle, retention, now) || JournalUpkeep.vacuum(handle);
    } catch (RuntimeException e) {
      log.warn("Upkeep of the log of inputs waits: {}", SqliteWords.of("replay.db", e));
    }
    upkeepAt = more ? now : now.plus(UPKEEP);
  }

  /** Writes what waits, for 5 s at most, and ends. */
  @Override
  public void close() {
    stopping = true;
    if (!thread.isAlive()) {
      handle.close();
      return;
    }
    try {
      thread.join(TimeUnit.SECONDS.toMillis(5));
      thread.interrupt();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * What is being added to.
   *
   * @param since time of the state that it began with
   * @param last number of the last stretch
   * @param reached the state after the last stretch, by which the next is known to follow
   */
  private record Run(long id, Instant since, long last, @Nullable ModelState reached) {}
}
