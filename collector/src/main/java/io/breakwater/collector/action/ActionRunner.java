package io.breakwater.collector.action;

import static java.util.Objects.requireNonNull;

import io.breakwater.collector.config.CollectorConfig.Security;
import io.breakwater.engine.Action;
import io.breakwater.engine.ModelState;
import io.breakwater.engine.backend.DeploymentBackend;
import io.breakwater.engine.breaker.BreakerState;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Carries out what the engine asks for, on threads of its own: per model one shift at a time, with
 * the outcome reported back; and reads the targets of models that have a version out of traffic.
 *
 * <p>Safe for use by many threads. Nothing here blocks the caller.
 */
public final class ActionRunner implements AutoCloseable {
  private final Backends backends;
  private final LongSupplier nanoTime;
  private final Reports reports;
  private final ExecutorService threads = Executors.newCachedThreadPool(named("action"));
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(named("target-watch"));
  private final Map<String, ModelActions> models = new ConcurrentHashMap<>();

  /** A runner that reports to {@code reports}. */
  public ActionRunner(Backends backends, LongSupplier nanoTime, Reports reports) {
    this.backends = requireNonNull(backends, "backends");
    this.nanoTime = requireNonNull(nanoTime, "nanoTime");
    this.reports = requireNonNull(reports, "reports");
  }

  /**
   * A target as configured, not yet in use.
   *
   * @param security which addresses it may connect to, and what must not be shown of its answers
   * @throws io.breakwater.engine.backend.SettingException when a setting is wrong
   */
  public Target target(String model, Map<String, Object> settings, Security security) {
    Supplier<DeploymentBackend> maker = () -> backends.create(model, settings, security.outgoing());
    String name = String.valueOf(settings.get("type"));
    return new Target(name, maker, threads, security.secrets());
  }

  /** Uses {@code target} for {@code model} from now on; null means it has none. */
  public void setTarget(String model, @Nullable Target target) {
    Target before = of(model).setTarget(target);
    if (before != null) {
      threads.execute(before::close);
    }
  }

  /** Whether {@code model} has a target. */
  public boolean hasTarget(String model) {
    return of(model).hasTarget();
  }

  /** Whether actions for {@code model} may overtake their record. */
  public boolean mayOvertakeJournal(String model) {
    return of(model).isIdempotent();
  }

  /** Carries out the actions of one step, in order. */
  public void run(String model, List<Action> actions) {
    ModelActions of = of(model);
    for (Action action : actions) {
      if (action instanceof Action.Shift shift) {
        of.shift(shift);
      } else if (action instanceof Action.Abandon abandon) {
        of.abandon(abandon.shift());
      }
    }
  }

  /** Begins to read targets of models that have a version out of traffic. */
  public void watch(Supplier<List<ModelState>> states) {
    ScheduledFuture<?> unused =
        timer.scheduleWithFixedDelay(() -> watchOnce(states.get()), 1, 1, TimeUnit.SECONDS);
  }

  private void watchOnce(List<ModelState> states) {
    states.stream()
        .filter(ActionRunner::hasVersionOut)
        .forEach(state -> of(state.policy().model()).readIfDue());
  }

  private static boolean hasVersionOut(ModelState state) {
    return state.versions().values().stream()
        .map(ModelState.VersionState::breaker)
        .anyMatch(b -> b instanceof BreakerState.Open || b instanceof BreakerState.ForcedOpen);
  }

  private ModelActions of(String model) {
    return models.computeIfAbsent(
        model, name -> new ModelActions(name, threads, nanoTime, reports));
  }

  @Override
  public void close() {
    timer.shutdownNow();
    models.values().forEach(ModelActions::close);
    threads.shutdownNow();
  }

  private static ThreadFactory named(String role) {
    AtomicInteger count = new AtomicInteger();
    return work -> {
      Thread thread = new Thread(work, "breakwater-" + role + "-" + count.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }
}
