package io.breakwater.collector.action;

import io.breakwater.collector.config.Secrets;
import io.breakwater.engine.backend.BackendException;
import io.breakwater.engine.backend.DeploymentBackend;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The deployment target of one model, behind hard time-outs.
 *
 * <p>Calls are made one at a time. A call that does not return in time is interrupted, its backend
 * closed and replaced by a fresh one; while {@value #MAX_STUCK} such calls have not returned at
 * all, further ones fail at once. Safe for use by many threads.
 */
public final class Target implements AutoCloseable {
  private static final int MAX_STUCK = 4;
  private static final Logger log = LoggerFactory.getLogger(Target.class);

  private final String name;
  private final Supplier<DeploymentBackend> maker;
  private final ExecutorService threads;
  private final Secrets secrets;
  private final AtomicInteger stuck = new AtomicInteger();
  private final boolean idempotent;
  private @Nullable DeploymentBackend backend;

  /**
   * A target.
   *
   * @param name name of the backend
   * @param maker makes a backend for it
   * @param threads runs the calls; must not queue them
   * @param secrets what must not be shown of what the target says
   */
  public Target(
      String name, Supplier<DeploymentBackend> maker, ExecutorService threads, Secrets secrets) {
    this.secrets = secrets;
    this.name = name;
    this.maker = maker;
    this.threads = threads;
    DeploymentBackend first = maker.get();
    this.backend = first;
    this.idempotent = first.idempotent();
  }

  /** Name of the backend. */
  public String name() {
    return name;
  }

  /** Whether the action may overtake its record, see {@link DeploymentBackend#idempotent}. */
  public boolean idempotent() {
    return idempotent;
  }

  /**
   * What {@code call} returns.
   *
   * @throws BackendException when it fails or does not return in time
   */
  synchronized <T> T call(Call<T> call, Duration timeout)
      throws BackendException, InterruptedException {
    if (stuck.get() >= MAX_STUCK) {
      throw new BackendException(
          name + ": " + MAX_STUCK + " earlier calls have not returned; the target seems to hang");
    }
    DeploymentBackend current = backend();
    Future<T> running = submit(call, current);
    try {
      return running.get(Math.max(1, timeout.toMillis()), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      running.cancel(true);
      discard(current);
      throw new BackendException(
          name + ": no answer within " + timeout.toMillis() + " ms (is the target reachable?)", e);
    } catch (InterruptedException e) {
      running.cancel(true);
      discard(current);
      throw e;
    } catch (ExecutionException e) {
      throw failure(e.getCause());
    }
  }

  private <T> Future<T> submit(Call<T> call, DeploymentBackend on) throws BackendException {
    stuck.incrementAndGet();
    try {
      return threads.submit(
          () -> {
            try {
              return call.on(on);
            } finally {
              stuck.decrementAndGet();
            }
          });
    } catch (RejectedExecutionException e) {
      stuck.decrementAndGet();
      throw new BackendException(name + ": the collector is stopping", e);
    }
  }

  /** The failure in words that may be shown, without its causes: their words may not. */
  private BackendException failure(@Nullable Throwable cause) {
    if (cause instanceof BackendException known) {
      return new BackendException(hide(String.valueOf(known.getMessage())));
    }
    String what = hide(name + ": " + cause);
    log.warn("Backend {} failed in a way it should not: {}{}", name, what, place(cause));
    return new BackendException(what);
  }

  private static String place(@Nullable Throwable cause) {
    StackTraceElement[] trace = cause == null ? new StackTraceElement[0] : cause.getStackTrace();
    return trace.length == 0 ? "" : " at " + trace[0];
  }

  /** What the target said, without secrets. */
  String hide(String text) {
    return secrets.hide(text);
  }

  private DeploymentBackend backend() {
    DeploymentBackend current = backend;
    if (current == null) {
      current = maker.get();
      backend = current;
    }
    return current;
  }

  private void discard(DeploymentBackend hanging) {
    backend = null;
    try {
      threads.execute(hanging::close);
    } catch (RejectedExecutionException e) {
      log.debug("Backend {} is left to the process's end", name, e);
    }
  }

  @Override
  public synchronized void close() {
    if (backend != null) {
      backend.close();
      backend = null;
    }
  }

  /** A call of a backend. */
  interface Call<T> {
    T on(DeploymentBackend backend) throws BackendException;
  }
}
