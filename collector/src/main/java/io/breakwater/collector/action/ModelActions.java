package io.breakwater.collector.action;

import io.breakwater.engine.Action;
import io.breakwater.engine.Event;
import io.breakwater.engine.Event.ShiftReported.Phase;
import io.breakwater.engine.backend.BackendException;
import io.breakwater.engine.backend.DeploymentBackend;
import io.breakwater.engine.backend.TargetView;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The shifts of one model, one at a time, and the reads of its target between them. */
final class ModelActions {
  /** How often a target is read while a version is out of traffic. */
  private static final long WATCH_NANOS = Duration.ofSeconds(15).toNanos();

  /** How soon it is read after an action. */
  private static final long AFTER_ACTION_NANOS = Duration.ofSeconds(2).toNanos();

  private static final Duration READ = Duration.ofMillis(2500);
  private static final Logger log = LoggerFactory.getLogger(ModelActions.class);

  private final String model;
  private final ExecutorService threads;
  private final LongSupplier nanoTime;
  private final Reports reports;
  private final Deque<Action.Shift> waiting = new ArrayDeque<>();
  private @Nullable Target target;
  private @Nullable String running;
  private @Nullable Future<?> work;
  private @Nullable Future<?> reading;
  private long readAt;
  private boolean closed;

  ModelActions(String model, ExecutorService threads, LongSupplier nanoTime, Reports reports) {
    this.model = model;
    this.threads = threads;
    this.nanoTime = nanoTime;
    this.reports = reports;
    this.readAt = nanoTime.getAsLong();
  }

  /**
   * Uses another target from now on; returns the one before. The new one is read once: trouble is
   * then known before a version trips, and the first shift finds code and connection ready.
   */
  synchronized @Nullable Target setTarget(@Nullable Target next) {
    Target before = target;
    target = next;
    if (next != null && running == null) {
      reading = submit(() -> firstRead(next));
    }
    return before;
  }

  synchronized boolean hasTarget() {
    return target != null;
  }

  synchronized boolean isIdempotent() {
    return target != null && target.idempotent();
  }

  /** Begins the shift, or queues it behind the one that is running. */
  synchronized void shift(Action.Shift shift) {
    String id = shift.shift().id();
    if (id.equals(running) || waiting.stream().anyMatch(w -> w.shift().id().equals(id))) {
      return; // the same shift asked for twice is one shift
    }
    waiting.add(shift);
    startNext();
  }

  /** Ends work on the shift; it is not reported on any more. */
  synchronized void abandon(String id) {
    waiting.removeIf(shift -> shift.shift().id().equals(id));
    if (id.equals(running) && work != null) {
      running = null;
      work.cancel(true);
      startNext();
    }
  }

  /** Reads the target when it is time to and nothing else is going on. */
  synchronized void readIfDue() {
    Target of = target;
    if (of != null && running == null && nanoTime.getAsLong() - readAt >= 0) {
      readAt = nanoTime.getAsLong() + WATCH_NANOS;
      reading = submit(() -> read(of));
    }
  }

  synchronized void close() {
    closed = true;
    waiting.clear();
    if (work != null) {
      work.cancel(true);
    }
    if (target != null) {
      target.close();
    }
  }

  private synchronized void startNext() {
    if (running != null || waiting.isEmpty() || closed) {
      return;
    }
    if (reading != null) {
      reading.cancel(true); // a target that hangs on a read must not cost the shift its time
      reading = null;
    }
    Action.Shift next = waiting.remove();
    running = next.shift().id();
    work = submit(() -> run(next));
  }

  private void run(Action.Shift action) {
    String id = action.shift().id();
    Target to;
    synchronized (this) {
      to = target;
    }
    try {
      if (to == null) {
        report(id, "none", Phase.FAILED, "no backend is configured for model " + model);
      } else {
        new ShiftRun(
                to,
                action.shift(),
                action.within(),
                nanoTime,
                (phase, detail) -> report(id, to.name(), phase, to.hide(detail)))
            .run();
      }
    } catch (InterruptedException e) {
      log.debug("Shift {} ends before its outcome is known", id);
    } catch (RuntimeException e) {
      log.error("Shift {} failed in a way it should not", id, e);
      String what = to == null ? String.valueOf(e) : to.hide(String.valueOf(e));
      report(id, to == null ? "none" : to.name(), Phase.FAILED, what);
    } finally {
      finished(id);
    }
  }

  private synchronized void report(String id, String backend, Phase phase, String detail) {
    if (id.equals(running) && !closed) {
      reports.report(model, at -> new Event.ShiftReported(at, id, phase, backend, detail));
    }
  }

  private synchronized void finished(String id) {
    readAt = nanoTime.getAsLong() + AFTER_ACTION_NANOS;
    if (id.equals(running)) {
      running = null;
      work = null;
      startNext();
    }
  }

  private void firstRead(Target of) {
    TargetView view = describe(of);
    if (view != null) {
      log.debug("The target of model {} is at {}", model, view.shares());
    }
  }

  private void read(Target of) {
    TargetView view = describe(of);
    if (view != null) {
      reports.report(model, at -> new Event.TargetObserved(at, view.shares(), view.incarnation()));
    }
  }

  private @Nullable TargetView describe(Target of) {
    try {
      return of.call(DeploymentBackend::describe, READ);
    } catch (BackendException e) {
      log.warn("The target of model {} cannot be read: {}", model, e.getMessage());
    } catch (InterruptedException e) {
      log.debug("The read of model {}'s target ends early", model);
    }
    return null;
  }

  private @Nullable Future<?> submit(Runnable run) {
    try {
      return threads.submit(run);
    } catch (RejectedExecutionException e) {
      log.debug("The collector is stopping; model {} is left as it is", model);
      return null;
    }
  }
}
