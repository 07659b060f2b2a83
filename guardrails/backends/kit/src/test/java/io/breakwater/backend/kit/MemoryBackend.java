package io.breakwater.backend.kit;

import io.breakwater.engine.backend.ApplyOutcome;
import io.breakwater.engine.backend.BackendException;
import io.breakwater.engine.backend.BackendSettings;
import io.breakwater.engine.backend.DeploymentBackend;
import io.breakwater.engine.backend.DeploymentBackendProvider;
import io.breakwater.engine.backend.Plan;
import io.breakwater.engine.backend.TargetView;
import io.breakwater.engine.backend.TrafficShift;
import io.breakwater.engine.backend.Verification;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Moves traffic of a {@link MemoryTarget}, rightly or with one mistake of those people make. */
final class MemoryBackend implements DeploymentBackend {
  /** A mistake. */
  enum Mistake {
    ACTS_WHILE_PLANNING,
    LEAVES_A_TRICKLE,
    TAKES_FROM_EVERYBODY,
    IGNORES_STALENESS,
    SENDS_AGAIN,
    TRUSTS_ITS_OWN_WORDS,
    SWALLOWS_REFUSALS,
    ERRORS_WITHOUT_NAME
  }

  /** Set by the test that tries a mistake. */
  static volatile @Nullable Mistake mistake;

  private final String name;

  private MemoryBackend(String name) {
    this.name = name;
  }

  /** Makes them. */
  public static final class Provider implements DeploymentBackendProvider {
    @Override
    public String name() {
      return "memory";
    }

    @Override
    public DeploymentBackend create(BackendSettings settings) {
      String target = settings.string("target");
      settings.rejectUnknown();
      return new MemoryBackend(target);
    }
  }

  @Override
  public TargetView describe() throws BackendException {
    Map<String, Double> shares = target().shares();
    return new TargetView(
        shares, List.copyOf(shares.keySet()), null, List.of(), new TreeMap<>(shares).toString());
  }

  @Override
  public Plan plan(TrafficShift shift, TargetView seen) throws BackendException {
    Map<String, Double> after = new TreeMap<>(shift.after(seen.shares()));
    if (mistake == Mistake.TAKES_FROM_EVERYBODY && after.containsKey("3")) {
      after.put(shift.target(), after.get(shift.target()) + after.put("3", 0.0));
    }
    if (mistake == Mistake.ACTS_WHILE_PLANNING) {
      target().write(after);
    }
    return new Plan(shift.id(), shift, seen.shares(), after, "shares " + after, seen.token());
  }

  @Override
  public ApplyOutcome apply(Plan plan) throws BackendException {
    MemoryTarget target = target();
    TreeMap<String, Double> now = new TreeMap<>(target.shares());
    if (now.equals(plan.after()) && mistake != Mistake.SENDS_AGAIN) {
      return new ApplyOutcome(ApplyOutcome.Kind.ALREADY, "");
    }
    if (!now.toString().equals(plan.token())
        && mistake != Mistake.IGNORES_STALENESS
        && mistake != Mistake.SENDS_AGAIN) {
      return new ApplyOutcome(ApplyOutcome.Kind.STALE, "");
    }
    target.changes++;
    if (target.fault == Fault.REFUSING && mistake != Mistake.SWALLOWS_REFUSALS) {
      throw new BackendException(text("refused"));
    }
    if (target.fault == null) {
      target.write(plan.after());
      if (mistake == Mistake.LEAVES_A_TRICKLE) {
        target.shares.replaceAll((version, share) -> share == 0 ? 1e-7 : share);
      }
    }
    return new ApplyOutcome(ApplyOutcome.Kind.APPLIED, "");
  }

  @Override
  public Verification verify(Plan plan) throws BackendException {
    return Verification.of(
        plan, mistake == Mistake.TRUSTS_ITS_OWN_WORDS ? plan.after() : target().shares());
  }

  @Override
  public boolean idempotent() {
    return true;
  }

  @Override
  public void close() {}

  private MemoryTarget target() throws BackendException {
    MemoryTarget target = MemoryTarget.BY_NAME.get(name);
    if (target == null || target.fault == Fault.GONE) {
      throw new BackendException(text("not there"));
    }
    return target;
  }

  private String text(String message) {
    return mistake == Mistake.ERRORS_WITHOUT_NAME ? message : name + ": " + message;
  }
}
