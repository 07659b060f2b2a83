package io.breakwater.collector.runtime;

import io.breakwater.engine.Event;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread that runs many lanes: it does their tasks in the order they came and cuts all their
 * panes on the grid. A task belongs to the pane in which it came, however late it is done.
 */
final class LaneThread {
  /** A stop longer than this (a suspended machine) is bridged by one pane, not by many. */
  private static final int MAX_PANES_BEHIND = 50;

  private static final int PANES_PER_NOTICE = 5;
  private static final Logger log = LoggerFactory.getLogger(LaneThread.class);

  private final int index;
  private final PaneGrid grid;
  private final LongSupplier nanoTime;
  private final Consumer<Lane> notice;
  private final LinkedBlockingQueue<Task> queue = new LinkedBlockingQueue<>();
  private final List<Lane> lanes = new ArrayList<>();
  private final Thread thread;
  private long nextPane;
  private volatile boolean stopping;

  LaneThread(int index, String name, PaneGrid grid, LongSupplier nanoTime, Consumer<Lane> notice) {
    this.index = index;
    this.grid = grid;
    this.nanoTime = nanoTime;
    this.notice = notice;
    this.nextPane = Math.max(0, grid.lastEnded(nanoTime.getAsLong()) + 1);
    this.thread = new Thread(this::run, name);
    thread.setDaemon(true);
  }

  /** Number of this thread among those of all lanes, from 0. */
  int index() {
    return index;
  }

  void start() {
    thread.start();
  }

  /** Does {@code work} on this thread with the grid's time of this call; any thread. */
  void submit(Consumer<Instant> work) {
    queue.add(new Task(nanoTime.getAsLong(), work));
  }

  /** Takes a lane in; on this thread only. */
  void add(Lane lane) {
    lane.begin(grid.end(nextPane - 1));
    lanes.add(lane);
  }

  /** Finishes what is queued and ends the thread. */
  void stop() {
    stopping = true;
    submit(now -> {});
    try {
      thread.join(TimeUnit.SECONDS.toMillis(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    Task held = null;
    try {
      while (!stopping || held != null || !queue.isEmpty()) {
        held = turn(held);
      }
    } catch (InterruptedException e) {
      log.warn("A lane thread was interrupted and ends", e);
    }
    lanes.forEach(lane -> attempt(now -> lane.end(), Instant.EPOCH));
  }

  /** Does one task or cuts one pane; returns a task that belongs to a later pane. */
  private @Nullable Task turn(@Nullable Task held) throws InterruptedException {
    long boundary = grid.endNanos(nextPane);
    Task task =
        held != null ? held : queue.poll(boundary - nanoTime.getAsLong(), TimeUnit.NANOSECONDS);
    if (task != null && task.nanos - boundary < 0) {
      attempt(task.work, grid.at(task.nanos));
      return null;
    }
    if (task != null || nanoTime.getAsLong() - boundary >= 0) {
      cut();
    }
    return task;
  }

  private void cut() {
    long last = grid.lastEnded(nanoTime.getAsLong());
    boolean stopped = last - nextPane > MAX_PANES_BEHIND;
    nextPane = stopped ? last : nextPane;
    Instant end = grid.end(nextPane);
    boolean tell = nextPane % PANES_PER_NOTICE == 0;
    nextPane++;
    for (Lane lane : lanes) {
      attempt(
          now -> {
            if (stopped) {
              lane.step(new Event.Resumed(lane.timeOf(end)));
            }
            lane.cut(end);
            if (tell && lane.takeChanged()) {
              notice.accept(lane);
            }
          },
          end);
    }
  }

  private static void attempt(Consumer<Instant> work, Instant now) {
    try {
      work.accept(now);
    } catch (RuntimeException e) {
      log.error("A lane's work failed; the lane goes on", e);
    }
  }

  private record Task(long nanos, Consumer<Instant> work) {}
}
