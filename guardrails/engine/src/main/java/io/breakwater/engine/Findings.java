package io.breakwater.engine;

import io.breakwater.engine.ModelState.InstanceState;
import io.breakwater.engine.policy.Guardrail;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is noteworthy about a model besides verdicts, and which instances are blind. */
final class Findings {
  static final Duration NO_CALLS = Duration.ofSeconds(10);
  static final Duration SILENT = Duration.ofSeconds(5);

  private Findings() {}

  static void update(Draft draft) {
    instances(draft);
    set(draft, Finding.NO_TRAFFIC, noTraffic(draft));
    set(draft, Finding.BLIND, isBlind(draft));
    set(draft, Finding.UPSTREAM, told(draft, Finding.UPSTREAM));
    set(draft, Finding.NO_SAFE_TARGET, told(draft, Finding.NO_SAFE_TARGET));
    set(draft, Finding.INSTANCE, told(draft, Finding.INSTANCE));
    boolean nothingToCompareWith =
        draft.stable == null && !draft.versions.isEmpty() && comparesWithStable(draft);
    if (nothingToCompareWith || isLatencyUnguarded(draft)) {
      draft.findings.add(Finding.UNGUARDED);
    }
    for (VersionDraft version : draft.versions.values()) {
      if (version.driftState.blind() > 0) {
        draft.findings.add(Finding.UNGUARDED);
      }
    }
  }

  private static boolean isBlind(Draft draft) {
    for (InstanceState instance : draft.instances.values()) {
      if (instance.blind()) {
        return true;
      }
    }
    return false;
  }

  private static void set(Draft draft, Finding finding, boolean present) {
    if (present) {
      draft.findings.add(finding);
    } else {
      draft.findings.remove(finding);
    }
  }

  private static boolean told(Draft draft, Finding finding) {
    for (VersionDraft version : draft.versions.values()) {
      if (version.told.contains(finding)) {
        return true;
      }
    }
    return false;
  }

  private static boolean comparesWithStable(Draft draft) {
    return draft.policy.guardrails().stream().anyMatch(Guardrail::againstStable);
  }

  private static boolean isLatencyUnguarded(Draft draft) {
    for (Guardrail guardrail : draft.policy.guardrails()) {
      for (VersionDraft version : draft.versions.values()) {
        if (Latency.isUnguarded(draft, guardrail, version)) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean noTraffic(Draft draft) {
    Instant lastCall = Traffic.latest(draft.lastCall, draft.watchingSince);
    return !lastCall.plus(NO_CALLS).isAfter(draft.now)
        && draft.instances.values().stream()
            .anyMatch(instance -> Traffic.within(instance.lastBeat(), SILENT, draft));
  }

  /** Instances that fell silent, are heard of again, or are forgotten. */
  private static void instances(Draft draft) {
    draft.instances.values().removeIf(instance -> silentFor(Traffic.REMEMBERED, instance, draft));
    for (Map.Entry<String, InstanceState> entry : draft.instances.entrySet()) {
      InstanceState instance = entry.getValue();
      boolean silent = instance.lastBeat() != null && silentFor(SILENT, instance, draft);
      if (silent != instance.blind()) {
        entry.setValue(
            new InstanceState(instance.lastBeat(), instance.lastCall(), silent, instance.served()));
        tell(draft, entry.getKey(), instance, silent);
      }
    }
  }

  private static boolean silentFor(Duration limit, InstanceState instance, Draft draft) {
    Instant heard = Traffic.latest(heard(instance), draft.watchingSince);
    return !heard.plus(limit).isAfter(draft.now);
  }

  static @Nullable Instant heard(InstanceState instance) {
    Instant beat = instance.lastBeat();
    return beat == null || instance.lastCall() == null
        ? beat == null ? instance.lastCall() : beat
        : Traffic.latest(beat, instance.lastCall());
  }

  private static void tell(Draft draft, String name, InstanceState instance, boolean silent) {
    if (silent) {
      draft.tell(
          DecisionRecord.Kind.BLIND,
          "SEEING",
          "BLIND",
          "instance "
              + name
              + " was last heard of at "
              + heard(instance)
              + " and used to beat every second; it served "
              + (instance.served().isEmpty()
                  ? "no version"
                  : "version " + String.join(", ", instance.served().keySet()))
              + "; traffic stays as it is");
    } else {
      draft.tell(
          DecisionRecord.Kind.SEEING_AGAIN,
          "BLIND",
          "SEEING",
          "instance " + name + " is heard of again");
    }
  }
}
