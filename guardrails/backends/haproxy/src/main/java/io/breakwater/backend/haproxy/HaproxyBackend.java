package io.breakwater.backend.haproxy;

import io.breakwater.engine.backend.ApplyOutcome;
import io.breakwater.engine.backend.BackendException;
import io.breakwater.engine.backend.DeploymentBackend;
import io.breakwater.engine.backend.Plan;
import io.breakwater.engine.backend.TargetView;
import io.breakwater.engine.backend.TrafficShift;
import io.breakwater.engine.backend.Verification;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Sets server weights through HAProxy's runtime API and reads them back.
 *
 * <p>Every call reads the backend's servers and the process in one round trip. A change is one
 * more, with all its commands on one line: first those that raise a weight, then those that lower
 * one, so that there is no moment without any server.
 */
final class HaproxyBackend implements DeploymentBackend {
  private static final String ADMIN_EXPECTED =
      " (expected: 'level admin' on its 'stats socket' line)";
  private static final Duration CALL_TIMEOUT = Duration.ofMillis(1_900);

  private final HaproxySettings settings;
  private final RuntimeSocket socket;
  private final PoolReader reader;
  private @Nullable Pool last;
  private boolean rehearsed;

  HaproxyBackend(HaproxySettings settings) {
    this.settings = settings;
    this.socket = new RuntimeSocket(settings);
    this.reader = new PoolReader(settings, socket);
  }

  @Override
  public TargetView describe() throws BackendException {
    Pool pool = read(Deadline.in(CALL_TIMEOUT));
    TargetView view =
        new TargetView(
            pool.shares(), pool.ready(), pool.incarnation(), pool.managers(), pool.token());
    if (!rehearsed) {
      rehearsed = true;
      rehearse(view, pool);
    }
    return view;
  }

  /** Plans what is then not done, so that the first real shift finds its classes loaded. */
  private void rehearse(TargetView view, Pool pool) {
    List<String> versions = List.copyOf(view.shares().keySet());
    String id = "rehearsal";
    TrafficShift shift =
        new TrafficShift(id, id, "", versions.get(0), versions.get(versions.size() - 1), 0);
    try {
      verification(plan(shift, view), pool);
    } catch (BackendException e) {
      // Not possible now; a real shift will say so.
    }
  }

  @Override
  public Plan plan(TrafficShift shift, TargetView seen) throws BackendException {
    Map<String, Double> wanted = shift.after(seen.shares());
    requireReady(wanted, seen);
    Pool pool = last;
    if (pool == null || !pool.token().equals(seen.token())) {
      pool = read(Deadline.in(CALL_TIMEOUT));
    }
    if (!pool.mayChange()) {
      throw socket.failure("the socket has 'level " + pool.level() + "'" + ADMIN_EXPECTED);
    }
    Map<String, Integer> changes = changes(pool, wanted);
    Map<String, Double> after = pool.with(changes).shares();
    return new Plan(shift.id(), shift, seen.shares(), after, describe(pool, changes), seen.token());
  }

  private void requireReady(Map<String, Double> wanted, TargetView seen) throws BackendException {
    for (Map.Entry<String, Double> entry : wanted.entrySet()) {
      String version = entry.getKey();
      boolean gains = entry.getValue() > seen.shares().getOrDefault(version, 0.0) + 1e-6;
      if (gains && !seen.ready().contains(version)) {
        throw socket.failure(
            "version "
                + version
                + " cannot take traffic: none of its servers "
                + settings.serversByVersion().get(version)
                + " is up (ready versions: "
                + seen.ready()
                + ")");
      }
    }
  }

  private Map<String, Integer> changes(Pool pool, Map<String, Double> wanted)
      throws BackendException {
    try {
      return pool.changes(wanted);
    } catch (BackendException e) {
      throw socket.failure(String.valueOf(e.getMessage()));
    }
  }

  private String describe(Pool pool, Map<String, Integer> changes) {
    String commands = String.join("; ", commands(pool, changes));
    String text = commands.isEmpty() ? "nothing to do: weights are as wanted" : commands;
    return pool.cookie().isEmpty() || !changes.containsValue(0)
        ? text
        : text + " (sessions that cookie " + pool.cookie() + " binds stay until they end)";
  }

  @Override
  public ApplyOutcome apply(Plan plan) throws BackendException {
    Deadline deadline = Deadline.in(CALL_TIMEOUT);
    Pool pool = read(deadline);
    if (verification(plan, pool).kind() == Verification.Kind.CONVERGED) {
      return new ApplyOutcome(ApplyOutcome.Kind.ALREADY, pool.token());
    }
    if (!pool.token().equals(plan.token())) {
      return new ApplyOutcome(
          ApplyOutcome.Kind.STALE, "now " + pool.token() + ", planned from " + plan.token());
    }
    Map<String, Double> wanted = plan.shift().after(plan.before());
    List<String> commands = commands(pool, changes(pool, wanted));
    String answer = socket.ask(commands, deadline).strip();
    if (!answer.isEmpty()) {
      throw refusal(answer, pool);
    }
    return new ApplyOutcome(ApplyOutcome.Kind.APPLIED, String.join("; ", commands));
  }

  private List<String> commands(Pool pool, Map<String, Integer> changes) {
    List<String> raise = new ArrayList<>();
    List<String> lower = new ArrayList<>();
    for (Server server : pool.servers()) {
      Integer weight = changes.get(server.name());
      if (weight != null) {
        (weight > server.weight() ? raise : lower)
            .add("set server " + settings.backend() + "/" + server.name() + " weight " + weight);
      }
    }
    raise.addAll(lower);
    return raise;
  }

  private BackendException refusal(String answer, Pool pool) {
    String words = answer.replaceAll("\\s*\n\\s*", " ");
    if (answer.contains("Permission denied")) {
      return socket.failure(words + ADMIN_EXPECTED);
    }
    if (answer.contains("static LB algorithm")) {
      return socket.failure(
          words
              + " Backend "
              + settings.backend()
              + " has 'balance "
              + pool.balance()
              + "' (expected: roundrobin, leastconn, or 'hash-type consistent', to move part of the"
              + " traffic)");
    }
    return socket.failure(words);
  }

  @Override
  public Verification verify(Plan plan) throws BackendException {
    return verification(plan, read(Deadline.in(CALL_TIMEOUT)));
  }

  private static Verification verification(Plan plan, Pool pool) {
    Verification shares = Verification.of(plan, pool.shares());
    return shares.kind() == Verification.Kind.CONVERGED && pool.hasWeightLeft(plan.after())
        ? new Verification(Verification.Kind.PENDING, "weights are left: " + pool.token())
        : shares;
  }

  /** Yes: a weight that is set again stays the same weight. */
  @Override
  public boolean idempotent() {
    return true;
  }

  private Pool read(Deadline deadline) throws BackendException {
    Pool pool = reader.read(deadline);
    last = pool;
    return pool;
  }

  /** Nothing to release: each call has a connection of its own. */
  @Override
  public void close() {}
}
