package io.breakwater.engine;

import io.breakwater.engine.ModelState.GuardrailState;
import io.breakwater.engine.ModelState.InstanceState;
import io.breakwater.engine.ModelState.Served;
import io.breakwater.engine.ModelState.VersionState;
import io.breakwater.engine.breaker.BreakerState;
import io.breakwater.engine.breaker.BreakerState.ForcedOpen;
import io.breakwater.engine.breaker.BreakerState.HalfOpen;
import io.breakwater.engine.breaker.BreakerState.Open;
import io.breakwater.engine.breaker.BreakerState.PendingApproval;
import io.breakwater.engine.breaker.BreakerState.Suspect;
import io.breakwater.engine.breaker.BreakerState.Tripping;
import io.breakwater.engine.policy.Guardrail;
import io.breakwater.engine.policy.Mode;
import io.breakwater.engine.policy.Then;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How long a model may be left alone while nothing comes. Everything that happens by the passing of
 * time alone is either a time that is asked for here, or a reason to look at every pane; only what
 * is counted per pane goes on meanwhile, and {@link Watch} makes up for it.
 */
final class Rest {
  private final ModelState state;
  private final boolean timed;
  private Instant until = Instant.MAX;

  private Rest(ModelState state) {
    this.state = state;
    this.timed = isTimed(state);
  }

  private static boolean isTimed(ModelState state) {
    for (Guardrail guardrail : state.policy().guardrails()) {
      if (guardrail.signal().equals(Guardrail.DURATION)) {
        return true;
      }
    }
    return false;
  }

  static Instant until(ModelState state) {
    Rest rest = new Rest(state);
    if (state.versions().size() >= Traffic.MAX_VERSIONS
        && state.findings().contains(Finding.UNGUARDED)) {
      return state.now();
    }
    for (VersionState version : state.versions().values()) {
      if (rest.isRestless(version)) {
        return state.now();
      }
      rest.wakeFor(version);
    }
    state.instances().values().forEach(rest::wakeFor);
    rest.wake(rest.latest(state.lastCall()).plus(Findings.NO_CALLS));
    return rest.until;
  }

  /** Wakes at the first pane that ends at {@code time} or later; what is over wakes nobody. */
  private void wake(Instant time) {
    if (time.isAfter(state.now()) && time.isBefore(until)) {
      until = time;
    }
  }

  private void wakeIfThere(@Nullable Instant time) {
    if (time != null) {
      wake(time);
    }
  }

  /** Wakes when {@code time} is no longer within {@code limit}. */
  private void wakeAfter(Instant time, Duration limit) {
    wake(time.plus(limit).plusNanos(1));
  }

  private Instant latest(@Nullable Instant time) {
    return Traffic.latest(time, state.watchingSince());
  }

  /** Whether something may happen at every pane. */
  private boolean isRestless(VersionState version) {
    for (GuardrailState verdict : version.verdicts().values()) {
      boolean breached = verdict.lastBreach() != null || verdict.recentBreaches() != 0;
      if (breached && verdict.verdict() != Verdict.NO_DATA) {
        return true;
      }
    }
    for (String name : version.driftState().raised()) {
      Guardrail.Drift rule = DriftReferences.rule(state.policy(), DriftJudge.signal(name));
      boolean trips = rule != null && rule.then() == Then.TRIP;
      if (trips && !version.version().equals(state.stable())) {
        return true;
      }
    }
    return isMoving(version.breaker());
  }

  private boolean isMoving(BreakerState breaker) {
    if (breaker instanceof Open open) {
      // The pane after one in which the target became safe is the first that can begin to probe.
      return open.moving() != null || (mayProbe(open) && !isAfterNow(open.probeAt()));
    }
    return breaker instanceof Suspect
        || breaker instanceof PendingApproval
        || breaker instanceof Tripping
        || breaker instanceof HalfOpen
        || (breaker instanceof ForcedOpen forced && forced.moving() != null);
  }

  private boolean mayProbe(Open open) {
    return open.probeAt() != null
        && !open.latched()
        && open.shareBefore() > 0
        && state.policy().mode() != Mode.OBSERVE;
  }

  private boolean isAfterNow(@Nullable Instant time) {
    return time != null && time.isAfter(state.now());
  }

  private void wakeFor(VersionState version) {
    if (version.breaker() instanceof Open open && mayProbe(open)) {
      wakeIfThere(open.probeAt());
    }
    wakeIfThere(version.breaker().expires());
    if (version.lastCall() != null) {
      wakeAfter(version.lastCall(), Judge.IDLE);
      if (!version.driftState().raised().isEmpty()) {
        wakeAfter(version.lastCall(), DriftJudge.IDLE);
      }
    }
    if (!version.recent().isEmpty()) {
      long last = version.recent().get(version.recent().size() - 1).epochSecond();
      if (last > state.now().getEpochSecond() - Traffic.WINDOW_SECONDS - 2) {
        wake(Instant.ofEpochSecond(state.now().getEpochSecond() + 1));
      }
    }
    wake(Traffic.goneAt(state, version));
    wakeIfThere(Ledger.provenAt(state, version));
  }

  private void wakeFor(InstanceState instance) {
    Instant heard = latest(Findings.heard(instance));
    wake(heard.plus(Traffic.REMEMBERED));
    if (instance.lastBeat() != null) {
      wakeAfter(instance.lastBeat(), Findings.SILENT);
      wake(heard.plus(Findings.SILENT));
    }
    if (timed) {
      for (Served served : instance.served().values()) {
        wake(served.first().plus(state.policy().warmUp().time()));
      }
    }
  }
}
