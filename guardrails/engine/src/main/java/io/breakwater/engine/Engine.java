package io.breakwater.engine;

import io.breakwater.engine.breaker.Stimulus;
import io.breakwater.engine.policy.Guardrail;
import io.breakwater.engine.policy.ModelPolicy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The decisions of one model: a pure function from state and event to the next state, with what is
 * to be done and written down.
 *
 * <p>Stateless and safe for use by many threads. Never throws for any well-formed event.
 */
public final class Engine {
  private Engine() {}

  /** A model nothing has been seen of. */
  public static ModelState start(ModelPolicy policy, Instant now) {
    return ModelState.of(policy, now);
  }

  /** What {@code event} leads to. */
  public static Step step(ModelState state, Event event) {
    Draft draft = new Draft(state, event.at());
    if (event instanceof Event.PaneClosed closed) {
      new Watch(draft, closed.pane()).look();
    } else if (event instanceof Event.ShiftReported report) {
      reported(draft, report);
    } else if (event instanceof Event.TargetObserved observed) {
      observed(draft, observed);
    } else if (event instanceof Event.Ordered order) {
      ordered(draft, order);
    } else if (event instanceof Event.PolicyChanged changed) {
      policyChanged(draft, changed.policy());
    } else if (event instanceof Event.ReferenceGiven given) {
      new DriftReferences(draft).given(given.reference());
    } else if (event instanceof Event.Resumed) {
      resumed(draft);
    }
    return draft.step();
  }

  /**
   * Until when panes in which nothing comes may be left out after a pane that led to no record: one
   * that ends at that time or later is due, and leads to the state it would have led to with all of
   * them. The state's own time where every pane counts, far in the future where nothing is due.
   */
  public static Instant restsUntil(ModelState state) {
    return Rest.until(state);
  }

  private static List<VersionDraft> versions(Draft draft) {
    return new ArrayList<>(draft.versions.values());
  }

  private static void reported(Draft draft, Event.ShiftReported report) {
    for (VersionDraft version : versions(draft)) {
      Breakers.apply(draft, version, new Stimulus.Reported(report));
      boolean done = report.phase() != Event.ShiftReported.Phase.APPLIED;
      if (done && version.restoring != null && version.restoring.id().equals(report.shift())) {
        version.restoring = null;
      }
    }
  }

  private static void observed(Draft draft, Event.TargetObserved observed) {
    boolean restarted =
        draft.incarnation != null
            && observed.incarnation() != null
            && !draft.incarnation.equals(observed.incarnation());
    for (VersionDraft version : versions(draft)) {
      double share = observed.shares().getOrDefault(version.version, 0.0);
      Breakers.apply(draft, version, new Stimulus.Observed(share, restarted));
    }
    draft.targetShares = observed.shares();
    if (observed.incarnation() != null) {
      draft.incarnation = observed.incarnation();
    }
  }

  private static void ordered(Draft draft, Event.Ordered order) {
    VersionDraft version = draft.versions.get(order.version());
    if (version == null) {
      draft.refusal =
          "version: "
              + order.version()
              + " (expected: one that is served: "
              + String.join(", ", draft.versions.keySet())
              + ")";
      return;
    }
    Breakers.apply(draft, version, new Stimulus.Told(order));
  }

  private static void policyChanged(Draft draft, ModelPolicy policy) {
    ModelPolicy old = draft.policy;
    draft.policy = policy;
    if (!Objects.equals(old.stable(), policy.stable()) && policy.stable() != null) {
      draft.stable = policy.stable();
      draft.versions.values().forEach(VersionDraft::forgetEvidence);
    }
    new DriftReferences(draft).policyChanged(old);
    boolean sameDrift = drift(old).equals(drift(policy));
    for (VersionDraft version : versions(draft)) {
      version.verdicts.keySet().removeIf(name -> !unchanged(name, old, policy));
      if (!sameDrift) {
        version.forgetDrift();
      }
      if (version.version.equals(policy.stable())) {
        version.standing = Standing.GOOD;
      }
      Breakers.apply(draft, version, new Stimulus.PolicyChanged());
    }
  }

  private static List<Guardrail> drift(ModelPolicy policy) {
    return policy.guardrails().stream().filter(Guardrail.Drift.class::isInstance).toList();
  }

  private static boolean unchanged(String guardrail, ModelPolicy old, ModelPolicy policy) {
    return old.guardrails().stream()
        .anyMatch(rule -> rule.name().equals(guardrail) && policy.guardrails().contains(rule));
  }

  private static void resumed(Draft draft) {
    draft.watchingSince = draft.now;
    for (VersionDraft version : versions(draft)) {
      version.verdicts.replaceAll((name, state) -> state.with(state.detector().interrupted()));
      version.driftState = version.driftState.interrupted();
      Breakers.apply(draft, version, new Stimulus.Resumed());
    }
  }
}
