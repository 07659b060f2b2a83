package io.breakwater.collector;

import io.breakwater.engine.backend.ApplyOutcome;
import io.breakwater.engine.backend.BackendException;
import io.breakwater.engine.backend.DeploymentBackend;
import io.breakwater.engine.backend.Plan;
import io.breakwater.engine.backend.TargetView;
import io.breakwater.engine.backend.TrafficShift;
import io.breakwater.engine.backend.Verification;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A router in memory that can misbehave. */
public final class FakeTarget {
  /** What the router does with a change. */
  public enum Mood {
    OBEYS,
    REFUSES,
    HANGS,
    LIES
  }

  private static final Map<String, FakeTarget> ALL = new ConcurrentHashMap<>();

  private final Map<String, Double> shares = new TreeMap<>();
  private final List<String> applied = Collections.synchronizedList(new ArrayList<>());
  private final AtomicInteger made = new AtomicInteger();
  private final Map<String, Long> firstCalls = new ConcurrentHashMap<>();
  private volatile Mood mood = Mood.OBEYS;
  private volatile boolean idempotent = true;

  public static FakeTarget named(String name) {
    return ALL.computeIfAbsent(name, n -> new FakeTarget());
  }

  public synchronized FakeTarget with(String version, double share) {
    shares.put(version, share);
    return this;
  }

  public FakeTarget in(Mood next) {
    mood = next;
    return this;
  }

  public FakeTarget idempotent(boolean is) {
    idempotent = is;
    return this;
  }

  public synchronized double share(String version) {
    return shares.getOrDefault(version, 0.0);
  }

  /** Ids of the shifts that arrived, in order. */
  public List<String> applied() {
    return List.copyOf(applied);
  }

  /** How many backends were made for it. */
  public int made() {
    return made.get();
  }

  /** When each shift arrived first, on the monotonic clock, by id. */
  public Map<String, Long> firstCalls() {
    return Map.copyOf(firstCalls);
  }

  public DeploymentBackend backend() {
    made.incrementAndGet();
    return new Backend();
  }

  private synchronized Map<String, Double> shares() {
    return Map.copyOf(shares);
  }

  private synchronized void set(Map<String, Double> after) {
    shares.putAll(after);
  }

  private final class Backend implements DeploymentBackend {
    @Override
    public TargetView describe() {
      return new TargetView(shares(), List.copyOf(shares().keySet()), "1", List.of(), "t");
    }

    @Override
    public Plan plan(TrafficShift shift, TargetView seen) {
      Map<String, Double> after = new TreeMap<>(seen.shares());
      double moved = after.getOrDefault(shift.version(), 0.0) - shift.share();
      after.put(shift.version(), shift.share());
      after.merge(shift.target(), moved, Double::sum);
      return new Plan(shift.id(), shift, seen.shares(), after, "set " + after, seen.token());
    }

    @Override
    public ApplyOutcome apply(Plan plan) throws BackendException {
      firstCalls.putIfAbsent(plan.id(), System.nanoTime());
      applied.add(plan.id());
      switch (mood) {
        case REFUSES -> throw new BackendException("router: 403 forbidden");
        case HANGS -> hang();
        case OBEYS -> set(plan.after());
        case LIES -> {}
      }
      return new ApplyOutcome(ApplyOutcome.Kind.APPLIED, "done");
    }

    private void hang() throws BackendException {
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException e) {
        throw new BackendException("interrupted", e);
      }
    }

    @Override
    public Verification verify(Plan plan) {
      return shares().equals(plan.after())
          ? new Verification(Verification.Kind.CONVERGED, "as planned")
          : new Verification(Verification.Kind.PENDING, "still " + shares());
    }

    @Override
    public boolean idempotent() {
      return idempotent;
    }

    @Override
    public void close() {}
  }
}
