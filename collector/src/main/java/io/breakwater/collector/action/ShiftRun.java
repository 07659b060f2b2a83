package io.breakwater.collector.action;

import io.breakwater.engine.Event.ShiftReported.Phase;
import io.breakwater.engine.backend.ApplyOutcome;
import io.breakwater.engine.backend.BackendException;
import io.breakwater.engine.backend.Plan;
import io.breakwater.engine.backend.TrafficShift;
import io.breakwater.engine.backend.Verification;
import java.time.Duration;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;

/**
 * One traffic shift: plan, apply and verify under the same id, again and again, until the target
 * reads back as planned or time is over. Runs on a thread of its own and ends when interrupted.
 */
final class ShiftRun {
  private static final Duration CALL = Duration.ofMillis(2500);
  private static final long FIRST_PAUSE_MILLIS = 20;
  private static final long LONGEST_PAUSE_MILLIS = 500;

  /** Given up this much before time is over, so that the target's words are known by then. */
  private static final long REPORT_NANOS = 300_000_000L;

  private static final long REAPPLY_NANOS = 1_000_000_000L;

  private final Target target;
  private final TrafficShift shift;
  private final LongSupplier nanoTime;
  private final BiConsumer<Phase, String> report;
  private final long deadline;
  private String problem = "";
  private boolean applied;

  ShiftRun(
      Target target,
      TrafficShift shift,
      Duration within,
      LongSupplier nanoTime,
      BiConsumer<Phase, String> report) {
    this.target = target;
    this.shift = shift;
    this.nanoTime = nanoTime;
    this.report = report;
    long nanos = within.toNanos();
    this.deadline = nanoTime.getAsLong() + nanos - Math.min(nanos / 10, REPORT_NANOS);
  }

  void run() throws InterruptedException {
    long pause = FIRST_PAUSE_MILLIS;
    while (remaining() > 0) {
      if (attempt()) {
        return;
      }
      pause(pause);
      pause = Math.min(LONGEST_PAUSE_MILLIS, pause * 2);
    }
    report.accept(Phase.FAILED, problem.isEmpty() ? "no time left" : problem);
  }

  /** One round; true when the target converged. */
  private boolean attempt() throws InterruptedException {
    try {
      Plan plan = call(backend -> backend.plan(shift, backend.describe()));
      ApplyOutcome outcome = call(backend -> backend.apply(plan));
      if (outcome.kind() == ApplyOutcome.Kind.STALE) {
        problem = outcome.detail();
        return false;
      }
      if (!applied) {
        applied = true;
        report.accept(Phase.APPLIED, outcome.detail());
      }
      return converges(plan);
    } catch (BackendException e) {
      problem = String.valueOf(e.getMessage());
      return false;
    }
  }

  private boolean converges(Plan plan) throws BackendException, InterruptedException {
    long reapplyAt = nanoTime.getAsLong() + REAPPLY_NANOS;
    long pause = FIRST_PAUSE_MILLIS;
    while (remaining() > 0) {
      Verification seen = call(backend -> backend.verify(plan));
      if (seen.kind() == Verification.Kind.CONVERGED) {
        report.accept(Phase.CONVERGED, seen.detail());
        return true;
      }
      problem = seen.detail();
      if (seen.kind() == Verification.Kind.DIVERGED || nanoTime.getAsLong() - reapplyAt >= 0) {
        return false;
      }
      pause(pause);
      pause = Math.min(LONGEST_PAUSE_MILLIS, pause * 2);
    }
    return false;
  }

  private <T> T call(Target.Call<T> call) throws BackendException, InterruptedException {
    long left = remaining();
    if (left <= 0) {
      throw new BackendException(problem.isEmpty() ? "no time left" : problem);
    }
    return target.call(call, Duration.ofNanos(Math.min(left, CALL.toNanos())));
  }

  private void pause(long millis) throws InterruptedException {
    Thread.sleep(Math.min(millis, Math.max(1, remaining() / 1_000_000)));
  }

  private long remaining() {
    return deadline - nanoTime.getAsLong();
  }
}
